"""Reading a plan: the bytes of a file or of standard input."""

import sys
from pathlib import Path
from typing import BinaryIO, Final

from cutover.core.errors import Problem, UsageError

LIMIT: Final = 1024 * 1024
"""Bytes. A plan is a page or two; what is larger is the wrong file."""

STDIN: Final = "-"


def read_plan(file: str) -> bytes:
    """The content of `file`, or of standard input for `-`.

    Raises:
        UsageError: it cannot be read, is empty, or is larger than `LIMIT`.
    """
    content = _standard_input() if file == STDIN else _content(file)
    if len(content) > LIMIT:
        raise UsageError(Problem(f"it is larger than {LIMIT // 1024} KiB: this is not a plan", file=file))
    if not content.strip():
        raise UsageError(Problem("it is empty", file=file))
    return content


def _standard_input() -> bytes:
    if sys.stdin.isatty():
        remedy = "name a file, or feed the plan in: `cutover apply - < plan.yaml`"
        raise UsageError(Problem("standard input is a terminal", file=STDIN, remedy=remedy))
    return _bounded(sys.stdin.buffer)


def _content(file: str) -> bytes:
    try:
        with Path(file).open("rb") as opened:
            return _bounded(opened)
    except OSError as error:
        raise UsageError(Problem(f"the plan cannot be read: {error.strerror}", file=file)) from error


def _bounded(source: BinaryIO) -> bytes:
    """One byte more than allowed, so that too much is noticed without reading all of it."""
    return source.read(LIMIT + 1)
