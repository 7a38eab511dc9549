"""JSON documents of a recording as the values that they spell. Strict: what is not known is an error."""

from collections.abc import Iterable, Mapping
from dataclasses import is_dataclass
from enum import Enum
from typing import Any, get_args, get_origin

from cutover.core.base.secret_text import Sealed
from cutover.core.recording.shapes import CLASS, NOT_NEEDED, fields_of, hints_of, items_of, olds_of
from cutover.core.writes.write import Write


def decode(document: Any, hint: Any, before: Any = None) -> Any:
    """The value of that type that the document spells; `before` is what it was compared with when it was written.

    Raises:
        ValueError: it spells none.
    """
    origin, args = get_origin(hint), get_args(hint)
    if hint is Any:
        return document
    if origin is Mapping:
        return _decoded_mapping(document, *args)
    if origin in {tuple, frozenset}:
        told = demand(document, list)
        items = zip(told, items_of(hint, len(told)), olds_of(before, len(told)), strict=True)
        return origin(decode(item, of, old) for item, of, old in items)
    if origin is not None or is_dataclass(hint):
        return _decoded_object(demand(document, dict), args or (hint,), before)
    return _decoded_scalar(document, hint)


def _decoded_object(document: Mapping[str, Any], allowed: Iterable[type], before: Any) -> Any:
    kind = _allowed(document.get(CLASS), allowed)
    hints, known = hints_of(kind), {found.name for found in fields_of(kind)}
    if strange := sorted(document.keys() - known - {CLASS}):
        raise ValueError(f"a recording names {', '.join(strange)} in a {kind.__name__}, which has no such field")
    compared = type(before) is kind
    old = {name: getattr(before, name) for name in known} if compared else {}
    members = {name: decode(value, hints[name], old.get(name)) for name, value in document.items() if name != CLASS}
    try:
        return kind(**{**old, **members}, **(NOT_NEEDED if kind is Write else {}))
    except TypeError as error:
        raise ValueError(f"a recording lacks a field of a {kind.__name__}: {error}") from None


def _allowed(name: Any, allowed: Iterable[type]) -> type:
    for kind in allowed:
        if kind.__name__ == name:
            return kind
    raise ValueError(f"a recording names {name!r} where one of {', '.join(kind.__name__ for kind in allowed)} belongs")


def _decoded_mapping(document: Any, keys: Any, values: Any) -> Any:
    pairs = demand(document, list) if get_origin(keys) is tuple else [*demand(document, dict).items()]
    return {decode(key, keys): decode(item, values) for key, item in pairs}


def _decoded_scalar(document: Any, hint: Any) -> Any:
    if issubclass(hint, Enum):
        return hint(document)
    if hint is Sealed:
        return Sealed(demand(document, str))
    if hint is float:
        return document if type(document) is int else demand(document, float)
    return demand(document, hint)


def demand(document: Any, kind: type) -> Any:
    """The document, which must be of that type.

    Raises:
        ValueError: it is not.
    """
    if type(document) is not kind:
        raise ValueError(f"a recording holds a {type(document).__name__} where a {kind.__name__} belongs")
    return document
