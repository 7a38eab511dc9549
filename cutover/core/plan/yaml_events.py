"""PyYAML's events as small typed values, and the classification of unquoted words.

Events are read one at a time, so that nothing is read beyond a limit.
"""

import re
from collections.abc import Iterator
from enum import Enum, auto
from typing import Any, Final

import yaml

from cutover.core.base.frozen import frozen


class EventSort(Enum):
    """The kinds of event; CLOSE is the end of a list, a mapping or a document, and also the start of the text."""

    SCALAR = auto()
    ALIAS = auto()
    LIST = auto()
    MAPPING = auto()
    CLOSE = auto()
    DOCUMENT = auto()
    END = auto()


@frozen
class YamlEvent:
    """One event. `text` is a scalar's text or an alias's name; `quoted` is true for every style but the plain one."""

    sort: EventSort
    line: int
    text: str = ""
    quoted: bool = False
    anchor: str = ""
    tag: str = ""


_SORTS: Final = {
    yaml.ScalarEvent: EventSort.SCALAR,
    yaml.AliasEvent: EventSort.ALIAS,
    yaml.SequenceStartEvent: EventSort.LIST,
    yaml.MappingStartEvent: EventSort.MAPPING,
    yaml.SequenceEndEvent: EventSort.CLOSE,
    yaml.MappingEndEvent: EventSort.CLOSE,
    yaml.DocumentEndEvent: EventSort.CLOSE,
    yaml.DocumentStartEvent: EventSort.DOCUMENT,
    yaml.StreamStartEvent: EventSort.CLOSE,
    yaml.StreamEndEvent: EventSort.END,
}


class YamlEvents:
    """The events of a text, with a way to peek at the next one. Raises PyYAML's errors if the text is not YAML."""

    _events: Iterator[Any]

    def __init__(self, text: str) -> None:
        self._events = yaml.parse(text, Loader=yaml.SafeLoader)
        self._ahead: list[YamlEvent] = []
        self.line = 1

    def peek(self) -> YamlEvent:
        """Return the next event without taking it."""
        if not self._ahead:
            self._ahead.append(_event(next(self._events)))
            self.line = self._ahead[0].line
        return self._ahead[0]

    def next(self) -> YamlEvent:
        """Take and return the next event."""
        event = self.peek()
        self._ahead.clear()
        return event


def _event(event: Any) -> YamlEvent:
    is_scalar = isinstance(event, yaml.ScalarEvent)
    is_alias = isinstance(event, yaml.AliasEvent)
    anchor, tag = getattr(event, "anchor", None) or "", getattr(event, "tag", None) or ""
    return YamlEvent(
        sort=_SORTS[type(event)],
        line=event.start_mark.line + 1,
        text=event.value if is_scalar else anchor if is_alias else "",
        quoted=is_scalar and event.style is not None,
        anchor="" if is_alias else anchor,
        tag=tag,
    )


# YAML 1.1 (PyYAML), YAML 1.2 and kubectl's parser disagree on unquoted words such as `on`, `012` and `y`. A plan that
# means a string there must quote it.


@frozen
class Unquoted:
    """An unquoted word that some YAML parser reads as `kind` (`a number`), not as a string."""

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


def unquoted_word(text: str) -> str | bool | Unquoted:
    """Return an unquoted word as a string, as a boolean, or as `Unquoted` if it must be quoted to be a string."""
    if text in _TRUTHS:
        return _TRUTHS[text]
    kind = next((kind for kind, pattern in _KINDS if pattern.fullmatch(text)), "")
    return Unquoted(text, kind) if kind else text
