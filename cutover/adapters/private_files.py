"""Opening files that only their owner may read."""

import os
from pathlib import Path
from typing import Final

PRIVATE_FOLDER: Final = 0o700
PRIVATE_FILE: Final = 0o600


def append_private(file: Path, text: str) -> None:
    """Append text to a file; create it and its folders if they are missing.

    Raises:
        OSError: the disk is full or read-only, or we have no right to write there.
    """
    with os.fdopen(open_private(file), "a", encoding="utf-8") as opened:
        opened.write(text)


def open_private(file: Path) -> int:
    """Open a file to append to and return its descriptor; create it and its folders if they are missing.

    Raises:
        OSError: as `append_private`.
    """
    file.parent.mkdir(parents=True, exist_ok=True, mode=PRIVATE_FOLDER)
    return os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, PRIVATE_FILE)
