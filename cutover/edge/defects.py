"""Keeping the trace of a defect of our own in a private file: a traceback never reaches a user's screen."""

import os
import time
import traceback
from pathlib import Path

from platformdirs import user_state_path


def note_defect(defect: BaseException) -> str:
    """Write the trace to a file and say where; say why not where it could not be written."""
    file = user_state_path("cutover") / "defects" / f"{time.strftime('%Y%m%d-%H%M%S', time.gmtime())}-{os.getpid()}.txt"
    try:
        _append_private(file, "".join(traceback.format_exception(defect)))
    except OSError as error:
        return f"its trace could not be kept in {file}: {error.strerror}"
    return f"its trace is in {file}"


def _append_private(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "a", encoding="utf-8") as opened:
        opened.write(text)
