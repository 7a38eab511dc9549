"""A temporary folder for private keys, for a library that can take them only as files.

A process that is killed leaves its folder behind: the next one removes it.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from cutover.adapters.process_identity import is_running, started

_PREFIX: Final = "cutover-keys"


@contextmanager
def key_folder() -> Iterator[str]:
    """Create a folder that only this user may read, and remove it at the end of the context."""
    sweep()
    pid = os.getpid()
    folder = tempfile.mkdtemp(prefix=f"{_PREFIX}-{pid}-{started(pid)}-")
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def sweep() -> None:
    """Remove the folders that this user's ended processes left behind."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}-*-*-*"):
        if _is_ours(folder) and not _lives(folder):
            shutil.rmtree(folder, ignore_errors=True)


def _is_ours(folder: Path) -> bool:
    try:
        return folder.lstat().st_uid == os.getuid() and folder.is_dir() and not folder.is_symlink()
    except OSError:
        return False


def _lives(folder: Path) -> bool:
    """Whether the process that made the folder is running; true for a name of another form, which is left alone."""
    pid, born = folder.name.removeprefix(f"{_PREFIX}-").split("-")[:2]
    return not (pid.isdecimal() and born.isdecimal()) or is_running(int(pid), int(born))
