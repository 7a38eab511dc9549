"""Proof that T0 and T1 differ in the reviewed edits and nowhere else, by the library deepdiff.

The edits come from our own comparison (`core.podtemplate.compare`), of which nothing is used here: what deepdiff finds
in the two templates has to lie in an edit, and in every edit it has to find something. No value reaches a text. For a
template of 1 MB with 4,500 variables it takes half a second, with 20,000 two; for a usual one of 10 kB 5 ms.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import count
from typing import Any, Final

from cutover.core.base.documents import Json
from cutover.core.base.errors import CutoverError, Problem
from cutover.core.patch.edit import Edits
from cutover.core.podtemplate.field_paths import FieldPath, path_text

_Key = str | int | tuple[str, int]
"""A key of a compared part: that of a mapping, the index of an item, or its name and how often that stood before it."""

_ORDER: Final = -1
"""The key under which a list has the keys of its items in their order; nothing else has this key."""


def prove_edits(edits: Edits) -> None:
    """Check that T0 and T1 differ in the edits, and nowhere else.

    Raises:
        CutoverError: a bug; nothing has been sent.
    """
    leaves = changed_leaves(edits.before, edits.after, edits.places)
    seen = {above for leaf in leaves for above in _above(leaf)}
    faults = (
        *(f"{path_text(leaf)} differs, and no edit says so" for leaf in outside(leaves, edits.places)),
        *(f"an edit is about {path_text(place)}, which does not differ" for place in edits.places if place not in seen),
    )
    if faults:
        raise CutoverError(*(Problem(f"a bug in cutover: {fault}", remedy="report it") for fault in faults))


def outside(leaves: Iterable[FieldPath], places: Iterable[FieldPath]) -> tuple[FieldPath, ...]:
    """Return those of the leaves that are in none of the places."""
    all_places = frozenset(places)
    return tuple(leaf for leaf in leaves if all_places.isdisjoint(_above(leaf)))


def _above(leaf: FieldPath) -> Iterator[FieldPath]:
    """Yield the field paths that a leaf is in, its own included."""
    return (leaf[:length] for length in range(len(leaf) + 1))


def changed_leaves(before: Json, after: Json, places: Iterable[FieldPath] = ()) -> tuple[FieldPath, ...]:
    """Return the field path of every leaf in which two templates differ, in order.

    The items of a list are compared by their names, and where they have none, or one stands twice, by the number among
    those of the same name. Their order is a leaf: the list's own field path. Where one of `places` has an index of the
    list, its items are compared by their indices instead.
    """
    # The import takes 60 ms, which only a run is worth.
    from deepdiff import DeepDiff  # noqa: PLC0415 -- see above

    known = _tree(places)
    # Without the threshold, two mappings with few keys in common would count as one difference.
    report = DeepDiff(
        _comparable(before, known),
        _comparable(after, known),
        view="tree",
        threshold_to_diff_deeper=0,
        ignore_private_variables=False,
    )
    leaves = {leaf for levels in report.values() for level in levels for leaf in _leaves_of(level)}
    return tuple(sorted(leaves, key=str))


# -- what deepdiff is given --------------------------------------------------------------------------------------------

_Tree = dict[str | int, Any]
"""Field paths by their first steps: each leads to the tree of the steps after it."""


def _tree(places: Iterable[FieldPath]) -> _Tree:
    tree: _Tree = {}
    for place in places:
        branch = tree
        for step in place:
            branch = branch.setdefault(step, {})
    return tree


def _comparable(part: Any, known: _Tree) -> Any:
    """Return a part with each list as a mapping of its items and their order."""
    if isinstance(part, Mapping):
        return {key: _comparable(value, known.get(key, {})) for key, value in part.items()}
    if isinstance(part, list | tuple):
        return _comparable_list(part, known)
    # Without line breaks, for of texts with some deepdiff makes a text diff, which takes minutes for long ones.
    return part.replace("\\", "\\\\").replace("\n", "\\n") if isinstance(part, str) else part


def _comparable_list(items: list[Any] | tuple[Any, ...], known: _Tree) -> dict[_Key, Any]:
    if any(isinstance(step, int) for step in known):
        return {_ORDER: "", **{index: _comparable(item, known.get(index, {})) for index, item in enumerate(items)}}
    numbers: dict[str | None, Iterator[int]] = defaultdict(count)
    names = [_name(item) for item in items]
    keys = [next(numbers[name]) if name is None else (name, next(numbers[name])) for name in names]
    parts = (
        _comparable(item, known.get(name, {}) if name is not None else {})
        for name, item in zip(names, items, strict=True)
    )
    # The order is one text: deepdiff would take seconds for a list of some thousand names.
    return {_ORDER: json.dumps(keys), **dict(zip(keys, parts, strict=True))}


def _name(item: Any) -> str | None:
    name = item.get("name") if isinstance(item, Mapping) else None
    return name if isinstance(name, str) else None


# -- what deepdiff finds -----------------------------------------------------------------------------------------------


def _leaves_of(level: Any) -> Iterator[FieldPath]:
    """Yield the leaves of one difference as deepdiff reports it: usually one, for a part that is new or gone, too."""
    place = _place(level.path(output_format="list"))
    sides = (level.t1, level.t2)
    if place[-1:] == (_ORDER,):
        yield from (place[:-1],) if _reordered(*sides) else ()
    elif _is_env(place):
        # A variable is reviewed by itself, also where the list is new or goes as a whole.
        names = {_place((key,)) for side in sides if _is_list(side) for key in side if key != _ORDER}
        yield from ((*place, *name) for name in names)
        yield from () if names and all(_is_list(side) or _is_nothing(side) for side in sides) else (place,)
    else:
        yield place


def _is_env(place: FieldPath) -> bool:
    match place:
        case ("spec", "containers" | "initContainers", str(), "env"):
            return True
        case _:
            return False


def _is_list(side: Any) -> bool:
    return isinstance(side, Mapping) and _ORDER in side


def _is_nothing(side: Any) -> bool:
    """Return whether a part is missing, for which deepdiff has a value of its own, or `null`."""
    return not isinstance(side, Mapping | str | int | float)


def _place(keys: Iterable[_Key]) -> FieldPath:
    return tuple(key[0] if isinstance(key, tuple) else key for key in keys)


def _reordered(before: Any, after: Any) -> bool:
    """Return whether the items that both lists have are in another order, or one side is no list."""
    if not (isinstance(before, str) and isinstance(after, str)):
        return True
    old, new = ([str(key) for key in json.loads(keys)] for keys in (before, after))
    both = set(old) & set(new)
    return [key for key in old if key in both] != [key for key in new if key in both]
