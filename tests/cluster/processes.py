"""The bed's long-running processes: started once, known by pid and start time, never by name."""

import json
import os
import signal
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from tests.cluster.errors import BedError
from tests.cluster.files import write_whole
from tests.cluster.place import BedPlace
from tests.cluster.progress import wait_for
from tests.cluster.shell import ENVIRONMENT, inside

# The shell leaves the process behind as an orphan in a session of its own: no Ctrl-C of a terminal and no end of a
# test run reaches it, and nobody here has to reap it. `setsid` and `nsenter` replace themselves, the pid stays.
LAUNCH = 'setsid "$@" >>"$LOG" 2>&1 </dev/null & echo $!'


@dataclass(frozen=True)
class Process:
    """One process, recognisable for ever: a pid may be used again, pid and start time together not."""

    name: str
    argv: list[str]
    env: dict[str, str]
    pid: int
    started: int
    wanted: bool = True  # False: stopped on purpose, by a test


@dataclass(frozen=True)
class Stat:
    """What /proc says about a process."""

    state: str
    started: int


def start(place: BedPlace, name: str, argv: Sequence[object], env: Mapping[str, str] | None = None) -> Process:
    """Start a process inside the node's namespace and record it."""
    words, extra = [str(word) for word in argv], dict(env or {})
    pid = _launch(place, name, words, extra)
    stat = read_stat(pid)
    process = Process(name, words, extra, pid, stat.started if stat else 0)
    write(place, process)
    return process


def _launch(place: BedPlace, name: str, argv: list[str], env: dict[str, str]) -> int:
    done = subprocess.run(
        ["/bin/sh", "-c", LAUNCH, "sh", *inside(place.netns), *argv],
        env={**ENVIRONMENT, **env, "LOG": str(place.logs / f"{name}.log")},
        cwd="/",
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return int(done.stdout)


def write(place: BedPlace, process: Process) -> None:
    """Record a process."""
    file = _file(place, process.name)
    file.parent.mkdir(exist_ok=True)
    write_whole(file, json.dumps(asdict(process)))


def _file(place: BedPlace, name: str) -> Path:
    return place.state / "processes" / f"{name}.json"


def recorded(place: BedPlace) -> list[Process]:
    """Every process that this bed started, in the order of their names."""
    return [Process(**json.loads(file.read_text())) for file in sorted((place.state / "processes").glob("*.json"))]


def named(place: BedPlace, name: str) -> Process:
    """One recorded process."""
    for process in recorded(place):
        if process.name == name:
            return process
    names = ", ".join(process.name for process in recorded(place)) or "none: is the bed up?"
    raise BedError(f"no component {name!r}; there are: {names}")


def read_stat(pid: int) -> Stat | None:
    """State and start time of a pid; nothing if there is no such process."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return None
    fields = text.rpartition(")")[2].split()  # the command's name may hold blanks and brackets
    return Stat(state=fields[0], started=int(fields[19]))


def alive(process: Process) -> bool:
    """Still this very process, and not merely waiting to be reaped."""
    stat = read_stat(process.pid)
    return stat is not None and stat.started == process.started and stat.state not in "ZX"


def send(process: Process, number: signal.Signals) -> None:
    """Send a signal, but only to the process that was started."""
    if alive(process):
        with suppress(ProcessLookupError):
            os.kill(process.pid, number)


def stop(place: BedPlace, name: str, seconds: float = 10) -> None:
    """End a process on purpose: politely first."""
    process = replace(named(place, name), wanted=False)
    write(place, process)
    send(process, signal.SIGTERM)
    send(process, signal.SIGCONT)  # a process held by SIGSTOP sees no SIGTERM
    with suppress(BedError):
        wait_for(name, lambda: not alive(process), seconds)
    send(process, signal.SIGKILL)
    wait_for(f"{name} ends", lambda: not alive(process), seconds)


def give_up(place: BedPlace, process: Process) -> None:
    """Kill a process that did not come up, and forget it: it never was a part of the bed."""
    send(process, signal.SIGKILL)
    _file(place, process.name).unlink(missing_ok=True)


def start_again(place: BedPlace, name: str) -> Process:
    """Start a process with the flags it had."""
    process = named(place, name)
    if alive(process):
        raise BedError(f"{name} is running already")
    return start(place, name, process.argv, process.env)


def mend(place: BedPlace) -> None:
    """Undo what a killed test run left behind: a component held by SIGSTOP, or stopped on purpose."""
    for process in recorded(place):
        stat = read_stat(process.pid)
        if alive(process) and stat and stat.state == "T":
            send(process, signal.SIGCONT)
        if not process.wanted and not alive(process):
            start(place, process.name, process.argv, process.env)


def dead(place: BedPlace) -> list[str]:
    """The components that should run and do not."""
    return [process.name for process in recorded(place) if process.wanted and not alive(process)]


def kill(pids: Iterable[int]) -> None:
    """Kill at once; the data of a bed is not worth a polite end."""
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def inside_namespaces(files: Iterable[Path]) -> set[int]:
    """Every process in these network namespaces, recorded or not: nothing else can be in them but the bed's own."""
    wanted = {identity(file) for file in files} - {None}
    return {pid for pid in every_pid() if identity(Path(f"/proc/{pid}/ns/net")) in wanted}


def every_pid() -> list[int]:
    """All processes of the machine, at this moment."""
    return [int(name) for name in os.listdir("/proc") if name.isdigit()]  # noqa: PTH208 -- a Path per process is slow


def identity(file: Path) -> tuple[int, int] | None:
    """What tells one namespace from another."""
    with suppress(OSError):
        stat = file.stat()
        return stat.st_dev, stat.st_ino
    return None
