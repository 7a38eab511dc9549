"""The types and the words of the fields of each class that a recording can hold."""

from collections.abc import Mapping
from dataclasses import Field, fields
from functools import cache
from typing import Any, Final, get_args, get_type_hints

from cutover.core.recording.wire_names import BY_CLASS

CLASS: Final = "class"
"""The member of a document that names its class; no field can have this name."""


@cache
def hints_of(kind: type) -> Mapping[str, Any]:
    """Return the type of each field, by attribute; cached, because resolving them is slow."""
    return get_type_hints(kind)


@cache
def fields_of(kind: type) -> tuple[tuple[Field[Any], str], ...]:
    """Return the fields of a class that are recorded, each with its word."""
    by_attribute = {field.name: field for field in fields(kind)}
    return tuple((by_attribute[attribute], word) for attribute, word in BY_CLASS[kind].fields.items())


def items_of(hint: Any, length: int) -> tuple[Any, ...]:
    """Return the types of the items of a tuple or set of that length."""
    args = get_args(hint)
    return (args[0],) * length if len(args) == 1 or args[-1] is Ellipsis else args


def olds_of(before: Any, length: int) -> tuple[Any, ...]:
    """Return what the items of a tuple of that length are compared with; None for each if `before` does not fit."""
    return before if isinstance(before, tuple) and len(before) == length else (None,) * length
