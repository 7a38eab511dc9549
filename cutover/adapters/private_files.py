"""Files that only their owner may read, below the user's state directory."""

import os
from pathlib import Path
from typing import Final

PRIVATE_FOLDER: Final = 0o700
PRIVATE_FILE: Final = 0o600


def append_private(file: Path, text: str) -> None:
    """Add text to a file, which is made with its folders where it is not there.

    Raises:
        OSError: the disk is full or read-only, or the place is not ours.
    """
    with os.fdopen(open_private(file), "a", encoding="utf-8") as opened:
        opened.write(text)


def open_private(file: Path) -> int:
    """The descriptor of a file to append to, which is made with its folders where it is not there.

    Raises:
        OSError: as `append_private`.
    """
    file.parent.mkdir(parents=True, exist_ok=True, mode=PRIVATE_FOLDER)
    return os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, PRIVATE_FILE)
