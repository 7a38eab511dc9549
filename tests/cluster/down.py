"""Taking a bed down. There is one way, after a good run as after a crash, so that every `down` tests it."""

import errno
import hashlib
import socket
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from tests.cluster import cgroups, kernel, network, processes
from tests.cluster.place import STATES, BedPlace
from tests.cluster.progress import wait_for
from tests.cluster.shell import run

LOG_LIMIT = 5_000_000  # bytes of each log that are kept after the bed is gone

# Folders of the machine that kubelet, the container shims and CNI write to whatever they are told.
SHIM_SOCKETS = Path("/run/containerd/s")
CNI_RESULTS = Path("/var/lib/cni/results")
LOG_LINKS = Path("/var/log/containers")
DEVICE_PLUGINS = Path("/var/lib/kubelet/device-plugins/kubelet.sock")
LEFT_EMPTY = (
    SHIM_SOCKETS,
    SHIM_SOCKETS.parent,
    CNI_RESULTS,
    CNI_RESULTS.parent,
    LOG_LINKS,
    DEVICE_PLUGINS.parent,
    DEVICE_PLUGINS.parent.parent,
)


def take_down(place: BedPlace) -> bool:
    """Leave nothing of the bed but its logs; say whether there was anything."""
    if not place.state.exists():
        return False
    sockets = _shim_sockets(place)
    wait_for("the bed's processes end", lambda: _all_killed(place), 20, pause=0.02)
    cgroups.remove(place)
    network.tear(place)
    kernel.restore(place)
    _remove([*sockets, *_dead(DEVICE_PLUGINS)])
    _remove(_cni_results(place))
    _remove(_links_into(place.state))
    _unmount(place.state)
    _remove_state(place)
    _remove_empty(LEFT_EMPTY)
    _shorten(place.logs)
    return True


def _all_killed(place: BedPlace) -> bool:
    """Again and again: a process may fork while its parent is being killed."""
    left = _pids(place)
    processes.kill(left)
    return not left


def _pids(place: BedPlace) -> set[int]:
    """Recorded or not: what is in the bed's namespaces and cgroups is the bed's."""
    recorded = {process.pid for process in processes.recorded(place) if processes.alive(process)}
    return recorded | processes.inside_namespaces(namespaces(place)) | cgroups.pids(place)


def namespaces(place: BedPlace) -> list[Path]:
    """The node's network namespace and those of its pods."""
    return [place.netns, *(_cri(place) / "netns").glob("*")]


def _shim_sockets(place: BedPlace) -> set[Path]:
    """A killed shim leaves its socket in a folder of the machine.

    The task's bundle says which; for a shim killed before it wrote that, containerd's own rule does.
    """
    bundles = place.state / "containerd" / "state" / "io.containerd.runtime.v2.task"
    written = {Path(file.read_text().removeprefix("unix://")) for file in bundles.glob("*/*/address")}
    names = [f"{place.containerd_socket}/k8s.io/{sandbox.name}" for sandbox in (_cri(place) / "sandboxes").glob("*")]
    return written | {SHIM_SOCKETS / hashlib.sha256(name.encode()).hexdigest() for name in names}


def _cri(place: BedPlace) -> Path:
    return place.state / "containerd" / "state" / "io.containerd.grpc.v1.cri"


def _cni_results(place: BedPlace) -> list[Path]:
    """They name the pod's network namespace, which lies in the bed's folder."""
    return [file for file in CNI_RESULTS.glob("*") if str(place.state) in file.read_text()]


def _links_into(state: Path) -> list[Path]:
    links = LOG_LINKS.iterdir() if LOG_LINKS.exists() else ()
    return [link for link in links if link.is_symlink() and link.readlink().is_relative_to(state)]


def _dead(socket_file: Path) -> list[Path]:
    """The socket, if nobody listens on it: another bed's kubelet uses the same path."""
    with socket.socket(socket.AF_UNIX) as client:
        return [socket_file] if client.connect_ex(str(socket_file)) == errno.ECONNREFUSED else []


def _unmount(state: Path) -> None:
    """Innermost first, and lazily: a mount that is still in use goes as soon as it is not."""
    lines = [line.split() for line in Path("/proc/self/mountinfo").read_text().splitlines()]
    mounts = [words[4] for words in lines if Path(words[4]).is_relative_to(state)]
    if mounts:
        run(["umount", "--lazy", *reversed(mounts)])


def _remove_state(place: BedPlace) -> None:
    """By `rm`: it does not cross into another file system, should a mount have survived."""
    run(["rm", "-r", "-f", "--one-file-system", place.state])
    _remove_empty([STATES])


def _remove(files: Iterable[Path]) -> None:
    for file in files:
        file.unlink(missing_ok=True)


def _remove_empty(folders: Iterable[Path]) -> None:
    for folder in folders:
        with suppress(OSError):
            folder.rmdir()


def _shorten(logs: Path) -> None:
    """Keep the end of each log: that is where the reason stands."""
    for file in logs.glob("*.log"):
        if file.stat().st_size > LOG_LIMIT:
            file.write_bytes(file.read_bytes()[-LOG_LIMIT:])
