"""Looks up what the document types expect at a field path, so that messages and JSON Schema cannot disagree."""

from collections.abc import Iterator
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from cutover.core.base.frozen import frozen
from cutover.core.plan.document import PlanDocument
from cutover.core.plan.yaml_tree import PlanPath


@frozen
class Expectation:
    """What a plan may hold at a field path: a description, a mapping's possible keys, a word's possible values."""

    words: str
    keys: tuple[str, ...]
    choices: tuple[str, ...]

    @property
    def expected(self) -> str:
        """The description; for a mapping without one, its possible keys."""
        return self.words or f"a mapping (keys: {', '.join(self.keys)})"


def expectation(path: PlanPath) -> Expectation:
    """Return what is expected at `path`; the document types must know every part of it but the last."""
    kind: Any = PlanDocument
    words = ""
    for part in path:
        kind, words = _within(kind, part)
    words = words or next(_words(kind), "")
    return Expectation(words, tuple(_fields(_model(kind))), tuple(_choices(kind)))


def _within(kind: Any, part: str | int) -> tuple[Any, str]:
    """Return the type one step further into a type, and the description of its field."""
    if isinstance(part, int):
        return next(_inside(kind, list), Any), ""
    for values in _inside(kind, dict):
        return values, ""
    field = _fields(_model(kind))[part]
    return field.annotation, field.description or ""


def _inside(kind: Any, collection: type) -> Iterator[Any]:
    """Yield the type of a list's items, or of a mapping's values."""
    if get_origin(kind) is collection:
        yield get_args(kind)[-1]
    elif get_origin(kind) not in (list, dict):
        for inner in get_args(kind):
            yield from _inside(inner, collection)


def _model(kind: Any) -> type[BaseModel]:
    return next(_models(kind), BaseModel)


def _fields(model: type[BaseModel]) -> dict[str, FieldInfo]:
    return {field.alias or name: field for name, field in model.model_fields.items()}


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    """Yield the document types in a field's type, except those of a list's items or a mapping's values."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    if get_origin(annotation) not in (list, dict):
        for inner in get_args(annotation):
            yield from _models(inner)


def _choices(annotation: Any) -> Iterator[str]:
    """Yield the strings of a `Literal`; nothing for any other type."""
    if get_origin(annotation) is Literal:
        yield from (choice for choice in get_args(annotation) if isinstance(choice, str))


def _words(annotation: Any) -> Iterator[str]:
    """Yield the descriptions in an optional field's type."""
    for inner in (*getattr(annotation, "__metadata__", ()), *get_args(annotation)):
        if isinstance(inner, FieldInfo) and inner.description:
            yield inner.description
        elif not isinstance(inner, FieldInfo):
            yield from _words(inner)
