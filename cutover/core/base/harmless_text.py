r"""Text that does nothing to a terminal or a reader: control characters are spelled out, as `\u001b`.

A terminal obeys escape sequences; marks of direction and characters of no width make a line read as another. The
spelling is that of JSON and YAML, in whose strings it means the character itself.
"""

import re
from typing import Final

_HARMFUL: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # control characters of ASCII and Latin 1, but tab and line feed
    "\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff"  # width and direction (Unicode UAX #9), line separators
    "\ud800-\udfff\U000e0000-\U000e007f]"  # halves of surrogate pairs; tags
)


def is_harmless(text: str) -> bool:
    """Return whether nothing in the text would be spelled out."""
    return _HARMFUL.search(text) is None


def harmless(text: str) -> str:
    """Return the text with control characters spelled out; tabs and line feeds stay."""
    return _HARMFUL.sub(_spelled, text)


def one_line(text: str) -> str:
    """Return the text on one line: line feeds and tabs are spelled out, too, so that no name makes a line."""
    return _HARMFUL.sub(_spelled, text).replace("\n", "\\u000a").replace("\t", "\\u0009")


def _spelled(match: "re.Match[str]") -> str:
    code = ord(match[0])
    halves = (code,) if code <= _LAST_OF_ONE else (0xD800 + ((code - 0x10000) >> 10), 0xDC00 + (code & 0x3FF))
    return "".join(f"\\u{half:04x}" for half in halves)


_LAST_OF_ONE: Final = 0xFFFF
"""Beyond it JSON spells a character as two halves."""
