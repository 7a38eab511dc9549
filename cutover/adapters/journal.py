"""The journal of a run on this machine: one private file of JSON lines, in the user's state directory.

Lines are written by a thread of their own, so that a slow or dead disk holds nothing up but who waits for `flush`.
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
    """Where the journals of this user's runs are."""
    return user_state_path("cutover") / "runs"


class Journal:
    """The journal of one command; `trouble` is why it cannot be written, empty while all is well.

    A line that is lost to trouble stays lost; those that come later are tried all the same.
    """

    def __init__(self, name: str) -> None:
        self.file = journal_folder() / f"{name}{SUFFIX}"
        self.trouble = ""
        self._lines: SimpleQueue[str | Event] = SimpleQueue()
        self._descriptor = -1
        Thread(target=self._work, daemon=True, name="journal").start()

    def add(self, line: Any) -> None:
        """Append a JSON document as a line; returns at once."""
        self._lines.put(json.dumps(line, ensure_ascii=False, default=str) + "\n")

    def sync(self) -> None:
        """Have everything that was added brought to the disk, and wait for nothing."""
        self._lines.put(Event())

    def flush(self, within: float) -> bool:
        """Whether everything that was added is on the disk, waiting at most that many seconds."""
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

    def _append(self, line: str) -> None:
        if self._descriptor < 0:
            self._descriptor = open_private(self.file)
        os.write(self._descriptor, line.encode())

    def _sync(self) -> None:
        if self._descriptor >= 0:
            os.fsync(self._descriptor)


# reading them --------------------------------------------------------------------------------------------------------


# Reading the journals of this machine's runs.


def journals() -> Iterator[tuple[Any, ...]]:
    """The lines of each journal, oldest first. A line that a full disk cut off is left out."""
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
