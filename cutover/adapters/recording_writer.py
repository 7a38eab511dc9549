"""Writing the recording of a run to a private file of JSON lines, for a replay (`core.recording`).

A separate thread makes and writes the lines, so that neither a slow disk nor a defect of the recorder affects the run.
"""

import os
import stat
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from threading import Event, Thread
from typing import Final

from cutover.adapters.private_files import PRIVATE_FILE, open_private
from cutover.core.base.outcomes import Ending
from cutover.core.base.redaction import Redactor
from cutover.core.engine.observation import Observation
from cutover.core.engine.state import State
from cutover.core.objects.world import World
from cutover.core.recording.line_texts import ended, first_line, last_line, line_of
from cutover.core.writes.write import Write

RecordingJob = Callable[[], None]

LAST_LINE_WITHIN: Final = 5.0
"""Seconds that `end` waits for the lines that are not written yet."""


class Recording:
    """Records what one run observes and writes, in a new file. The first error is reported and ends the recording."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._redactor = Redactor(b"")
        self._world = World()
        self._writes: list[str] = []
        self._descriptor = -1
        self._broken = False
        self._jobs: SimpleQueue[RecordingJob] = SimpleQueue()

    def begin(self, state: State, redactor: Redactor) -> None:
        """Open the file and write the first line: the state in which the run begins."""
        self._redactor = redactor
        self._jobs.put(self._open)
        self._jobs.put(lambda: self._write(first_line(state, redactor)))
        Thread(target=self._work, daemon=True, name="recording").start()

    def see(self, observation: Observation) -> None:
        """Hand an observation to the writer's thread, which writes it as one line."""
        self._jobs.put(partial(self._seen, observation))

    def sent(self, write: Write) -> None:
        """Note that a write was sent: the last line lists the names of all."""
        self._writes.append(write.name.value)

    def end(self, ending: Ending) -> None:
        """Write the last line; wait for the disk for at most `LAST_LINE_WITHIN` seconds."""
        done = Event()
        self._jobs.put(lambda: self._write(last_line(ended(ending, self._writes), self._redactor)))
        self._jobs.put(done.set)
        if not done.wait(LAST_LINE_WITHIN):
            self._give_up(f"the disk did not answer within {LAST_LINE_WITHIN:g} s")

    # -- in the thread -------------------------------------------------------------------------------------------------

    def _work(self) -> None:
        while True:
            job = self._jobs.get()
            try:
                job()
            except OSError as error:
                self._give_up(error.strerror or type(error).__name__)
            except Exception as error:  # noqa: BLE001 -- a defect of the recorder is none of the run
                self._give_up(f"a defect in cutover ({type(error).__name__})")

    def _open(self) -> None:
        self._descriptor = open_private(self._file)
        status = os.fstat(self._descriptor)
        if status.st_size:
            raise FileExistsError(0, "it is there already, and not empty")
        if stat.S_ISREG(status.st_mode):  # an empty file may have been there, open to all; a device stays as it is
            os.fchmod(self._descriptor, PRIVATE_FILE)

    def _seen(self, observation: Observation) -> None:
        before, self._world = self._world, observation.world
        self._write(line_of(observation, before, self._redactor))

    def _write(self, line: str) -> None:
        if not self._broken:
            os.write(self._descriptor, f"{line}\n".encode(errors="backslashreplace"))

    def _give_up(self, why: str) -> None:
        if not self._broken:
            self._broken = True
            sys.stderr.write(f"cutover: the run is not recorded in {self._file}: {why}\n")
