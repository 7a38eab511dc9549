"""Reading a plan from a file or from standard input, and writing one to a file."""

import sys
from pathlib import Path
from typing import BinaryIO, Final

from cutover.core.base.errors import Problem, UsageError

LIMIT: Final = 1024 * 1024
"""Bytes that a plan may have. A plan is a page or two; a larger file is the wrong one."""

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


def refuse_existing(file: str) -> None:
    """Refuse to write to a file that exists: it may be a plan that somebody reviewed.

    Raises:
        UsageError: it exists.
    """
    if Path(file).exists():
        raise UsageError(_there(file))


def plan_bytes(text: str, file: str) -> bytes:
    """Encode a plan's text for its file.

    Raises:
        UsageError: it is larger than `LIMIT`, and `read_plan` would refuse it.
    """
    content = text.encode()
    if len(content) > LIMIT:
        raise UsageError(Problem(f"it would be larger than {LIMIT // 1024} KiB", file=file))
    return content


def write_plan(file: str, content: bytes, *, overwrite: bool) -> None:
    """Write a plan to a file.

    Raises:
        UsageError: the file exists and may not be overwritten, or it cannot be written.
    """
    try:
        with Path(file).open("wb" if overwrite else "xb") as opened:
            opened.write(content)
    except FileExistsError:
        raise UsageError(_there(file)) from None
    except OSError as error:
        raise UsageError(Problem(f"the plan cannot be written: {error.strerror}", file=file)) from error


def _there(file: str) -> Problem:
    return Problem("the file is there already", file=file, remedy="name another one, or overwrite it with --force")


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
    """Read at most one byte more than allowed: this shows that a file is too large without reading all of it."""
    return source.read(LIMIT + 1)
