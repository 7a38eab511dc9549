"""The cgroups of the bed's pods: one parent per hierarchy, under which kubelet makes all of its own."""

import time
from contextlib import suppress
from pathlib import Path
from typing import Final

from tests.cluster.errors import BedError
from tests.cluster.place import BedPlace


def make(place: BedPlace) -> None:
    """Kubelet refuses a cgroupRoot that is not there in every hierarchy it needs."""
    for root in hierarchies():
        _pass_on(root)
        (root / place.cgroup).mkdir(exist_ok=True)
        _prefer(root / place.cgroup)


_SHARE: Final = 8
"""Of how many busy processes all pods together are worth. Left alone they were worth one: a user of theirs waited two
seconds while eight tests ran beside them. On a real cluster nobody runs his command line on the node."""


def _prefer(cgroup: Path) -> None:
    for name, one in (("cpu.shares", 1024), ("cpu.weight", 100)):  # version 1, version 2
        if (cgroup / name).exists():
            (cgroup / name).write_text(f"{one * _SHARE}")


def _pass_on(root: Path) -> None:
    """With version 2 a child has only the controllers that its parent passes on; systemd leaves out cpuset."""
    available = _text(root / "cgroup.controllers").split()
    for controller in {"cpu", "cpuset", "hugetlb", "memory", "pids"}.intersection(available):
        with suppress(OSError):
            (root / "cgroup.subtree_control").write_text(f"+{controller}")


def pids(place: BedPlace) -> set[int]:
    """Every process of every pod."""
    return {int(word) for cgroup in _ours(place) for word in _text(cgroup / "cgroup.procs").split()}


def remove(place: BedPlace, seconds: float = 5) -> None:
    """Children first. The kernel keeps a cgroup busy for a moment after its last process has gone."""
    deadline = time.monotonic() + seconds
    while left := _ours(place):
        for cgroup in left:
            with suppress(OSError):
                cgroup.rmdir()
        if time.monotonic() > deadline:
            raise BedError(f"cgroup {left[0]} cannot be removed")


def hierarchies() -> list[Path]:
    """Each mounted hierarchy: one with version 2, one per controller with version 1."""
    lines = [line.split() for line in Path("/proc/mounts").read_text().splitlines()]
    return [Path(words[1]) for words in lines if words[2] in {"cgroup", "cgroup2"}]


def _ours(place: BedPlace) -> list[Path]:
    """Deepest first."""
    found = [path for root in hierarchies() for path in _tree(root / place.cgroup)]
    return sorted(found, key=lambda path: -len(path.parts))


def _tree(top: Path) -> list[Path]:
    with suppress(OSError):  # a cgroup may vanish while it is read
        return [top, *(path for path in top.rglob("*") if path.is_dir())] if top.is_dir() else []
    return [top]


def _text(file: Path) -> str:
    with suppress(OSError):
        return file.read_text()
    return ""
