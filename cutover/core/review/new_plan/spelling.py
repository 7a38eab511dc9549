"""How a written plan spells its parts, so that every reader of YAML reads strings as these strings."""

import json
import re
from textwrap import wrap
from typing import Any, Final

from cutover.core.plan.yaml_events import plain
from cutover.core.podtemplate.env_source import Absent, Settable, entry_of

WIDTH: Final = 118

_WORD: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_./-]*")
_ESCAPED: Final = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t"}


def quoted(text: str) -> str:
    """The text in double quotes, on one line; what cannot be seen is spelled out, for whoever reviews it."""
    return f'"{"".join(map(_character, text))}"'


def word(text: str) -> str:
    """The text without quotes where nobody can take it for something else than this string."""
    return text if _WORD.fullmatch(text) and plain(text) == text else quoted(text)


def flow(key: str, value: Any) -> str:
    """What stands behind a key, on one line. A `value` is always in quotes: one that is changed later stays text."""
    match value:
        case dict():
            return f"{{{', '.join(f'{word(inner)}: {flow(inner, held)}' for inner, held in value.items())}}}"
        case list():
            return f"[{', '.join(flow(key, held) for held in value)}]"
        case bool() | int() | float():
            return json.dumps(value)
        case _:
            return quoted(value) if key == "value" else word(value)


def source_keys(variable: str, source: Settable, nothing: str) -> dict[str, Any]:
    """The keys by which a plan says a source; `nothing` is the one for no variable (`remove`, `absent`)."""
    if isinstance(source, Absent):
        return {nothing: True}
    entry = entry_of(variable, source)
    keys: dict[str, Any] = entry.get("valueFrom") or {"value": entry["value"]}
    return keys


def comment(text: str, indent: int = 0) -> list[str]:
    """The text as lines of comment. Whatever is in it, it stays a comment: nothing in it ends a line."""
    shown = "".join(char if char.isprintable() else "?" for char in text)
    lead = " " * indent + "# "
    return [lead + line for line in wrap(shown, WIDTH - len(lead), break_long_words=False, break_on_hyphens=False)]


def _character(char: str) -> str:
    escaped = "" if char.isprintable() else f"\\u{ord(char):04x}" if ord(char) < 1 << 16 else f"\\U{ord(char):08x}"
    return _ESCAPED.get(char, escaped or char)
