"""The parts of a template and of config objects that a plan changes, before and after, for people to read."""

from collections.abc import Iterator, Mapping
from dataclasses import field
from itertools import takewhile
from typing import Any

from cutover.core.base.canonical import canonical
from cutover.core.base.documents import Json
from cutover.core.base.frozen import frozen
from cutover.core.base.redaction import Redactor
from cutover.core.patch.config_copies import Copy
from cutover.core.patch.edit import Edits
from cutover.core.podtemplate.env_source import Absent, Literal
from cutover.core.podtemplate.field_paths import Place, Value, is_list, part_at

Documents = tuple[Any, ...]
"""One document, or none where the part is not."""


@frozen
class ChangedPart:
    """One part under its name (`containers/app/env`), before and after: one document each, or none where it is not."""

    name: str
    before: tuple[Any, ...] = field(repr=False)
    after: tuple[Any, ...] = field(repr=False)


def changed_parts(edits: Edits, redactor: Redactor) -> tuple[ChangedPart, ...]:
    """The parts of the template in which anything changes, each once."""
    places = dict.fromkeys(_part_of(edit.place) for edit in edits.edits)
    return tuple(_changed(place, edits, redactor) for place in places)


def _part_of(place: Place) -> Place:
    """A field of a container, or of the pod: enough around a change to see what it is about."""
    match place:
        case ("spec", "containers" | "initContainers", *_):
            return place[:4]
        case _:
            return place[:2]


def _changed(place: Place, edits: Edits, redactor: Redactor) -> ChangedPart:
    before, after = (tuple(_documents(template, place)) for template in (edits.before, edits.after))
    before, after = _redacted(str(place[-1]), before, after, redactor)
    return ChangedPart("/".join(map(str, place[1:] if place[0] == "spec" else place)), before, after)


def _documents(template: Json, place: Place) -> Iterator[Any]:
    found = part_at(template, place)
    if isinstance(found, Value) and found.document:
        yield found.document


def _redacted(key: str, before: Documents, after: Documents, redactor: Redactor) -> tuple[Documents, Documents]:
    """Both redacted; what both lists begin and end with only once, for a megabyte of it takes a second."""
    cleaned = tuple(redactor.document({key: each})[key] for each in before)
    lists = [each for each in (*before, *after) if is_list(each) and all(isinstance(item, Mapping) for item in each)]
    if len(lists) < 2:  # noqa: PLR2004 -- one before, one after
        return cleaned, tuple(redactor.document({key: each})[key] for each in after)
    old, new = ([canonical(item) for item in listed] for listed in lists)
    head = _alike(old, new)
    tail = _alike(old[head:][::-1], new[head:][::-1])
    between = redactor.document({key: lists[1][head : len(new) - tail]})[key]
    return cleaned, ([*cleaned[0][:head], *between, *cleaned[0][len(old) - tail :]],)


def _alike(one: list[str], other: list[str]) -> int:
    """With how many equal items both begin."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def copied_parts(copies: tuple[Copy, ...], redactor: Redactor) -> Iterator[ChangedPart]:
    """The keys of copied objects that are other than in their source; of a Secret the names only."""
    for copy in copies:
        pairs = [{change.key: getattr(change, side) for change in copy.changes} for side in ("before", "after")]
        before, after = ({key: _told(copy, key, held, redactor) for key, held in pair.items()} for pair in pairs)
        names = (copy.source, copy.name)
        yield ChangedPart(f"{copy.kind.lower()}/{' → '.join(names)}", _there(before), _there(after))


def _told(copy: Copy, key: str, held: Literal | Absent, redactor: Redactor) -> str | Absent:
    if isinstance(held, Absent):
        return held
    return "(a value)" if copy.kind == "Secret" else redactor.literal(key, held.value)


def _there(members: dict[str, str | Absent]) -> tuple[Any, ...]:
    there = {key: value for key, value in members.items() if not isinstance(value, Absent)}
    return (there,) if there else ()
