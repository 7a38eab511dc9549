"""Reads the values of a recording from its JSON documents. Strict: an unknown name or type is an error."""

from collections.abc import Iterable, Mapping
from dataclasses import is_dataclass
from enum import Enum
from types import NoneType
from typing import Any, Final, get_args, get_origin

from cutover.core.base.cluster_text import ClusterText
from cutover.core.base.secret_text import SecretText
from cutover.core.recording.class_fields import CLASS, fields_of, hints_of, items_of, olds_of
from cutover.core.recording.wire_names import BY_CLASS
from cutover.core.writes.write import Write

NOT_NEEDED: Final[Mapping[str, Any]] = {"operations": (), "proof": lambda _: False, "body": {}, "words": ()}
"""The fields of a `Write` that are not recorded, and their values in a replay: the engine never reads them."""

_PLAIN: Final = frozenset({str, int})
"""The types of a step of a field path: a name, or an index."""


def decode(document: Any, hint: Any, before: Any = None) -> Any:
    """Return the document's value of that type; `before` is what it was compared with when it was written.

    Raises:
        ValueError: the document spells no such value.
    """
    origin, args = get_origin(hint), get_args(hint)
    if hint is Any:
        return document
    if origin is Mapping:
        return _decoded_mapping(document, *args)
    if origin in {tuple, frozenset}:
        elements = demand(document, list)
        items = zip(elements, items_of(hint, len(elements)), olds_of(before, len(elements)), strict=True)
        return origin(decode(item, of, old) for item, of, old in items)
    if set(args) & _PLAIN:
        return _decoded_scalar(document, next((kind for kind in args if type(document) is kind), args[0]))
    if origin is not None or is_dataclass(hint):
        return _decoded_object(demand(document, dict), args or (hint,), before)
    return _decoded_scalar(document, hint)


def _decoded_object(document: Mapping[str, Any], allowed: Iterable[type], before: Any) -> Any:
    kind = _allowed(document.get(CLASS), allowed)
    hints, known = hints_of(kind), {word: field.name for field, word in fields_of(kind)}
    if strange := sorted(document.keys() - known.keys() - {CLASS}):
        raise ValueError(f"a recording names {', '.join(strange)} in a {_name(kind)}, which has no such field")
    compared = type(before) is kind
    old = {name: getattr(before, name) for name in known.values()} if compared else {}
    pairs = ((known[word], value) for word, value in document.items() if word != CLASS)
    members = {name: _member(kind, name, value, hints[name], old.get(name)) for name, value in pairs}
    try:
        return kind(**{**old, **members}, **(NOT_NEEDED if kind is Write else {}))
    except TypeError as error:
        raise ValueError(f"a recording lacks a field of a {_name(kind)}: {error}") from None


def _member(kind: type, name: str, document: Any, hint: Any, old: Any) -> Any:
    words = BY_CLASS[kind]
    if words.listed(name):
        return _only(demand(document, list), hint, old)
    nothing = words.absent.get(name)
    return None if nothing and document == {CLASS: nothing} else decode(document, hint, old)


def _only(listed: list[Any], hint: Any, old: Any) -> Any:
    """Read a list of at most one value: the value, or None for an empty list; `hint` is `X | None`.

    Raises:
        ValueError: the list is longer.
    """
    if len(listed) > 1:
        raise ValueError(f"a recording holds {len(listed)} values where at most one belongs")
    (kind,) = (each for each in get_args(hint) if each is not NoneType)
    return decode(listed[0], kind, old) if listed else None


def _allowed(name: Any, allowed: Iterable[type]) -> type:
    for kind in allowed:
        if kind in BY_CLASS and BY_CLASS[kind].name == name:
            return kind
    raise ValueError(f"a recording names {name!r} where one of {', '.join(map(_name, allowed))} belongs")


def _name(kind: type) -> str:
    """Return the word for a class; its name in the code if it is never recorded."""
    words = BY_CLASS.get(kind)
    return words.name if words else kind.__name__


def _decoded_mapping(document: Any, keys: Any, values: Any) -> Any:
    pairs = demand(document, list) if get_origin(keys) is tuple else [*demand(document, dict).items()]
    return {decode(key, keys): decode(item, values) for key, item in pairs}


def _decoded_scalar(document: Any, hint: Any) -> Any:
    if issubclass(hint, Enum):
        return hint(document)
    if hint in {SecretText, ClusterText}:
        return hint(demand(document, str))
    if hint is float:
        return document if type(document) is int else demand(document, float)
    return demand(document, hint)


def demand(document: Any, kind: type) -> Any:
    """Return the document, which must be of that type.

    Raises:
        ValueError: it is of another type.
    """
    if type(document) is not kind:
        raise ValueError(f"a recording holds a {type(document).__name__} where a {kind.__name__} belongs")
    return document
