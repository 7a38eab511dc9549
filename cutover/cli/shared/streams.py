"""Standard streams that never change how a run ends.

A reader that goes away (`| head`), a full disk or a terminal without the characters must not turn "held" into "defect".
"""

import os
import sys
from io import TextIOWrapper
from typing import Any


class Steady:
    """A text stream that drops everything from the first failing write on."""

    def __init__(self, stream: TextIOWrapper) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write the text, or drop it if that fails."""
        try:
            return self._stream.write(text)
        except OSError as error:
            self._give_up(error)
            return len(text)

    def flush(self) -> None:
        """Flush the stream, or give it up if that fails."""
        try:
            self._stream.flush()
        except OSError as error:
            self._give_up(error)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def _give_up(self, error: OSError) -> None:
        """Point the file descriptor at the null device, because the interpreter flushes once more when it ends."""
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, self._stream.fileno())
        os.close(nowhere)
        if not isinstance(error, BrokenPipeError):
            os.write(2, f"cutover: output was lost: {error.strerror}\n".encode())


def steady_streams() -> None:
    """Make standard output and error of this process steady; characters that they cannot show are escaped."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
            setattr(sys, name, Steady(stream))
