"""The reports of this machine's runs: one private JSON file each, in the user's state directory.

A run that is resumed here has several reports in its file, one after the other; the last one tells how it ended.
"""

import json
from pathlib import Path
from typing import Any, Final

from platformdirs import user_state_path

from cutover.adapters.private_files import append_private
from cutover.core.base.errors import Problem, UsageError

SUFFIX: Final = ".json"


def save_report(run: str, document: str) -> str:
    """Store a report (already redacted) and say where; say why not where it could not be stored.

    A full disk must not change how a run ends, so nothing is raised.
    """
    file = _folder() / f"{run}{SUFFIX}"
    try:
        append_private(file, document)
    except OSError as error:
        return f"the JSON report could not be kept in {file}: {error.strerror}"
    return f"JSON report: {file}"


def reported_runs() -> tuple[str, ...]:
    """The runs whose reports are kept here, the newest first: a run's name begins with when it began."""
    return tuple(sorted((file.stem for file in _folder().glob(f"*{SUFFIX}")), reverse=True))


def read_report(run: str) -> Any:
    """The last report of one of the runs that are kept here.

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
    """The last of several JSON documents."""
    rest, found = text.strip(), None
    while rest:
        found, end = json.JSONDecoder().raw_decode(rest)
        rest = rest[end:].strip()
    return found


def _folder() -> Path:
    return user_state_path("cutover") / "runs"
