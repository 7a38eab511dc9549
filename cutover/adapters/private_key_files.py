"""A folder for private keys that a library can take only as files: it goes with its user, and with its process.

A process that is killed cleans nothing up: the next one sweeps what it left.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from cutover.adapters.process import is_running, started

_PREFIX: Final = "cutover-keys"


@contextmanager
def key_folder() -> Iterator[str]:
    """A folder that nobody else may read, while this lasts."""
    sweep()
    pid = os.getpid()
    folder = tempfile.mkdtemp(prefix=f"{_PREFIX}-{pid}-{started(pid)}-")
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def sweep() -> None:
    """Remove the folders of this user's processes that are gone."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}-*-*-*"):
        if _is_ours(folder) and not _lives(folder):
            shutil.rmtree(folder, ignore_errors=True)


def _is_ours(folder: Path) -> bool:
    try:
        return folder.lstat().st_uid == os.getuid() and folder.is_dir() and not folder.is_symlink()
    except OSError:
        return False


def _lives(folder: Path) -> bool:
    """Whether the process that made the folder still runs; a name that is none of ours is left alone."""
    pid, born = folder.name.removeprefix(f"{_PREFIX}-").split("-")[:2]
    return not (pid.isdecimal() and born.isdecimal()) or is_running(int(pid), int(born))
