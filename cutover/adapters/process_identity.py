"""The identity of this process, and whether the process that holds a lock is still running."""

import getpass
import os
import socket
from pathlib import Path
from typing import Final

from cutover.adapters.run_identity import run_id
from cutover.core.writes.lock_holder import Holder
from cutover.core.writes.lock_state import Life

_PROC: Final = Path("/proc")
_STARTED: Final = 19
"""Index of `starttime` among the fields of `/proc/PID/stat` after the name in brackets (proc(5): field 22 of all)."""


def this_process(run: str) -> Holder:
    """Make the `Holder` that names this process on the Lease and in the marks of the run `run`."""
    pid = os.getpid()
    return Holder(run, _user(), socket.gethostname(), run_id(), machine=_machine(), pid=pid, born=started(pid))


def life_of(holder: Holder) -> Life:
    """Whether the holder's process runs; `ELSEWHERE` if it is of another computer, boot or container: then unknown."""
    if not holder.machine or holder.machine != _machine() or not holder.pid:
        return Life.ELSEWHERE
    return Life.ALIVE if is_running(holder.pid, holder.born) else Life.GONE


def is_running(pid: int, born: int) -> bool:
    """Whether a process with this number and this start time is running; the kernel reuses numbers."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        pass  # it is running, as another user
    return started(pid) == born


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid())


def _machine() -> str:
    """This boot of this kernel, and the namespace to which its process numbers belong; empty if there is no `/proc`."""
    try:
        boot = (_PROC / "sys/kernel/random/boot_id").read_text().strip()
        return f"{boot}/{(_PROC / 'self/ns/pid').readlink()}"
    except OSError:
        return ""


def started(pid: int) -> int:
    """When a process was started, in the kernel's ticks; 0 if it has ended (a zombie) or cannot be looked up."""
    try:
        fields = (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return 0 if fields[0] in {"Z", "X"} else int(fields[_STARTED])
