"""Load beside a test: a process of its own, so that the test's work delays no request."""

import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final, Self

from tests.cluster.load import guard
from tests.cluster.load.answers import LoadResult

CHECKOUT: Final = Path(__file__).parents[3]
LONGEST: Final = 1800.0


class LoadClient:
    """`with LoadClient(url, rate=50) as load: …; result = load.stop()`. Outside loopback only to ranges in `allow`."""

    def __init__(self, url: str, rate: float = 50, *, timeout: float = 2.0, allow: Sequence[str] = ()) -> None:
        guard.target(url, allow)
        self._folder = tempfile.TemporaryDirectory(prefix="load-")
        self._file = Path(self._folder.name, "result.json")
        options = [f"--rate={rate}", f"--timeout={timeout}", f"--seconds={LONGEST}", f"--json={self._file}"]
        self._command = [sys.executable, "-m", "tests.cluster.load", url, *options, "--while-stdin-is-open"]
        self._command += [f"--allow={each}" for each in allow]
        self._process: subprocess.Popen[str] | None = None
        self._result: LoadResult | None = None

    def __enter__(self) -> Self:
        """Returns when the schedule has begun."""
        pipe = subprocess.PIPE
        # A session of its own: Ctrl-C at the terminal is for the test. Its stdin ends with us, whatever kills us.
        self._process = subprocess.Popen(
            self._command, cwd=CHECKOUT, stdin=pipe, stdout=pipe, text=True, start_new_session=True
        )
        if self._process.stdout is None or not self._process.stdout.readline():
            raise RuntimeError("the load client did not start")
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        self._folder.cleanup()

    def stop(self) -> LoadResult:
        """End the schedule, wait for the answers under way, and give all of them. Later calls give the same."""
        if self._result is None:
            if self._process is None:
                raise RuntimeError("the load was never started")
            self._process.communicate(timeout=60)
            self._result = LoadResult.from_json(self._file.read_text())
        return self._result
