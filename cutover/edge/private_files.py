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
    file.parent.mkdir(parents=True, exist_ok=True, mode=PRIVATE_FOLDER)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, PRIVATE_FILE)
    with os.fdopen(descriptor, "a", encoding="utf-8") as opened:
        opened.write(text)
