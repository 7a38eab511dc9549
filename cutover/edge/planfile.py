"""Reading a plan: the bytes of a file or of standard input."""

import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Final

from cutover.core.errors import Problem, UsageError

LIMIT: Final = 1024 * 1024
"""Bytes. A plan is a page or two; what is larger is the wrong file."""

STDIN: Final = "-"


@dataclass(frozen=True, slots=True)
class PlanFile:
    """What was read, and the name by which messages call it."""

    name: str
    content: bytes = field(repr=False)

    def text(self) -> str:
        """The content as text.

        Raises:
            UsageError: it is not UTF-8.
        """
        try:
            return self.content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = self.content.count(b"\n", 0, error.start) + 1
            raise UsageError(Problem("the file is not UTF-8 text", file=self.name, line=line)) from error


def read_plan(path: str) -> PlanFile:
    """The file at `path`, or standard input for `-`.

    Raises:
        UsageError: it cannot be read, is empty, or is larger than `LIMIT`.
    """
    found = _standard_input() if path == STDIN else _file(path)
    if len(found.content) > LIMIT:
        raise UsageError(Problem(f"more than {LIMIT // 1024} KiB: this is not a plan", file=found.name))
    if not found.content.strip():
        raise UsageError(Problem("there is nothing in it", file=found.name))
    return found


def _standard_input() -> PlanFile:
    if sys.stdin.isatty():
        remedy = "name a file, or feed the plan in: cutover … - < plan.yaml"
        raise UsageError(Problem("standard input is a terminal", file="<stdin>", remedy=remedy))
    return PlanFile("<stdin>", _bounded(sys.stdin.buffer))


def _file(path: str) -> PlanFile:
    try:
        with Path(path).open("rb") as opened:
            return PlanFile(path, _bounded(opened))
    except OSError as error:
        raise UsageError(Problem(f"the plan cannot be read: {error.strerror}", file=path)) from error


def _bounded(source: BinaryIO) -> bytes:
    return source.read(LIMIT + 1)
