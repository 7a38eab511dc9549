"""What the document model expects at a place: looked up in the types, so that messages and schema cannot disagree."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from cutover.core.plan.document import PlanDocument
from cutover.core.plan.place import Path


@dataclass(frozen=True, slots=True)
class Spot:
    """A place of the document: what is expected in words, a mapping's possible keys, a word's possible values."""

    words: str
    keys: tuple[str, ...]
    choices: tuple[str, ...]

    @property
    def expected(self) -> str:
        """What is expected, for a message."""
        return self.words or f"a mapping (keys: {', '.join(self.keys)})"


def spot(path: Path) -> Spot:
    """What is expected at `path`, every part of which but the last is known to the model."""
    model: type[BaseModel] = PlanDocument
    words, choices = "", tuple[str, ...]()
    for part in path:
        if isinstance(part, int):
            words, choices = "", ()
            continue
        field = _fields(model)[part]
        words = field.description or next(_words(field.annotation), "")
        choices = tuple(_choices(field.annotation))
        model = next(_models(field.annotation), BaseModel)
    return Spot(words, tuple(_fields(model)), choices)


def _fields(model: type[BaseModel]) -> dict[str, FieldInfo]:
    return {field.alias or name: field for name, field in model.model_fields.items()}


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    """The document type inside of a field's type."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _models(inner)


def _choices(annotation: Any) -> Iterator[str]:
    """The strings of a `Literal` type."""
    if get_origin(annotation) is Literal:
        yield from (choice for choice in get_args(annotation) if isinstance(choice, str))


def _words(annotation: Any) -> Iterator[str]:
    """The descriptions inside of an optional field's type."""
    for inner in (*getattr(annotation, "__metadata__", ()), *get_args(annotation)):
        if isinstance(inner, FieldInfo) and inner.description:
            yield inner.description
        elif not isinstance(inner, FieldInfo):
            yield from _words(inner)
