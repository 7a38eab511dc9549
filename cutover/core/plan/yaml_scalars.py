"""Which unquoted words of YAML are not the strings that they look like, to one reader of YAML or another.

YAML 1.1 (PyYAML), YAML 1.2 and the reader of kubectl disagree on `on`, `012` and `y`. A plan that means a string there
has to say so with quotes.
"""

import re
from typing import Final

from cutover.core.base.frozen import frozen


@frozen
class Unquoted:
    """A word without quotes that some reader of YAML takes for `kind` (`a number`), not for a string."""

    text: str
    kind: str


NOTHING: Final = "nothing"

_TRUTHS: Final = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}

_KINDS: Final = (
    (NOTHING, re.compile(r"(?:~|null|Null|NULL)?")),
    ("a boolean", re.compile(r"y|n|yes|no|on|off", re.IGNORECASE)),
    ("a number", re.compile(r"[-+]?(?:0b[01_]+|0x[0-9a-fA-F_]+|0o[0-7_]+)")),
    ("a number", re.compile(r"[-+]?(?:[0-9][0-9_]*(?:\.[0-9_]*)?|\.[0-9_]+)(?:[eE][-+]?[0-9]+)?")),
    ("a number", re.compile(r"[-+]?\.(?:inf|nan)", re.IGNORECASE)),
    ("a number in base 60", re.compile(r"[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?")),
    ("a date", re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt\s].{0,64})?")),
)


def plain(text: str) -> str | bool | Unquoted:
    """What an unquoted word is: a string, a boolean, or something that has to be quoted to be a string."""
    if text in _TRUTHS:
        return _TRUTHS[text]
    kind = next((kind for kind, pattern in _KINDS if pattern.fullmatch(text)), "")
    return Unquoted(text, kind) if kind else text
