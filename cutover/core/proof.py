"""The proof, by means other than those that made the patch, that it does what it says and nothing else."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from cutover.core.canonical import canonical
from cutover.core.edit import Edit
from cutover.core.errors import CutoverError, Problem
from cutover.core.template.env import containers, env_of
from cutover.core.template.source import Absent
from cutover.core.views.fields import Json

Path = tuple[str | int, ...]
"""A place in a document in which lists are read by name."""

_LISTS: Final = {False: "containers", True: "initContainers"}


def prove(edits: tuple[Edit, ...], before: Json, after: Json, undone: Json) -> None:
    """That `undone` is T0 again, that T1 holds every edit, and that nothing else differs between T0 and T1.

    Raises:
        CutoverError: a bug; nothing has been sent.
    """
    faults = (*_way_back(before, undone), *_leaves(edits, after), *_strays(edits, before, after))
    if faults:
        raise CutoverError(*(Problem(f"a bug in cutover: {fault}", remedy="report it") for fault in faults))


def differences(before: Json, after: Json) -> frozenset[Path]:
    """Where two templates differ, entries of lists named by their `name`. Two equal templates differ nowhere."""
    # 120 ms of import that only a command with a live template to compare has to pay.
    from deepdiff import DeepDiff  # noqa: PLC0415 - see above

    # Without the threshold, two mappings with few keys in common would count as one difference.
    tree = DeepDiff(_by_name(before), _by_name(after), view="tree", threshold_to_diff_deeper=0)
    return frozenset(tuple(level.path(output_format="list")) for levels in tree.values() for level in levels)


def _way_back(before: Json, undone: Json) -> Iterator[str]:
    if canonical(undone) != canonical(before):
        yield "the inverse of the patch does not lead back to the live template"


def _leaves(edits: tuple[Edit, ...], after: Json) -> Iterator[str]:
    """Edits that the patched template does not hold."""
    lost = (edit for edit in edits if env_of(after, edit.container, edit.variable) != edit.after)
    yield from (f"the patch does not set {edit.variable} in container {edit.container}" for edit in lost)


def _strays(edits: tuple[Edit, ...], before: Json, after: Json) -> Iterator[str]:
    """Differences that are no edit. The order of an edited `env` is compared apart: `$(VAR)` depends on it."""
    leaves = {(*_env(edit), "items", edit.variable) for edit in edits}
    orders = {(*_env(edit), "order") for edit in edits}
    new = {_env(edit) for edit in edits if not _names(before, edit.container)}
    for path in sorted(differences(before, after), key=str):
        if not {path, path[:6], path[:7]} & (leaves | orders | new):
            yield f"the patch also changes {'.'.join(map(str, path))}"
    for container in {edit.container for edit in edits}:
        if _names(after, container) != _expected(edits, before, container):
            yield f"the patch changes the order of env in container {container}"


def _expected(edits: tuple[Edit, ...], before: Json, container: str) -> tuple[str, ...]:
    """The names in `env` as they have to be: what stays in its order, then what is new."""
    mine = [edit for edit in edits if edit.container == container]
    removed = {edit.variable for edit in mine if isinstance(edit.after, Absent)}
    added = (edit.variable for edit in mine if isinstance(edit.before, Absent))
    return (*(name for name in _names(before, container) if name not in removed), *added)


def _names(template: Json, container: str) -> tuple[str, ...]:
    found = (entry for entry in containers(template) if entry.name == container)
    return tuple(entry.name for held in found for entry in held.env)


def _env(edit: Edit) -> Path:
    return ("spec", _LISTS[edit.init], "items", edit.container, "env")


def _by_name(document: Any) -> Any:
    """The document with each list of named objects as a mapping by name, and their order beside it."""
    if isinstance(document, Mapping):
        return {key: _by_name(value) for key, value in document.items()}
    if not isinstance(document, Sequence) or isinstance(document, str):
        return document
    names = [item.get("name") if isinstance(item, Mapping) else None for item in document]
    if len(set(map(str, names))) < len(names) or not all(isinstance(name, str) for name in names):
        return [_by_name(item) for item in document]
    return {"order": names, "items": {name: _by_name(item) for name, item in zip(names, document, strict=True)}}
