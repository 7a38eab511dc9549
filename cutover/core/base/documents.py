"""Helpers that read, parse, normalize and hash JSON documents without trusting their shape.

A wrong or missing field reads as its zero value: Kubernetes omits zero values, and a malformed object must lead to a
finding, never to a traceback.
"""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from math import isfinite
from typing import Any, Final

from cutover.core.base.cluster_text import ClusterText

Json = Mapping[str, Any]
"""An object of the API as parsed JSON; by convention it is not modified after parsing."""

_LARGEST: Final = (1 << 63) - 1
"""The largest int64. The API has no larger numbers, and Python could not convert some of them to a float."""

LONGEST_NUMBER: Final = 19
"""Digits of the largest number of the API; Python refuses to read a number with thousands of digits."""


def at(document: Any, *path: str) -> Any:
    """Return the value at `path`, or `None` if a step is missing or is not an object."""
    for key in path:
        if not isinstance(document, Mapping):
            return None
        document = document.get(key)
    return document


def text(document: Any, *path: str) -> str:
    """Return the string at `path`, or the empty string."""
    value = at(document, *path)
    return value if isinstance(value, str) else ""


def quoted(document: Any, *path: str) -> ClusterText:
    """Return the string at `path` as text of the cluster, empty if there is none."""
    return ClusterText(text(document, *path))


def whole(document: Any, *path: str, default: int = 0) -> int:
    """Return the integer at `path`, or `default`. A number in a string counts (`status.observedGeneration` is one)."""
    value = at(document, *path)
    if isinstance(value, str):
        value = int(value) if value.isascii() and value.isdigit() and len(value) <= LONGEST_NUMBER else default
    fits = isinstance(value, int) and not isinstance(value, bool) and -_LARGEST <= value <= _LARGEST
    return value if fits else default


def flag(document: Any, *path: str) -> bool:
    """Return whether the boolean at `path` is present and true."""
    return at(document, *path) is True


def mapping(document: Any, *path: str) -> Json:
    """Return the object at `path`, or an empty one."""
    value = at(document, *path)
    return value if isinstance(value, Mapping) else {}


def objects(document: Any, *path: str) -> tuple[Json, ...]:
    """Return the objects in the list at `path`; skip every other item."""
    value = at(document, *path)
    if not isinstance(value, Sequence) or isinstance(value, str):
        return ()
    return tuple(item for item in value if isinstance(item, Mapping))


def strings(document: Any, *path: str) -> Mapping[str, str]:
    """Return the string-to-string map at `path` (labels, annotations, selectors)."""
    return {key: value for key, value in mapping(document, *path).items() if isinstance(value, str)}


def moment(document: Any, *path: str) -> float:
    """Return the RFC 3339 time at `path` in seconds since the epoch by the server's clock; 0.0 if there is none."""
    value = text(document, *path)
    if not value:
        return 0.0
    try:
        return datetime.fromisoformat(value).timestamp()
    except ValueError:
        return 0.0


Operation = Mapping[str, Any]
"""One operation of a JSON Patch (RFC 6902)."""


def canonical(document: Any) -> str:
    """Return the document as JSON with sorted keys and no spaces: only equal documents give the same text."""
    return json.dumps(document, sort_keys=True, separators=(",", ":"))


def digest(document: Any) -> str:
    """Return the SHA-256 of the canonical JSON text, in hexadecimal."""
    return hashlib.sha256(canonical(document).encode()).hexdigest()


# JSON can contain half of a surrogate pair; neither YAML nor a terminal can show one.
_HALF: Final = re.compile(r"\\u[dD][89a-fA-F]")


def parsed(body: bytes) -> Any:
    """Return the JSON document in a response body. Numbers that JSON does not have (`NaN`, `1e999`) read as `None`.

    Raises:
        ValueError: the body is not JSON, or is nested some hundred levels deep.
    """
    text = body.decode()
    try:
        document = json.loads(text, parse_constant=_nothing, parse_float=_finite)
        return _without_halves(document) if _HALF.search(text) else document
    except RecursionError:
        raise ValueError("nested too deep") from None


def plain(value: Any) -> Any:
    """Convert a document loaded from YAML into the JSON that the API server would make of it."""
    match value:
        case dict():
            return {_key(key): plain(item) for key, item in value.items()}
        case list() | tuple() | set():
            return [plain(item) for item in value]
        case str():
            return value.encode(errors="replace").decode()
        case float() if not isfinite(value):
            return None
        case None | bool() | int() | float():
            return value
        case _:
            return str(value)  # a date


def _key(key: Any) -> str:
    return plain(key) if isinstance(key, str) else json.dumps(plain(key))


def too_deep(document: Any, levels: int) -> bool:
    """Whether a document has more than `levels` levels of objects and lists inside each other."""
    level = [document]
    for _ in range(levels):
        level = [inner for outer in level for inner in _inside(outer)]
    return bool(level)


def _inside(value: Any) -> Any:
    return value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()


def _without_halves(document: Any) -> Any:
    return json.loads(json.dumps(document, ensure_ascii=False).encode(errors="replace"))


def _nothing(_: str) -> None:
    return None


def _finite(text: str) -> float | None:
    return float(text) if isfinite(float(text)) else None


# The `apiVersion` of every document of cutover: plans, diffs, reports.
API_VERSION: Final = "cutover.dev/v1alpha1"
