"""Comparisons of pod templates: where two differ, whether one holds a written part, whether they mean the same."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any, Final

import jsonpatch

from cutover.core.base.documents import Json
from cutover.core.base.frozen import frozen
from cutover.core.base.units import quantity
from cutover.core.podtemplate.containers import LISTS
from cutover.core.podtemplate.field_paths import (
    FieldPath,
    Value,
    copied,
    drop,
    is_list,
    is_named,
    names_in,
    part_at,
    put,
)


class ChangeWay(StrEnum):
    """How a field differs: it is set to another value, added or removed."""

    SET = "set"
    ADD = "add"
    REMOVE = "remove"


@frozen
class Difference:
    """One field path that differs. `index` is the position in its list of an item that only one side has."""

    place: FieldPath
    way: ChangeWay
    index: int = 0


_LISTS: Final = frozenset(name for name, _ in LISTS)
_ENV_ENTRY: Final = 5
"""Steps of the path of an entry of `env`: `spec`, the list of containers, the container, `env`, the variable."""


def is_env_list(place: FieldPath) -> bool:
    """Whether a field path leads to the `env` of a container or init container."""
    return len(place) == _ENV_ENTRY - 1 and place[0] == "spec" and place[1] in _LISTS and place[3] == "env"


def is_env_entry(place: FieldPath) -> bool:
    """Whether a field path leads to one variable, by name, in the `env` of a container or init container."""
    return len(place) == _ENV_ENTRY and is_env_list(place[:-1]) and isinstance(place[-1], str)


def differing(before: Any, after: Any, place: FieldPath = ()) -> tuple[Difference, ...]:
    """Return the smallest differences between two documents; items of lists are matched by their names.

    An entry of `env` counts as one field, because a mix of its old and new fields would be invalid.
    """
    return tuple(_differing(before, after, place))


def _differing(before: Any, after: Any, place: FieldPath) -> Iterator[Difference]:
    if isinstance(before, Mapping) and isinstance(after, Mapping) and not is_env_entry(place):
        yield from _of_mappings(before, after, place)
    elif is_list(before) and is_list(after):
        yield from _of_lists(before, after, place)
    elif not same(before, after):
        yield Difference(place, ChangeWay.SET)


def same(one: Any, other: Any) -> bool:
    """Return whether two JSON values are the same; `1` and `true` are not."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if is_list(one) and is_list(other):
        return len(one) == len(other) and all(map(same, one, other))
    return type(one) is type(other) and bool(one == other)


def _of_mappings(before: Mapping[str, Any], after: Mapping[str, Any], place: FieldPath) -> Iterator[Difference]:
    for key in sorted(before.keys() | after.keys()):
        if key not in after:
            yield Difference((*place, key), ChangeWay.REMOVE)
        elif key not in before:
            yield Difference((*place, key), ChangeWay.ADD)
        else:
            yield from _differing(before[key], after[key], (*place, key))


def _of_lists(before: Sequence[Any], after: Sequence[Any], place: FieldPath) -> Iterator[Difference]:
    """Compare named items by name, unnamed mappings by index if their number is equal, other lists as a whole.

    The words of a command line stay together, because only the word before it tells that a word is a credential.
    """
    if is_named(before) and is_named(after) and _same_order(names_in(before), names_in(after)):
        yield from _of_named(before, after, place)
    elif len(before) == len(after) and all(isinstance(item, Mapping) for item in (*before, *after)):
        pairs = enumerate(zip(before, after, strict=True))
        yield from (difference for index, pair in pairs for difference in _differing(*pair, (*place, index)))
    elif not same(before, after):
        yield Difference(place, ChangeWay.SET)


def _same_order(before: Sequence[str], after: Sequence[str]) -> bool:
    both = set(before) & set(after)
    return [name for name in before if name in both] == [name for name in after if name in both]


def _of_named(before: Sequence[Any], after: Sequence[Any], place: FieldPath) -> Iterator[Difference]:
    old, new = (dict(zip(names_in(listed), listed, strict=True)) for listed in (before, after))
    for name in (name for name in old if name in new):
        yield from _differing(old[name], new[name], (*place, name))
    yield from (Difference((*place, name), ChangeWay.ADD, index) for index, name in enumerate(new) if name not in old)
    yield from (
        Difference((*place, name), ChangeWay.REMOVE, index) for index, name in enumerate(old) if name not in new
    )


_ZERO: Final = ("", 0, False, None)


def holds(stands: Value | None, wanted: Value | None) -> bool:
    """Return whether a part of a ReplicaSet's template (`stands`) has the wanted content.

    A typed object never reads back exactly as written: defaults are added, zero values are dropped, and quantities
    are spelled differently (Kubernetes `apimachinery/pkg/api/resource`). Where something was to be removed, a default
    may have replaced it, so that every content counts as wanted.
    """
    if wanted is None:
        return True
    if stands is None:
        return _is_empty(wanted.document)
    return _covers(stands.document, wanted.document)


def _covers(stands: Any, wanted: Any) -> bool:
    if isinstance(wanted, Mapping) and isinstance(stands, Mapping):
        return all(_covers(stands[key], value) if key in stands else _is_empty(value) for key, value in wanted.items())
    if is_list(wanted) and is_list(stands):
        return _list_covers(stands, wanted)
    return bool(stands == wanted) or _same_quantity(stands, wanted)


def _list_covers(stands: Sequence[Any], wanted: Sequence[Any]) -> bool:
    if is_named(stands) and is_named(wanted) and names_in(stands) != names_in(wanted):
        return False
    return len(stands) == len(wanted) and all(map(_covers, stands, wanted))


def _is_empty(value: Any) -> bool:
    return value in _ZERO if not isinstance(value, Mapping | list | tuple) else not value


def _same_quantity(stands: Any, wanted: Any) -> bool:
    one = quantity(stands)
    return one is not None and one == quantity(wanted)


# With every new revision Argo's controller writes the whole Rollout from its typed form, to record the revision
# (argo-rollouts v1.10.1 `rollout/controller.go: remarshalRollout`, `rollout/sync.go: setRolloutRevision`; seen on the
# real controller): it drops zero values, adds empty mappings and spells quantities differently. The template means the
# same, so parts that a plan has written are compared in one common spelling. All other parts were typed before, and
# are compared exactly.
_QUANTITIES: Final = frozenset({"limits", "requests", "sizeLimit", "divisor"})
"""Fields whose values are quantities, or hold them."""


def common(template: Json, places: Iterable[FieldPath]) -> Json:
    """Return a copy of the template in which the parts at these field paths have one spelling, without zero values."""
    copy = copied(template)
    for place in places:
        part = part_at(copy, place)
        if isinstance(part, Value):
            _respell(copy, place, part.document)
    return copy


def alike(one: Json, other: Json, places: Iterable[FieldPath]) -> bool:
    """Return whether two templates are the same, apart from the spelling of the parts at these field paths."""
    kept = tuple(places)
    return same(one, other) or same(common(one, kept), common(other, kept))


def respelled(value: Any, place: Iterable[str | int]) -> Any:
    """Return the value at a field path in the common spelling."""
    return _spelled(value, counted=any(step in _QUANTITIES for step in place))


def _respell(template: dict[str, Any], place: FieldPath, value: Any) -> None:
    spelled = respelled(value, place)
    if _is_zero(spelled):
        drop(template, place)
    else:
        put(template, place, spelled)


def _spelled(value: Any, *, counted: bool) -> Any:
    """Return a value without its zero members; `counted` says that its scalars are quantities."""
    if isinstance(value, Mapping):
        members = {key: _spelled(item, counted=counted or key in _QUANTITIES) for key, item in value.items()}
        return {key: item for key, item in members.items() if not _is_zero(item)}
    if is_list(value):
        return [_spelled(item, counted=counted) for item in value]
    number = quantity(value) if counted else None
    return value if number is None else str(number.normalize())


def _is_zero(value: Any) -> bool:
    if isinstance(value, Mapping | list | tuple):
        return not value
    return value is None or value in ("", 0)


def differing_places(wanted: Any, stored: Any) -> tuple[str, ...]:
    """Return the JSON pointers into the Rollout, below `/spec/template`, at which two templates differ."""
    operations = jsonpatch.make_patch(wanted, stored).patch
    return tuple(sorted({f"/spec/template{operation['path']}" for operation in operations}))
