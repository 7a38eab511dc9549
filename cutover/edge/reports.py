"""Keeping the reports of this machine's runs: one private JSON file each, in the user's state directory."""

import os
from pathlib import Path

from platformdirs import user_state_path


def save_report(run: str, document: str) -> str:
    """Store a report (already redacted) and say where; say why not where it could not be stored.

    A full disk must not change how a run ends, so nothing is raised.
    """
    file = user_state_path("cutover") / "runs" / f"{run}.json"
    try:
        _write_private(file, document)
    except OSError as error:
        return f"the JSON report could not be kept in {file}: {error.strerror}"
    return f"JSON report: {file}"


def _write_private(file: Path, document: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as opened:
        opened.write(document)
