"""JSON from outside, made into nothing but JSON: numbers that are numbers, and text that can be written down again."""

import json
import re
from math import isfinite
from typing import Any, Final

# JSON can spell half of a surrogate pair, and neither YAML nor a terminal can show one.
_HALF: Final = re.compile(r"\\u[dD][89a-fA-F]")


def parsed(body: bytes) -> Any:
    """The document that a body holds. What is no number of JSON (`NaN`, `1e999`) reads as nothing.

    Raises:
        ValueError: it holds none, or one that is nested some hundred levels deep.
    """
    text = body.decode()
    try:
        document = json.loads(text, parse_constant=_nothing, parse_float=_finite)
        return _without_halves(document) if _HALF.search(text) else document
    except RecursionError:
        raise ValueError("nested too deep") from None


def plain(value: Any) -> Any:
    """What a reader of YAML has made of a document, as the JSON that the API server would make of it."""
    match value:
        case dict():
            return {_key(key): plain(held) for key, held in value.items()}
        case list() | tuple() | set():
            return [plain(held) for held in value]
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
    """Whether a document is nested deeper than that."""
    level = [document]
    for _ in range(levels):
        level = [inner for held in level for inner in _inside(held)]
    return bool(level)


def _inside(held: Any) -> Any:
    return held.values() if isinstance(held, dict) else held if isinstance(held, list) else ()


def _without_halves(document: Any) -> Any:
    return json.loads(json.dumps(document, ensure_ascii=False).encode(errors="replace"))


def _nothing(_: str) -> None:
    return None


def _finite(text: str) -> float | None:
    return float(text) if isfinite(float(text)) else None
