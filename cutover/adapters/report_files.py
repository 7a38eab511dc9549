"""Storing and reading the reports of runs on this computer: a private JSON file each, in the user's state directory.

The file of a run that was resumed here holds several reports, one after the other; the last one tells how it ended.
"""

import json
from pathlib import Path
from typing import Any, Final

from platformdirs import user_state_path

from cutover.adapters.private_files import append_private
from cutover.core.base.errors import Problem, UsageError
from cutover.core.base.run_name import is_run_name

SUFFIX: Final = ".json"


def save_report(run: str, document: str) -> str:
    """Store a report (already redacted) and return a sentence that says where, or why it could not be stored.

    This raises no OSError: a full disk must not change how a run ends.
    """
    if not is_run_name(run):
        return "the JSON report is not kept: it is about no run that has a name"
    file = _folder() / f"{run}{SUFFIX}"
    try:
        append_private(file, document)
    except OSError as error:
        return f"the JSON report could not be kept in {file}: {error.strerror}"
    return f"JSON report: {file}"


def reported_runs() -> tuple[str, ...]:
    """The runs whose reports are stored here, newest first; names sort by time because they begin with it."""
    return tuple(sorted((file.stem for file in _folder().glob(f"*{SUFFIX}")), reverse=True))


def read_report(run: str) -> Any:
    """Read the last report of a run that is stored here.

    Raises:
        UsageError: it cannot be read.
    """
    file = _folder() / f"{run}{SUFFIX}"
    try:
        return _last(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(Problem(f"the report cannot be read: {error.strerror}", file=str(file))) from error
    except (ValueError, RecursionError):
        raise UsageError(Problem("expected the report of a run, found something else", file=str(file))) from None


def _last(text: str) -> Any:
    """Parse a series of JSON documents and return the last."""
    rest, document = text.strip(), None
    while rest:
        document, end = json.JSONDecoder().raw_decode(rest)
        rest = rest[end:].strip()
    return document


def _folder() -> Path:
    return user_state_path("cutover") / "runs"
