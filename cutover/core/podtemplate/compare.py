"""Where two pod templates differ: the smallest places, items of lists matched by their names."""

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any, Final

from cutover.core.base.frozen import frozen
from cutover.core.podtemplate.containers import LISTS
from cutover.core.podtemplate.field_paths import Place, is_list, is_named, names_in


class Way(StrEnum):
    """What happens to a place."""

    SET = "set"
    ADD = "add"
    REMOVE = "remove"


@frozen
class Difference:
    """One place that is not the same. `index` is where in its list an item stands that is there in one only."""

    place: Place
    way: Way
    index: int = 0


_LISTS: Final = frozenset(name for name, _ in LISTS)
_ENV_ENTRY: Final = 5
"""Steps to an entry of `env`: `spec`, the list of containers, the container, `env`, the variable."""


def is_env_list(place: Place) -> bool:
    """Whether a place is a container's `env`."""
    return len(place) == _ENV_ENTRY - 1 and place[0] == "spec" and place[1] in _LISTS and place[3] == "env"


def is_env_entry(place: Place) -> bool:
    """Whether a place is one variable of a container."""
    return len(place) == _ENV_ENTRY and is_env_list(place[:-1]) and isinstance(place[-1], str)


def differing(before: Any, after: Any, place: Place = ()) -> tuple[Difference, ...]:
    """What leads from one document to the other.

    An entry of `env` counts as one thing: with one of its fields old and one new it would be invalid.
    """
    return tuple(_differing(before, after, place))


def _differing(before: Any, after: Any, place: Place) -> Iterator[Difference]:
    if isinstance(before, Mapping) and isinstance(after, Mapping) and not is_env_entry(place):
        yield from _of_mappings(before, after, place)
    elif is_list(before) and is_list(after):
        yield from _of_lists(before, after, place)
    elif not same(before, after):
        yield Difference(place, Way.SET)


def same(one: Any, other: Any) -> bool:
    """Whether two JSON values are the same; `1` and `true` are not."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if is_list(one) and is_list(other):
        return len(one) == len(other) and all(map(same, one, other))
    return type(one) is type(other) and bool(one == other)


def _of_mappings(before: Mapping[str, Any], after: Mapping[str, Any], place: Place) -> Iterator[Difference]:
    for key in sorted(before.keys() | after.keys()):
        if key not in after:
            yield Difference((*place, key), Way.REMOVE)
        elif key not in before:
            yield Difference((*place, key), Way.ADD)
        else:
            yield from _differing(before[key], after[key], (*place, key))


def _of_lists(before: Sequence[Any], after: Sequence[Any], place: Place) -> Iterator[Difference]:
    """Items by name; mappings without one by index, where none came or went; else the list as a whole.

    Words of a command line are one thing: what is a credential among them only the word before tells.
    """
    if is_named(before) and is_named(after) and _same_order(names_in(before), names_in(after)):
        yield from _of_named(before, after, place)
    elif len(before) == len(after) and all(isinstance(item, Mapping) for item in (*before, *after)):
        pairs = enumerate(zip(before, after, strict=True))
        yield from (found for index, pair in pairs for found in _differing(*pair, (*place, index)))
    elif not same(before, after):
        yield Difference(place, Way.SET)


def _same_order(before: Sequence[str], after: Sequence[str]) -> bool:
    both = set(before) & set(after)
    return [name for name in before if name in both] == [name for name in after if name in both]


def _of_named(before: Sequence[Any], after: Sequence[Any], place: Place) -> Iterator[Difference]:
    old, new = (dict(zip(names_in(listed), listed, strict=True)) for listed in (before, after))
    for name in (name for name in old if name in new):
        yield from _differing(old[name], new[name], (*place, name))
    yield from (Difference((*place, name), Way.ADD, index) for index, name in enumerate(new) if name not in old)
    yield from (Difference((*place, name), Way.REMOVE, index) for index, name in enumerate(old) if name not in new)
