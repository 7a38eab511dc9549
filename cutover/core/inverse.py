"""The old template of a run that died, from what stands and from the ReplicaSet of its base.

The marks hold no value. The new template (T1) stands in the spec, and the ReplicaSet of the base holds the old value of
every edited leaf: T0 is T1 with those leaves put back, each as the marks say that it was spelled.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from cutover.core.marks import EditMark, Marks, Way
from cutover.core.template.env import entry_document
from cutover.core.template.spelling import spell
from cutover.core.views.fields import Json, mapping
from cutover.core.views.meta import POD_HASH_LABEL

Sources = Mapping[tuple[str, str], Any]
"""Entries of `env` by container and variable."""

_LISTS: Final = {False: "containers", True: "initContainers"}


def old_template(standing: Json, base: Json, marks: Marks) -> Json:
    """T0, where `standing` is T1 and `base` the template of the base's ReplicaSet; neither is changed."""
    copy: dict[str, Any] = json.loads(json.dumps(standing))
    sources = _sources(base, marks)
    for init, listed in _LISTS.items():
        for container in mapping(copy, "spec").get(listed) or ():
            mine = [edit for edit in marks.edits if (edit.container, edit.init) == (container["name"], init)]
            if mine:
                _undo(container, mine, sources, bare=container["name"] in marks.without_env)
    return copy


def template_of_base(base: Json) -> Json:
    """A ReplicaSet's template as a Rollout's: without the hash label, and with the API server's defaults in it.

    The controller knows it for the same revision (argo-rollouts `FindNewReplicaSet` compares with defaults). Where
    there is no template, none is made up.
    """
    if not base:
        return {}
    copy: dict[str, Any] = json.loads(json.dumps(base))
    labels = {key: value for key, value in mapping(copy, "metadata", "labels").items() if key != POD_HASH_LABEL}
    return {**copy, "metadata": {**mapping(copy, "metadata"), "labels": labels}}


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


def _sources(base: Json, marks: Marks) -> Sources:
    """The old entry of every edited leaf, as it was spelled; one that the base does not hold is left out."""
    found = ((edit, entry_document(base, edit.container, edit.variable)) for edit in marks.edits)
    return {(edit.container, edit.variable): spell(entry, edit.spelled) for edit, entry in found if entry}
