"""The old template of a run that died, from what stands and from the ReplicaSet of its base.

The marks hold no value. The new template (T1) stands in the spec, and the ReplicaSet of the base holds the old value of
every edited leaf: T0 is T1 with those leaves put back. The digest in the marks says whether it is T0 to the letter.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from cutover.core.canonical import digest
from cutover.core.marks import EditMark, Marks, Way
from cutover.core.template.env import containers
from cutover.core.views.fields import Json, mapping
from cutover.core.views.meta import POD_HASH_LABEL

Sources = Mapping[tuple[str, str], Any]
"""Entries of `env` by container and variable."""

_LISTS: Final = {False: "containers", True: "initContainers"}


def old_template(standing: Json, base: Json, marks: Marks) -> Json:
    """T0, where `standing` is T1 and `base` the template of the base's ReplicaSet; neither is changed.

    Of several ways to spell the same template, the one whose digest the run noted is taken.
    """
    ways = tuple(_undone(standing, _sources(base, spelling), marks) for spelling in _SPELLINGS)
    return next((way for way in ways if digest(way) == marks.before_digest), ways[0])


def template_of_base(base: Json) -> Json:
    """A ReplicaSet's template as a Rollout's: without the hash label, and with the API server's defaults in it.

    The controller knows it for the same revision (argo-rollouts `FindNewReplicaSet` compares with defaults).
    """
    copy: dict[str, Any] = json.loads(json.dumps(base))
    labels = {key: value for key, value in mapping(copy, "metadata", "labels").items() if key != POD_HASH_LABEL}
    return {**copy, "metadata": {**mapping(copy, "metadata"), "labels": labels}}


def _undone(standing: Json, sources: Sources, marks: Marks) -> Json:
    copy: dict[str, Any] = json.loads(json.dumps(standing))
    for init, listed in _LISTS.items():
        for container in mapping(copy, "spec").get(listed) or ():
            mine = [edit for edit in marks.edits if (edit.container, edit.init) == (container["name"], init)]
            if mine:
                _undo(container, mine, sources, bare=container["name"] in marks.without_env)
    return copy


def _undo(container: dict[str, Any], edits: list[EditMark], sources: Sources, *, bare: bool) -> None:
    """Put the old entries of one container back: first in place, then out what is new, then in what was removed."""
    added = {edit.variable for edit in edits if edit.way is Way.ADD}
    changed = {edit.variable for edit in edits if edit.way is Way.SET}
    env = [_old(entry, changed, sources, container["name"]) for entry in container.get("env") or ()]
    env = [entry for entry in env if entry.get("name") not in added]
    for edit in sorted(_of(edits, Way.REMOVE), key=lambda edit: edit.index):
        env.insert(edit.index, sources.get((edit.container, edit.variable), {"name": edit.variable}))
    container["env"] = env
    if bare and not env:
        del container["env"]


def _of(edits: Iterable[EditMark], way: Way) -> Iterator[EditMark]:
    return (edit for edit in edits if edit.way is way)


def _old(entry: Any, changed: set[str], sources: Sources, container: str) -> Any:
    name = entry.get("name")
    return sources.get((container, name), entry) if name in changed else entry


def _sources(base: Json, spelling: Callable[[Json], dict[str, Any]]) -> Sources:
    """Every entry of `env` of the base by container and variable, spelled that way."""
    held = ((container.name, container.document.get("env") or ()) for container in containers(base))
    entries = ((name, entry) for name, listed in held for entry in listed if isinstance(entry, Mapping))
    return {(name, str(entry.get("name"))): spelling(entry) for name, entry in entries}


def _as_it_is(entry: Json) -> dict[str, Any]:
    return dict(entry)


def _plain(entry: Json) -> dict[str, Any]:
    """Without the default of a `fieldRef` (`apiVersion: v1`), the only one that `env` has."""
    copy: dict[str, Any] = json.loads(json.dumps(entry))
    reference = mapping(copy, "valueFrom", "fieldRef")
    if isinstance(reference, dict):
        reference.pop("apiVersion", None)
    return copy


def _with_empty_value(entry: Json) -> dict[str, Any]:
    """With the empty string that a ReplicaSet, which is typed, leaves out."""
    bare = "value" not in entry and "valueFrom" not in entry
    return {**_plain(entry), "value": ""} if bare else _plain(entry)


_SPELLINGS: Final = (_as_it_is, _plain, _with_empty_value)
