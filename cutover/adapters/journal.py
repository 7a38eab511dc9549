"""Writing and reading the journals of runs on this computer: private files of JSON lines in the user's state directory.

A separate thread writes the lines, so that a slow or dead disk delays only a caller of `flush`.
"""

import json
import os
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from threading import Event, Thread
from typing import Any, Final

from platformdirs import user_state_path

from cutover.adapters.private_files import open_private

SUFFIX: Final = ".jsonl"


def journal_folder() -> Path:
    """The folder of this user's journals: `cutover/runs` in the state directory of the platform."""
    return user_state_path("cutover") / "runs"


class Journal:
    """The journal of one command; `trouble` says why it could not be written, and is empty without an error.

    A line that could not be written is not tried again; later lines are still tried.
    """

    def __init__(self, name: str) -> None:
        self.file = journal_folder() / f"{name}{SUFFIX}"
        self.trouble = ""
        self._lines: SimpleQueue[str | Event] = SimpleQueue()
        self._descriptor = -1
        Thread(target=self._work, daemon=True, name="journal").start()

    def add(self, line: Any) -> None:
        """Append a JSON document as a line, without waiting for the disk."""
        self._lines.put(json.dumps(line, ensure_ascii=False, default=str) + "\n")

    def sync(self) -> None:
        """Have the lines that were added flushed to the disk, without waiting for it."""
        self._lines.put(Event())

    def flush(self, within: float) -> bool:
        """Flush the added lines to the disk, waiting at most `within` seconds; return whether all are there."""
        done = Event()
        self._lines.put(done)
        if not done.wait(within):
            self.trouble = self.trouble or f"the disk did not answer within {within:g} s"
            return False
        return not self.trouble

    def _work(self) -> None:
        while True:
            item = self._lines.get()
            if isinstance(item, Event):
                self._try(self._sync)
                item.set()
            else:
                self._try(partial(self._append, item))

    def _try(self, act: Callable[[], None]) -> None:
        try:
            act()
        except OSError as error:
            self.trouble = error.strerror or type(error).__name__
        except Exception as defect:  # noqa: BLE001 -- the thread that writes lives as long as the process
            self.trouble = type(defect).__name__

    def _append(self, line: str) -> None:
        if self._descriptor < 0:
            self._descriptor = open_private(self.file)
        os.write(self._descriptor, line.encode(errors="backslashreplace"))

    def _sync(self) -> None:
        if self._descriptor >= 0:
            os.fsync(self._descriptor)


def journals() -> Iterator[tuple[Any, ...]]:
    """The lines of each journal of this computer, oldest first; a line that a full disk cut off is left out."""
    for file in sorted(journal_folder().glob(f"*{SUFFIX}")):
        yield tuple(_lines(file))


def _lines(file: Path) -> Iterator[Any]:
    try:
        text = file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return
    for line in text.splitlines():
        try:
            yield json.loads(line)
        except (ValueError, RecursionError):
            continue
