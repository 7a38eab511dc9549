"""The parts of a template and of config objects that a plan changes, before and after, for people to read."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from cutover.core.copies import Copy
from cutover.core.edit import Edits
from cutover.core.redact import Redactor
from cutover.core.template.places import Place, Value, part_at
from cutover.core.template.source import Absent, Literal
from cutover.core.views.fields import Json


@dataclass(frozen=True, slots=True)
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
    before, after = (tuple(_documents(template, place, redactor)) for template in (edits.before, edits.after))
    return ChangedPart("/".join(map(str, place[1:] if place[0] == "spec" else place)), before, after)


def _documents(template: Json, place: Place, redactor: Redactor) -> Iterator[Any]:
    found = part_at(template, place)
    if isinstance(found, Value) and found.document:
        key = str(place[-1])
        yield redactor.document({key: found.document})[key]


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
