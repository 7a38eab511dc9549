"""What is on the machine, for the tests that compare it before and after a bed."""

import socket
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tests.cluster import cgroups, kernel
from tests.cluster.down import CNI_RESULTS, DEVICE_PLUGINS, LOG_LINKS, SHIM_SOCKETS, namespaces
from tests.cluster.place import STATES, BedPlace
from tests.cluster.processes import every_pid, inside_namespaces, read_stat
from tests.cluster.shell import run


@dataclass(frozen=True)
class Machine:
    """Everything a bed touches outside its own folder. Other beds go on meanwhile: what bears their key is left out."""

    links: frozenset[str]
    routes: frozenset[str]
    rules: frozenset[str]
    mounts: frozenset[str]
    cgroups: frozenset[str]
    files: frozenset[str]
    shared_memory: frozenset[str]
    settings: frozenset[str]

    @classmethod
    def now(cls, place: BedPlace) -> "Machine":
        others = [folder.name for folder in STATES.glob("*") if folder.name != place.key]
        return cls(
            links=_lines(run(["ip", "-brief", "link"]), others),
            routes=_lines(run(["ip", "route", "show", "table", "all"]), others),
            rules=_lines(run(["iptables", "-S"]) + run(["iptables", "-t", "nat", "-S"]), others),
            mounts=_lines(Path("/proc/mounts").read_text(), others),
            cgroups=_lines("\n".join(str(path) for root in cgroups.hierarchies() for path in root.glob("*")), others),
            files=_lines("\n".join(_files()), others),
            shared_memory=_lines("\n".join(_orphaned_memory()), others),
            settings=_lines("\n".join(_settings()), others),
        )


def traces(place: BedPlace) -> list[str]:
    """All that bears a bed's key: processes, mounts, files. Nothing after `down`."""
    processes = [text for pid in every_pid() if place.key in (text := _words_of(pid))]
    mounts = [line for line in Path("/proc/mounts").read_text().splitlines() if place.key in line]
    files = [text for text in [*map(str, STATES.glob("*")), *_files()] if place.key in text]
    return [*processes, *mounts, *files]


def members(place: BedPlace) -> frozenset[tuple[int, int]]:
    """Every process of a bed, those in its pods too, by pid and start time.

    Not by namespace: the kernel gives the number of a namespace that is gone to the next one.
    """
    pids = inside_namespaces(namespaces(place)) | cgroups.pids(place)
    return frozenset((pid, stat.started) for pid in pids if (stat := read_stat(pid)))


def survivors(seen: frozenset[tuple[int, int]]) -> list[str]:
    """Which of these processes still run."""
    left = [pid for pid, started in seen if (stat := read_stat(pid)) and stat.started == started and stat.state != "Z"]
    return [_words_of(pid) for pid in left]


def _words_of(pid: int) -> str:
    """Command line and environment: every process that a bed starts bears its key in one of them."""
    with suppress(OSError):
        parts = [Path(f"/proc/{pid}/{name}").read_bytes().replace(b"\0", b" ") for name in ("cmdline", "environ")]
        return b" ".join(parts).decode(errors="replace")
    return ""


def _lines(text: str, others: list[str]) -> frozenset[str]:
    return frozenset(line for line in text.splitlines() if not any(key in line for key in others))


def _files() -> list[str]:
    """Where kubelet, the shims and CNI write to, whatever they are told; with what shows whose a file is."""
    folders = [Path("/run/netns"), Path("/opt"), *_shared()]
    plain = [str(path) for folder in folders for path in folder.glob("*")]
    links = [f"{link} {link.readlink()}" for link in LOG_LINKS.glob("*")]
    results = [f"{file} {file.read_text()}" for file in CNI_RESULTS.glob("*")]
    return [*plain, *links, *results, *(str(file) for file in SHIM_SOCKETS.glob("*") if _dead(file))]


def _shared() -> list[Path]:
    """Folders that beds share, unless another bed is up.

    The last kubelet to start takes the socket for device plugins from all, and whoever finds the folders of shims and
    CNI empty removes them: the bed that happens to have no pod just then makes them anew.
    """
    return [] if any(STATES.glob("*")) else [SHIM_SOCKETS.parent, CNI_RESULTS.parent, DEVICE_PLUGINS.parent.parent]


def _orphaned_memory() -> list[str]:
    """System V segments that no process uses."""
    rows = [line.split() for line in Path("/proc/sysvipc/shm").read_text().splitlines()[1:]]
    return [row[1] for row in rows if row[6] == "0"]


def _dead(file: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as client:
        return client.connect_ex(str(file)) != 0


def _settings() -> list[str]:
    return [(kernel.SETTINGS / name).read_text() for name in kernel.KUBELET]
