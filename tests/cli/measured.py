"""Running `cutover` as a user does, with what it took: seconds of the processor, and memory."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

# A process that is started from a large one is counted as large: a small one stands between.
_BETWEEN: Final = """
import json, resource, subprocess, sys
code = subprocess.run([sys.executable, "-m", "cutover", *sys.argv[2:]]).returncode
used = resource.getrusage(resource.RUSAGE_CHILDREN)
json.dump([code, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024], open(sys.argv[1], "w"))
"""


@dataclass(frozen=True)
class Ran:
    """A process that has ended; `megabytes` is the most memory that it had."""

    code: int
    out: str
    err: str
    seconds: float
    megabytes: float


def measured(folder: Path, *arguments: str) -> Ran:
    """Run `cutover`; `folder` is where it keeps its state."""
    kept = folder / "used.json"
    command = [sys.executable, "-c", _BETWEEN, str(kept), *arguments]
    state = {**os.environ, "XDG_STATE_HOME": str(folder)}
    done = subprocess.run(command, capture_output=True, env=state, check=True, timeout=120)
    code, seconds, megabytes = json.loads(kept.read_text())
    return Ran(code, done.stdout.decode(), done.stderr.decode(), seconds, megabytes)


def assert_small(ran: Ran, seconds: float = 2.0) -> None:
    """No more than so many seconds, less than 200 MB, and no defect."""
    assert ran.seconds < seconds, ran
    assert ran.megabytes < 200, ran
    for told in (ran.out, ran.err):
        assert "Traceback" not in told, told
        assert "defect in cutover" not in told, told
        assert "a bug in cutover" not in told, told
