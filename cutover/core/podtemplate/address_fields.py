"""Finds the strings of a template that may hold an address: arguments, variables, annotations, probes, host aliases.

Names, images, labels and ports are left out: a value that occurs there occurs by chance.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from typing import Any, Final

from cutover.core.base.documents import Json
from cutover.core.base.frozen import frozen
from cutover.core.podtemplate.containers import LISTS
from cutover.core.podtemplate.field_paths import FieldPath, Value, is_list, names_in, part_at, path_text

_FIELDS: Final = ("command", "args", "env", "lifecycle", "livenessProbe", "readinessProbe", "startupProbe")
_ANNOTATIONS: Final = ("metadata", "annotations")
_NAMES: Final = frozenset({"name", "valueFrom", "path", "scheme"})


@frozen
class AddressText:
    """One string of a template, with its field path (`place`)."""

    place: FieldPath
    text: str = field(repr=False)

    @property
    def words(self) -> str:
        """The field path for people to read; an annotation is in brackets, because its name has dots."""
        if self.place[:2] == _ANNOTATIONS:
            return f"metadata.annotations[{self.place[2]}]"
        return path_text(self.place)


def address_texts(template: Json) -> tuple[AddressText, ...]:
    """Return all strings of the template that may hold an address."""
    return tuple(text for place in _places(template) for text in _below(template, place))


def _places(template: Json) -> Iterator[FieldPath]:
    yield _ANNOTATIONS
    yield ("spec", "hostAliases")
    for listed, _ in LISTS:
        part = part_at(template, ("spec", listed))
        names = names_in(part.document) if isinstance(part, Value) else ()
        yield from (("spec", listed, name, fields) for name in names for fields in _FIELDS)


def _below(template: Json, place: FieldPath) -> Iterator[AddressText]:
    part = part_at(template, place)
    if isinstance(part, Value):
        yield from _of(part.document, place)


def _of(document: Any, place: FieldPath) -> Iterator[AddressText]:
    if isinstance(document, str):
        yield AddressText(place, document)
    elif isinstance(document, Mapping):
        for key, value in document.items():
            if key not in _NAMES or place == _ANNOTATIONS:
                yield from _of(value, (*place, key))
    elif is_list(document):
        steps: Sequence[str | int] = names_in(document) or range(len(document))
        for step, item in zip(steps, document, strict=True):
            yield from _of(item, (*place, step))
