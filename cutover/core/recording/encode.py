"""Writes the values of a recording as JSON documents, redacted.

A frozen dataclass becomes an object that names its class, without fields that are empty by default. If `before` is of
the same class, only the fields that differ from it are written; items of a tuple are compared with those of a tuple of
the same length.
"""

from collections.abc import Mapping
from dataclasses import MISSING, Field, is_dataclass
from enum import Enum
from typing import Any, get_args, get_origin

from cutover.core.base.cluster_text import ClusterText, Sentence
from cutover.core.base.redaction import Redactor
from cutover.core.base.secret_text import SecretText
from cutover.core.recording.class_fields import CLASS, fields_of, hints_of, items_of, olds_of
from cutover.core.recording.masking import by_place
from cutover.core.recording.wire_names import BY_CLASS, ClassWords


def encode(value: Any, hint: Any, redactor: Redactor, before: Any = None) -> Any:
    """Return the value of that type as a JSON document, redacted.

    Raises:
        ValueError: it holds something that no recording can hold.
    """
    if isinstance(value, Sentence):
        return redactor.words(value)
    if is_dataclass(value):
        return _object(value, _class(value), redactor, before)
    if hint is Any:
        return redactor.document(value)
    if get_origin(hint) is Mapping:
        return _mapping(value, get_args(hint), redactor)
    if isinstance(value, tuple):
        items = zip(value, items_of(hint, len(value)), olds_of(before, len(value)), strict=True)
        return [encode(item, of, redactor, old) for item, of, old in items]
    if isinstance(value, frozenset):
        return sorted(encode(item, get_args(hint)[0], redactor) for item in value)
    return _scalar(value, redactor)


def _class(value: Any) -> type:
    """Return the class as which a value is recorded: its own, or the recorded one that an adapter's class derives from.

    Raises:
        ValueError: there is none.
    """
    for base in type(value).__mro__:
        if base in BY_CLASS:
            return base
    raise ValueError(f"a recording cannot hold a {type(value).__name__}")


def _object(value: Any, kind: type, redactor: Redactor, before: Any) -> dict[str, Any]:
    words, compared = BY_CLASS[kind], isinstance(before, kind)
    encoded: dict[str, Any] = {CLASS: words.name}
    for field, word in fields_of(kind):
        new, old = getattr(value, field.name), getattr(before, field.name) if compared else None
        if (compared and old != new) or (not compared and not _is_left_out(words, field, new)):
            encoded[word] = _member(words, field, new, redactor, old)
    return by_place(value, encoded, redactor)


def _member(words: ClassWords, field: Field[Any], value: Any, redactor: Redactor, old: Any) -> Any:
    if value is None:
        return [] if words.listed(field.name) else {CLASS: words.absent[field.name]}
    encoded = encode(value, hints_of(words.kind)[field.name], redactor, old)
    return [encoded] if words.listed(field.name) else encoded


def _is_left_out(words: ClassWords, field: Field[Any], value: Any) -> bool:
    """Whether the value is empty, and so is the field's default: then it need not be written."""
    if value is None and not words.listed(field.name):
        return False
    default = field.default_factory() if field.default_factory is not MISSING else field.default
    return not value and not isinstance(value, Enum) and value == default


def _mapping(value: Mapping[Any, Any], types: tuple[Any, Any], redactor: Redactor) -> Any:
    """Return an object, or a list of pairs if the keys are tuples; plain values are redacted as one document."""
    keys, values = types
    if keys is str and not is_dataclass(values):
        return redactor.document(value)
    pairs = [[encode(key, keys, redactor), encode(item, values, redactor)] for key, item in value.items()]
    return pairs if get_origin(keys) is tuple else dict(pairs)


def _scalar(value: Any, redactor: Redactor) -> Any:
    match value:
        case Enum():
            return value.value
        case SecretText():
            return redactor.literal("", value)
        case ClusterText():
            return redactor.whole(value)
        case str():
            return redactor.text(value)
        case bool() | int() | float():
            return value
    raise ValueError(f"a recording cannot hold a {type(value).__name__}")
