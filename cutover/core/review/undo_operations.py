"""The way back of everything but variables: operations of a patch, each worked out on what those before it make."""

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
    Nowhere,
    Part,
    Value,
    is_list,
    part_at,
    path_text,
    pointer_of,
)


@frozen
class WayBack:
    """Operations that lead back, and sentences about them."""

    operations: tuple[Operation, ...] = field(default=(), repr=False)
    notes: tuple[str, ...] = ()


def way_back(places: tuple[FieldPath, ...], live: Json, base: Json, redactor: Redactor) -> WayBack:
    """The operations that put what `base` holds at the places into `live`; at each of them something is to be done.

    Raises:
        StaleError: there is no place any more to put something back to.
    """
    work, way = live, WayBack()
    for place in places:
        found = _back(place, work, base, redactor)
        work = applied(work, found.operations)
        way = WayBack((*way.operations, *found.operations), (*way.notes, *found.notes))
    return WayBack(tuple(_without_repeated_tests(way.operations)), way.notes)


def _back(place: FieldPath, work: Json, base: Json, redactor: Redactor) -> WayBack:
    stands, old = part_at(work, place), part_at(base, place)
    if isinstance(stands, Nowhere):
        added = _addition(place, work, base)
        return WayBack((*_names_around(place, work), added))
    why = _why_untold(place, stands, work, redactor)
    test = () if why else (_operation("test", place, work, stands),)
    act = "remove" if isinstance(old, Nowhere) else "replace"
    return WayBack((*_names_around(place, work), *test, _operation(act, place, work, old)), (why,) if why else ())


def _why_untold(place: FieldPath, stands: Value, work: Json, redactor: Redactor) -> str:
    """Why no `test` says what stands there now; empty where one does."""
    if is_telling(work, place, redactor):
        return f"No `test` of {path_text(place)}: what stands there now looks like a credential."
    unsayable = _has_null(stands.document)
    return f"No `test` of {path_text(place)}: a plan cannot name what stands there now." if unsayable else ""


def _has_null(value: Any) -> bool:
    """Whether a JSON value is or holds a null, which no plan can spell."""
    members = value.values() if isinstance(value, Mapping) else value if is_list(value) else ()
    return value is None or any(map(_has_null, members))


def _operation(op: str, place: FieldPath, work: Json, part: Part) -> Operation:
    value = {"value": part.document} if isinstance(part, Value) else {}
    return {"op": op, "path": f"{TEMPLATE}{pointer_of(work, place)}", **value}


def _names_around(place: FieldPath, work: Json) -> Iterator[Operation]:
    """Tests that each index still leads to the item of that name."""
    for end in range(1, len(place)):
        step, around = place[end - 1], part_at(work, place[: end - 1])
        if isinstance(step, str) and isinstance(around, Value) and is_list(around.document):
            yield _operation("test", (*place[:end], "name"), work, Value(step))


def _without_repeated_tests(operations: tuple[Operation, ...]) -> Iterator[Operation]:
    said: list[Operation] = []
    for one in operations:
        if one["op"] != "test" or one not in said:
            yield one
        said.append(one)


# -- putting back what is not there ------------------------------------------------------------------------------------


def _addition(place: FieldPath, work: Json, base: Json) -> Operation:
    """What was there goes back, with the mappings and lists around it that typing took away as empty."""
    depth = next(end for end in range(1, len(place) + 1) if isinstance(part_at(work, place[:end]), Nowhere))
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
    """What `base` holds at the first `depth` steps of the place, with nothing in it but what leads to the place."""
    part = part_at(base, place)
    value = part.document if isinstance(part, Value) else None
    for end in range(len(place) - 1, depth - 1, -1):
        value = [value] if _is_listed(base, place, end) else {str(place[end]): value}
    return value


def _new_pointer(place: FieldPath, work: Json, base: Json) -> str:
    """Where it goes: in a list the index that it had, as far as the list is long enough."""
    around = part_at(work, place[:-1])
    if not isinstance(around, Value) or not is_list(around.document):
        return pointer_of(work, place)
    index = int(pointer_of(base, place).rpartition("/")[2])
    return f"{pointer_of(work, place[:-1])}/{min(index, len(around.document))}"


def _is_listed(base: Json, place: FieldPath, end: int) -> bool:
    """Whether the step at `end` leads to an item of a list."""
    around = part_at(base, place[:end])
    return isinstance(around, Value) and is_list(around.document)


# what stands at the places of a run, and what stood there before -----------------------------------------------------


# What stands at the places of a run, and what stood there before: in a Rollout, and in its typed ReplicaSets.


def source_at(template: Json, place: FieldPath) -> EnvSource:
    """What stands behind the variable of a place."""
    return env_of(template, str(place[2]), str(place[4]))


def is_so(template: Json, typed: Json, place: FieldPath) -> bool:
    """Whether a Rollout's template already is at the place what a typed one is."""
    if is_env_entry(place):
        return source_at(template, place) == source_at(typed, place)
    stands, wanted = part_at(template, place), part_at(typed, place)
    return same_parts(_respelled(stands, place), _respelled(wanted, place))


def same_parts(one: Part, other: Part) -> bool:
    """Whether the same stands in both."""
    if isinstance(one, Value) and isinstance(other, Value):
        return same(one.document, other.document)
    return isinstance(one, Nowhere) and isinstance(other, Nowhere)


def _respelled(part: Part, place: FieldPath) -> Part:
    return Value(respelled(part.document, place)) if isinstance(part, Value) else part


def leads_to(template: Json, typed: Json, place: FieldPath) -> bool:
    """Whether a Rollout's template, made a typed object, is at the place what the typed one is."""
    if is_env_entry(place):
        return source_at(template, place) == source_at(typed, place)
    stands, wanted = part_at(template, place), part_at(typed, place)
    return isinstance(stands, Nowhere) == isinstance(wanted, Nowhere) and holds(wanted, stands)


def is_telling(template: Json, place: FieldPath, redactor: Redactor) -> bool:
    """Whether what stands at the place holds something that looks like a credential, or is one that is known.

    Judged in the whole template: what surrounds a text (`--password` before it) may be all that tells.
    """
    return not same_parts(part_at(redactor.document(template), place), part_at(template, place))
