"""Reading a JSON document of the API without trusting its shape.

A wrong or missing field reads as its zero value: Kubernetes omits zero values, and an object of an odd shape must
lead to a finding, never to a traceback.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

Json = Mapping[str, Any]
"""An object of the API as parsed JSON; by convention nobody changes it after parsing."""

_LARGEST: Final = (1 << 63) - 1
"""The API's numbers are int64: what is larger is none, and Python would make no float of it."""

LONGEST_NUMBER: Final = 19
"""Digits of the largest number of the API; Python refuses to read some thousand."""


def at(document: Any, *path: str) -> Any:
    """The value at `path`, or `None` where a step is missing or not an object."""
    for key in path:
        if not isinstance(document, Mapping):
            return None
        document = document.get(key)
    return document


def text(document: Any, *path: str) -> str:
    """The string at `path`, or the empty string."""
    value = at(document, *path)
    return value if isinstance(value, str) else ""


def whole(document: Any, *path: str, default: int = 0) -> int:
    """The integer at `path`, or `default`. A number in a string counts (`status.observedGeneration` is one)."""
    value = at(document, *path)
    if isinstance(value, str):
        value = int(value) if value.isascii() and value.isdigit() and len(value) <= LONGEST_NUMBER else default
    fits = isinstance(value, int) and not isinstance(value, bool) and -_LARGEST <= value <= _LARGEST
    return value if fits else default


def flag(document: Any, *path: str) -> bool:
    """Whether the boolean at `path` is there and true."""
    return at(document, *path) is True


def mapping(document: Any, *path: str) -> Json:
    """The object at `path`, or an empty one."""
    value = at(document, *path)
    return value if isinstance(value, Mapping) else {}


def objects(document: Any, *path: str) -> tuple[Json, ...]:
    """The objects of the list at `path`; anything else in it is passed over."""
    value = at(document, *path)
    if not isinstance(value, Sequence) or isinstance(value, str):
        return ()
    return tuple(item for item in value if isinstance(item, Mapping))


def strings(document: Any, *path: str) -> Mapping[str, str]:
    """The string-to-string map at `path` (labels, annotations, selectors)."""
    return {key: value for key, value in mapping(document, *path).items() if isinstance(value, str)}


def moment(document: Any, *path: str) -> float:
    """The RFC 3339 time at `path` in seconds since the epoch by the server's clock; 0.0 where there is none."""
    value = text(document, *path)
    if not value:
        return 0.0
    try:
        return datetime.fromisoformat(value).timestamp()
    except ValueError:
        return 0.0


Operation = Mapping[str, Any]
"""One operation of a JSON Patch (RFC 6902)."""
