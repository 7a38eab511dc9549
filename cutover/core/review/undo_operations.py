"""Makes the patch operations that undo a run's edits, each worked out on the result of those before it.

Also compares what stands at a field path of a Rollout with what a typed ReplicaSet holds there.
"""

from collections.abc import Iterator, Mapping
from dataclasses import field
from typing import Any

from cutover.core.base.documents import Json, Operation
from cutover.core.base.errors import Problem, StaleError
from cutover.core.base.frozen import frozen
from cutover.core.base.redaction import Redactor
from cutover.core.patch.edit import TEMPLATE
from cutover.core.patch.json_patch import applied
from cutover.core.podtemplate.compare import holds, is_env_entry, respelled, same
from cutover.core.podtemplate.containers import env_of
from cutover.core.podtemplate.env_source import EnvSource
from cutover.core.podtemplate.field_paths import (
    FieldPath,
    Value,
    is_list,
    part_at,
    path_text,
    pointer_of,
)


@frozen
class WayBack:
    """The operations that undo a run, and sentences on what they do not guard."""

    operations: tuple[Operation, ...] = field(default=(), repr=False)
    notes: tuple[str, ...] = ()


def way_back(places: tuple[FieldPath, ...], live: Json, base: Json, redactor: Redactor) -> WayBack:
    """Return the operations that put what `base` holds at the field paths into `live`; the two differ at each path.

    Raises:
        StaleError: what a value has to be put back into is gone.
    """
    work, way = live, WayBack()
    for place in places:
        step = _back(place, work, base, redactor)
        work = applied(work, step.operations)
        way = WayBack((*way.operations, *step.operations), (*way.notes, *step.notes))
    return WayBack(tuple(_without_repeated_tests(way.operations)), way.notes)


def _back(place: FieldPath, work: Json, base: Json, redactor: Redactor) -> WayBack:
    stands, old = part_at(work, place), part_at(base, place)
    if stands is None:
        added = _addition(place, work, base)
        return WayBack((*_names_around(place, work), added))
    why = _why_untold(place, stands, work, redactor)
    test = () if why else (_operation("test", place, work, stands),)
    act = "remove" if old is None else "replace"
    return WayBack((*_names_around(place, work), *test, _operation(act, place, work, old)), (why,) if why else ())


def _why_untold(place: FieldPath, stands: Value, work: Json, redactor: Redactor) -> str:
    """Return a sentence if no `test` can name the present value; empty if a `test` is possible."""
    if is_telling(work, place, redactor):
        return f"No `test` of {path_text(place)}: what stands there now looks like a credential."
    unsayable = _has_null(stands.document)
    return f"No `test` of {path_text(place)}: a plan cannot name what stands there now." if unsayable else ""


def _has_null(value: Any) -> bool:
    """Whether a JSON value is or holds a null, which no plan can spell."""
    members = value.values() if isinstance(value, Mapping) else value if is_list(value) else ()
    return value is None or any(map(_has_null, members))


def _operation(op: str, place: FieldPath, work: Json, part: Value | None) -> Operation:
    value = {"value": part.document} if isinstance(part, Value) else {}
    return {"op": op, "path": f"{TEMPLATE}{pointer_of(work, place)}", **value}


def _names_around(place: FieldPath, work: Json) -> Iterator[Operation]:
    """Yield tests that each list index still leads to the item of that name."""
    for end in range(1, len(place)):
        step, around = place[end - 1], part_at(work, place[: end - 1])
        if isinstance(step, str) and isinstance(around, Value) and is_list(around.document):
            yield _operation("test", (*place[:end], "name"), work, Value(step))


def _without_repeated_tests(operations: tuple[Operation, ...]) -> Iterator[Operation]:
    earlier: list[Operation] = []
    for one in operations:
        if one["op"] != "test" or one not in earlier:
            yield one
        earlier.append(one)


# -- putting back what is not there ------------------------------------------------------------------------------------


def _addition(place: FieldPath, work: Json, base: Json) -> Operation:
    """Return the operation that adds the old value, with the mappings and lists around it that typing dropped as empty.

    Raises:
        StaleError: an item of a list that held the value is gone.
    """
    depth = next(end for end in range(1, len(place) + 1) if part_at(work, place[:end]) is None)
    if any(_is_listed(base, place, end) for end in range(depth - 1, len(place) - 1)):
        raise StaleError(
            Problem(
                f"{path_text(place)} is to be put back, and what it was in is gone",
                path_text(place[:depth]),
                remedy="look at what changed it (kubectl get rollout NAME -o yaml)",
            )
        )
    pointer = _new_pointer(place[:depth], work, base)
    return {"op": "add", "path": f"{TEMPLATE}{pointer}", "value": _only(place, depth, base)}


def _only(place: FieldPath, depth: int, base: Json) -> Any:
    """Return what `base` holds at the first `depth` steps of the path, with nothing in it but what leads to its end."""
    part = part_at(base, place)
    value = part.document if isinstance(part, Value) else None
    for end in range(len(place) - 1, depth - 1, -1):
        value = [value] if _is_listed(base, place, end) else {str(place[end]): value}
    return value


def _new_pointer(place: FieldPath, work: Json, base: Json) -> str:
    """Return the JSON pointer to add at; in a list the old index, or its end if it is shorter now."""
    around = part_at(work, place[:-1])
    if not isinstance(around, Value) or not is_list(around.document):
        return pointer_of(work, place)
    index = int(pointer_of(base, place).rpartition("/")[2])
    return f"{pointer_of(work, place[:-1])}/{min(index, len(around.document))}"


def _is_listed(base: Json, place: FieldPath, end: int) -> bool:
    """Whether the step at `end` leads to an item of a list."""
    around = part_at(base, place[:end])
    return isinstance(around, Value) and is_list(around.document)


# -- what stands at a field path, in a Rollout and in its typed ReplicaSets --------------------------------------------


def source_at(template: Json, place: FieldPath) -> EnvSource | None:
    """Return the source of the variable that the field path of an `EnvEdit` leads to; None if there is none."""
    return env_of(template, str(place[2]), str(place[4]))


def is_so(template: Json, typed: Json, place: FieldPath) -> bool:
    """Whether a Rollout's template holds at the path what the typed template holds there; spelling does not count."""
    if is_env_entry(place):
        return source_at(template, place) == source_at(typed, place)
    stands, wanted = part_at(template, place), part_at(typed, place)
    return same_parts(_respelled(stands, place), _respelled(wanted, place))


def same_parts(one: Value | None, other: Value | None) -> bool:
    """Whether both have the same value (`1` and `true` differ), or neither has one."""
    if isinstance(one, Value) and isinstance(other, Value):
        return same(one.document, other.document)
    return one is None and other is None


def _respelled(part: Value | None, place: FieldPath) -> Value | None:
    return Value(respelled(part.document, place)) if isinstance(part, Value) else part


def leads_to(template: Json, typed: Json, place: FieldPath) -> bool:
    """Whether a Rollout's template, once it is a typed object, holds at the path what the typed one holds there."""
    if is_env_entry(place):
        return source_at(template, place) == source_at(typed, place)
    stands, wanted = part_at(template, place), part_at(typed, place)
    return (stands is None) == (wanted is None) and holds(wanted, stands)


def is_telling(template: Json, place: FieldPath, redactor: Redactor) -> bool:
    """Whether redacting the template changes the value at the path: it is, or looks like, a credential.

    The whole template is redacted, because only what surrounds a text (`--password` before it) may show what it is.
    """
    return not same_parts(part_at(redactor.document(template), place), part_at(template, place))
