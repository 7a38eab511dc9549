"""Running `cutover` as a user does: a process of its own."""

import os
import subprocess
import sys
from pathlib import Path


def cutover(*arguments: str, home: Path | None = None, given: str = "") -> subprocess.CompletedProcess[str]:
    """The finished process; `home` is where it keeps its state."""
    state = {"XDG_STATE_HOME": str(home)} if home else {}
    command = [sys.executable, "-m", "cutover", *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, input=given, env={**os.environ, **state}, check=False
    )
