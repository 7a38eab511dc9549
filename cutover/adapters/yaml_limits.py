"""Refusing YAML that would exhaust the process, by reading its events before the loader gets the text.

The loader in C nests as deep as the text says, until the stack of the process is used up; and with aliases of aliases
a few lines stand for more than fits in memory.
"""

from dataclasses import dataclass, field
from typing import Any, Final

import yaml

DEEPEST: Final = 200
"""Levels that a document may have; no object of Kubernetes has a fifth of that."""

MOST: Final = 200_000
"""Parts that all aliases of a text together may add to the document."""


class BombError(Exception):
    """The text is nested too deep, or its aliases add too many parts. `line` is the line where a limit is passed."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


@dataclass(slots=True)
class _Looking:
    """Counts the parts of a text while its events are read.

    `opened` holds, for each part that is still open, its anchor and the number of parts up to and including it.
    `sizes` holds the sizes of the complete parts that have an anchor; `stood_for` counts what aliases stand for.
    """

    parts: int = 0
    stood_for: int = 0
    opened: list[tuple[str, int]] = field(default_factory=list)
    sizes: dict[str, int] = field(default_factory=dict)

    def see(self, event: Any) -> str:
        """Count an event; return which limit is passed, or the empty string."""
        match event:
            case yaml.AliasEvent():
                size = self._size(event.anchor or "")
                self.parts, self.stood_for = self.parts + size, self.stood_for + size
            case yaml.ScalarEvent():
                self.parts += 1
                self.sizes.update({event.anchor: 1} if event.anchor else {})
            case yaml.CollectionStartEvent():
                self.parts += 1
                self.opened.append((event.anchor or "", self.parts))
            case yaml.CollectionEndEvent():
                anchor, before = self.opened.pop()
                self.sizes.update({anchor: self.parts - before + 1} if anchor else {})
        return self._wrong()

    def _size(self, anchor: str) -> int:
        """How many parts an alias adds: more than `MOST` if it contains itself, 0 if the loader refuses it."""
        endless = any(name == anchor for name, _ in self.opened)
        return MOST + 1 if endless else self.sizes.get(anchor, 0)

    def _wrong(self) -> str:
        if len(self.opened) > DEEPEST:
            return f"it is nested deeper than {DEEPEST} levels"
        return f"its aliases stand for more than {MOST} parts" if self.stood_for > MOST else ""


def demand_no_bomb(data: bytes, loader: Any) -> None:
    """Check that the loader can take the text.

    Raises:
        BombError: it is nested too deep, or its aliases add too many parts.
        yaml.YAMLError: it is not YAML.
    """
    looking = _Looking()
    for event in yaml.parse(data, Loader=loader):
        if wrong := looking.see(event):
            raise BombError(wrong, event.start_mark.line + 1 if event.start_mark else 1)
