"""A `cutover` command under way, and how it ended."""

import json
import signal
import subprocess
import time
from dataclasses import dataclass, field
from typing import Any, Final

PATIENCE: Final = 60.0
"""Seconds that a test waits for something that normally takes one or two."""


@dataclass(frozen=True)
class CommandResult:
    """How a `cutover` command ended; `report` is its JSON document, empty if it printed none."""

    code: int
    stdout: str
    stderr: str
    seconds: float

    @property
    def report(self) -> Any:
        return json.loads(self.stdout) if self.stdout.startswith("{") else {}

    def told(self) -> str:
        """Everything, for the message of a failed assertion."""
        return f"exit {self.code} after {self.seconds:.1f} s\n{self.stdout}\n{self.stderr}"


@dataclass
class Running:
    """A `cutover` command under way, in a process group of its own."""

    process: subprocess.Popen[str]
    began: float
    outputs: list[str]
    lines: list[str] = field(default_factory=list)

    def send(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def wait_for_line(self, words: str, within: float = PATIENCE) -> str:
        """The first line on standard error with these words."""
        stderr = self.process.stderr
        assert stderr is not None
        ends = time.monotonic() + within
        while time.monotonic() < ends:
            line = stderr.readline()
            self.lines.append(line)
            if words in line:
                return line
            if not line and self.process.poll() is not None:
                break
        raise AssertionError(f"{words!r} was never said:\n{''.join(self.lines)}{self._rest()}")

    def finish(self, within: float = 120) -> CommandResult:
        stdout, stderr = self.process.communicate(timeout=within)
        self.outputs += [stdout, *self.lines, stderr]
        return CommandResult(
            self.process.returncode, stdout, "".join(self.lines) + stderr, time.monotonic() - self.began
        )

    def _rest(self) -> str:
        return "" if self.process.stdout is None or self.process.poll() is None else self.process.stdout.read()
