"""Proof that the edits which are reviewed are all that differs between T0 and T1, by the library deepdiff.

The edits come from our own comparison (`core.podtemplate.compare`), of which nothing is used here. What deepdiff finds
has to lie in an edit, and in every edit it has to find something. None of the values reaches a text. For a template of
1 MB with 4,500 variables it takes about a second.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from cutover.core.base.documents import Json
from cutover.core.base.errors import CutoverError, Problem
from cutover.core.base.frozen import frozen
from cutover.core.patch.edit import Edits
from cutover.core.podtemplate.field_paths import FieldPath, path_text

_ORDER: Final = "\0order"
"""The key under which the names of a list stand in their order; no key of a template has this name."""


@frozen
class ChangedLeaf:
    """A place at which deepdiff finds a change.

    `whole`: it is a list, or a value of another type, that is not looked into; an edit may be about a part of it.
    """

    place: FieldPath
    whole: bool = False

    def is_in(self, edit: FieldPath) -> bool:
        """Tell whether the change belongs to the edit at that place."""
        inside = self.place[: len(edit)] == edit
        return inside or (self.whole and edit[: len(self.place)] == self.place)


class _NamedItems(dict[str, Any]):
    """A list by the names of its items; a type of its own, so that deepdiff tells it from a mapping."""


def prove_edits(edits: Edits) -> None:
    """Check that T0 and T1 differ in the edits, and nowhere else.

    Raises:
        CutoverError: a bug; nothing has been sent.
    """
    leaves = changed_leaves(edits.before, edits.after)
    strays = (leaf.place for leaf in leaves if not any(map(leaf.is_in, edits.places)))
    empty = (place for place in edits.places if not any(leaf.is_in(place) for leaf in leaves))
    faults = (
        *(f"{path_text(place)} differs, and no edit says so" for place in strays),
        *(f"an edit is about {path_text(place)}, which does not differ" for place in empty),
    )
    if faults:
        raise CutoverError(*(Problem(f"a bug in cutover: {fault}", remedy="report it") for fault in faults))


def changed_leaves(before: Json, after: Json) -> tuple[ChangedLeaf, ...]:
    """Return every place at which two templates differ; items of a list go by their names, and their order counts."""
    # The import takes 60 ms, which only a run is worth.
    from deepdiff import DeepDiff  # noqa: PLC0415 -- see above

    # Without the threshold, two mappings with few keys in common would count as one difference.
    tree = DeepDiff(_by_name(before), _by_name(after), view="tree", threshold_to_diff_deeper=0)
    leaves = tuple(leaf for levels in tree.values() for level in levels for leaf in _leaves(level))
    reordered = {leaf.place for leaf in leaves if leaf.whole}
    return tuple(leaf for leaf in leaves if leaf.whole or not any(_above(place, leaf.place) for place in reordered))


def _above(place: FieldPath, other: FieldPath) -> bool:
    return len(place) < len(other) and other[: len(place)] == place


def _leaves(level: Any) -> Iterator[ChangedLeaf]:
    """Yield the leaves of one difference as deepdiff reports it."""
    place: FieldPath = tuple(level.path(output_format="list"))
    sides = (level.t1, level.t2)
    if place[-1:] == (_ORDER,):
        yield from () if _same_order(*sides) else (ChangedLeaf(place[:-1], whole=True),)
    elif level.report_type == "type_changes" and all(sides):
        yield ChangedLeaf(place, whole=any(isinstance(side, Mapping | list) for side in sides))
    else:
        part = next((side for side in sides if isinstance(side, Mapping)), None)
        yield from _within(place, part)


def _within(place: FieldPath, part: Any) -> Iterator[ChangedLeaf]:
    """Yield the leaves of a part that is new or gone; a part without members is a leaf itself."""
    members = {key: value for key, value in part.items() if key != _ORDER} if isinstance(part, Mapping) else {}
    if not members:
        yield ChangedLeaf(place)
    for key, value in members.items():
        yield from _within((*place, key), value)


def _same_order(before: str, after: str) -> bool:
    """Tell whether the names that both lists have are in the same order."""
    old, new = json.loads(before), json.loads(after)
    both = set(old) & set(new)
    return [name for name in old if name in both] == [name for name in new if name in both]


def _by_name(document: Any) -> Any:
    """Return the document with each list of objects of different names as a mapping by name, and their order."""
    if isinstance(document, Mapping):
        return {key: _by_name(value) for key, value in document.items()}
    if not isinstance(document, list | tuple):
        return document
    names = _names(document)
    if names is None:
        return [_by_name(item) for item in document]
    # The order is one string: deepdiff would take seconds for a list of some thousand names.
    return _NamedItems(
        {_ORDER: json.dumps(names)} | {name: _by_name(item) for name, item in zip(names, document, strict=True)}
    )


def _names(listed: Sequence[Any]) -> list[str] | None:
    """Return the names of a list's items; None where not each has one of its own."""
    names = [item.get("name") if isinstance(item, Mapping) else None for item in listed]
    if not names or not all(isinstance(name, str) for name in names) or len(set(names)) < len(names):
        return None
    return [str(name) for name in names]
