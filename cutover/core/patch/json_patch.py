"""The JSON Patch operations on the Rollout that make planned changes, and those that undo them.

An entry of `env` is replaced as a whole: one with both `value` and `valueFrom` would be invalid. Each operation is
preceded by a `test` of what it is about, so that it never changes something else. Operations apply one after the
other: first replacements, then removals from the end of a list to its start, then additions at its end.
"""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

import jsonpatch

from cutover.core.base.documents import Json, Operation
from cutover.core.base.frozen import frozen
from cutover.core.patch.edit import TEMPLATE
from cutover.core.patch.planned import PlannedChange, RawPatch, ReferenceChange, VariableChange
from cutover.core.podtemplate.containers import Container
from cutover.core.podtemplate.env_source import Absent, Settable, entry_of
from cutover.core.podtemplate.field_paths import copied, pointer_of


@frozen
class PatchStep:
    """The operations of one small change (`there`), with their guards, and those that undo it (`back`)."""

    there: tuple[Operation, ...]
    back: tuple[Operation, ...]


def steps(template: Json, changes: Iterable[PlannedChange]) -> tuple[PatchStep, ...]:
    """Return the steps for the planned changes of this template, in the order in which they are carried out."""
    each = tuple(changes)
    variables = tuple(one for one in each if isinstance(one, VariableChange))
    references = (_redirect(template, one) for one in each if isinstance(one, ReferenceChange))
    patches = (_amend(template, one) for one in each if isinstance(one, RawPatch))
    return (*_of_variables(variables), *references, *patches)


def applied(template: Json, operations: Iterable[Operation]) -> Json:
    """Return the template after a JSON Patch of its Rollout, computed on a copy whose parts share no object."""
    result = jsonpatch.apply_patch(copied({"spec": {"template": template}}), list(operations), in_place=True)
    changed: Json = result["spec"]["template"]
    return changed


def _redirect(template: Json, reference: ReferenceChange) -> PatchStep:
    place = f"{TEMPLATE}{pointer_of(template, reference.place)}"
    old, new = _operation("test", place, reference.before), _operation("test", place, reference.after)
    return PatchStep(
        (old, _operation("replace", place, reference.after)),
        (new, _operation("replace", place, reference.before)),
    )


def _amend(template: Json, patch: RawPatch) -> PatchStep:
    """Return the plan's operations as they are; to undo them the whole old template is put back."""
    return PatchStep(patch.operations, (_operation("replace", TEMPLATE, template),))


def _of_variables(changes: Iterable[VariableChange]) -> tuple[PatchStep, ...]:
    """Return the steps for the variable changes, container by container."""
    ordered = sorted(changes, key=lambda change: change.container.pointer)
    grouped = groupby(ordered, key=lambda change: change.container.pointer)
    return tuple(step for _, group in grouped for step in _of_one_container(tuple(group)))


def _of_one_container(changes: tuple[VariableChange, ...]) -> Iterator[PatchStep]:
    container = changes[0].container
    removed = sorted((change for change in changes if change.removes), key=lambda change: change.index, reverse=True)
    added = tuple(change for change in changes if change.adds)
    yield _same_container(container)
    yield from (_replace(change) for change in changes if not change.adds and not change.removes)
    yield from (_remove(change) for change in removed)
    yield from _begin_list(container) if added else ()
    yield from (_add(change, container.length - len(removed) + number) for number, change in enumerate(added))


def _same_container(container: Container) -> PatchStep:
    """Return a step that only tests that the index still leads to the container of that name."""
    here = _operation("test", f"{TEMPLATE}{container.pointer}/name", container.name)
    return PatchStep((here,), (here,))


def _replace(change: VariableChange) -> PatchStep:
    place, old, new = _place(change.container, change.index), _entry_now(change), _entry(change.variable, change.after)
    return PatchStep(
        (_operation("test", place, old), _operation("replace", place, new)),
        (_operation("test", place, new), _operation("replace", place, old)),
    )


def _remove(change: VariableChange) -> PatchStep:
    place, old = _place(change.container, change.index), _entry_now(change)
    return PatchStep(
        (_operation("test", place, old), {"op": "remove", "path": place}), (_operation("add", place, old),)
    )


def _add(change: VariableChange, index: int) -> PatchStep:
    place, new = _place(change.container, index), _entry(change.variable, change.after)
    return PatchStep(
        (_operation("add", place, new),), (_operation("test", place, new), {"op": "remove", "path": place})
    )


def _begin_list(container: Container) -> tuple[PatchStep, ...]:
    """Return the step that adds an empty `env` where the container has none."""
    if isinstance(container.document.get("env"), list):
        return ()
    place = f"{TEMPLATE}{container.pointer}/env"
    undo = _operation("add", place, container.document["env"]) if "env" in container.document else _removal(place)
    return (PatchStep((_operation("add", place, []),), (undo,)),)


def _entry_now(change: VariableChange) -> Any:
    """Return the variable's entry as the API returned it, unknown fields included, for the guard."""
    return change.container.document["env"][change.index]


def _entry(variable: str, source: Settable) -> dict[str, Any]:
    if isinstance(source, Absent):
        raise TypeError("a variable that is removed has no entry")
    return entry_of(variable, source)


def _place(container: Container, index: int) -> str:
    return f"{TEMPLATE}{container.pointer}/env/{index}"


def _operation(op: str, path: str, value: Any) -> Operation:
    return {"op": op, "path": path, "value": value}


def _removal(path: str) -> Operation:
    return {"op": "remove", "path": path}
