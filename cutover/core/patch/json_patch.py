"""The JSON Patch operations on the Rollout that make planned changes, and those that undo them.

An entry of `env` is replaced as a whole: one with both `value` and `valueFrom` would be invalid. Each operation is
preceded by a `test` of what it is about, so that it never changes something else. Operations apply one after the
other: first replacements, then removals from the end of a list to its start, then additions at its end.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import jsonpatch

from cutover.core.base.documents import Json, Operation
from cutover.core.base.frozen import frozen
from cutover.core.patch.edit import TEMPLATE, EnvEdit, FieldEdit
from cutover.core.patch.planned import PlannedChange, RawPatch
from cutover.core.podtemplate.containers import Container, containers
from cutover.core.podtemplate.env_source import FromOther, entry_of
from cutover.core.podtemplate.field_paths import Value, copied


@frozen
class PatchStep:
    """The operations of one small change (`there`), with their guards, and those that undo it (`back`)."""

    there: tuple[Operation, ...]
    back: tuple[Operation, ...]


def steps(template: Json, changes: Iterable[PlannedChange]) -> tuple[PatchStep, ...]:
    """Return the steps for the planned changes of this template, in the order in which they are carried out."""
    each = tuple(changes)
    variables = tuple(one for one in each if isinstance(one, EnvEdit))
    patches = (_amend(template, one) for one in each if isinstance(one, RawPatch))
    return (*_of_variables(template, variables), *_of_fields(each), *patches)


def applied(template: Json, operations: Iterable[Operation]) -> Json:
    """Return the template after a JSON Patch of its Rollout, computed on a copy whose parts share no object."""
    result = jsonpatch.apply_patch(copied({"spec": {"template": template}}), list(operations), in_place=True)
    changed: Json = result["spec"]["template"]
    return changed


def _of_fields(changes: Iterable[PlannedChange]) -> Iterator[PatchStep]:
    """Yield the steps for the edits of other fields; a planned one replaces a value by another."""
    for each in changes:
        match each:
            case FieldEdit(_, pointer, Value(old), Value(new)):
                yield _replace(pointer, old, new)


def _amend(template: Json, patch: RawPatch) -> PatchStep:
    """Return the plan's operations as they are; to undo them the whole old template is put back."""
    return PatchStep(patch.operations, (_operation("replace", TEMPLATE, template),))


def _of_variables(template: Json, edits: tuple[EnvEdit, ...]) -> Iterator[PatchStep]:
    """Yield the steps for the edits of variables, container by container."""
    for container in sorted(containers(template), key=lambda container: container.pointer):
        here = tuple(edit for edit in edits if edit.pointer.startswith(f"{TEMPLATE}{container.pointer}/env/"))
        yield from _of_one_container(container, here) if here else ()


def _of_one_container(container: Container, edits: tuple[EnvEdit, ...]) -> Iterator[PatchStep]:
    """Yield the steps for one container; they test each entry exactly as the API gave it, unknown fields included."""
    found = [(container.entry(edit.variable), edit) for edit in edits]
    added = [edit for _, edit in found if edit.before is None]
    removed = [(entry, edit) for entry, edit in found if edit.after is None]
    yield _same_container(container)
    for entry, edit in found:
        if edit.before and edit.after:
            yield _replace(edit.pointer, entry.document, _entry(edit))
    for entry, edit in sorted(removed, key=lambda pair: pair[0].index, reverse=True):
        yield _remove(edit.pointer, entry.document)
    yield from _begin_list(container) if added else ()
    for index, edit in enumerate(added, container.length - len(removed)):
        yield _add(f"{TEMPLATE}{container.pointer}/env/{index}", _entry(edit))


def _same_container(container: Container) -> PatchStep:
    """Return a step that only tests that the index still leads to the container of that name."""
    here = _operation("test", f"{TEMPLATE}{container.pointer}/name", container.name)
    return PatchStep((here,), (here,))


def _replace(place: str, old: Any, new: Any) -> PatchStep:
    return PatchStep(
        (_operation("test", place, old), _operation("replace", place, new)),
        (_operation("test", place, new), _operation("replace", place, old)),
    )


def _remove(place: str, old: Any) -> PatchStep:
    return PatchStep((_operation("test", place, old), _removal(place)), (_operation("add", place, old),))


def _add(place: str, new: Any) -> PatchStep:
    return PatchStep((_operation("add", place, new),), (_operation("test", place, new), _removal(place)))


def _begin_list(container: Container) -> tuple[PatchStep, ...]:
    """Return the step that adds an empty `env` where the container has none."""
    if isinstance(container.document.get("env"), list):
        return ()
    place = f"{TEMPLATE}{container.pointer}/env"
    undo = _operation("add", place, container.document["env"]) if "env" in container.document else _removal(place)
    return (PatchStep((_operation("add", place, []),), (undo,)),)


def _entry(edit: EnvEdit) -> dict[str, Any]:
    if edit.after is None or isinstance(edit.after, FromOther):
        raise TypeError("no plan gives a variable this source")
    return entry_of(edit.variable, edit.after)


def _operation(op: str, path: str, value: Any) -> Operation:
    return {"op": op, "path": path, "value": value}


def _removal(path: str) -> Operation:
    return {"op": "remove", "path": path}
