"""The kernel's settings that kubelet changes, for the whole machine: remembered, and put back."""

import json
from contextlib import suppress
from pathlib import Path

from tests.cluster.files import write_whole
from tests.cluster.place import BedPlace

SETTINGS = Path("/proc/sys")

# What kubelet sets (protectKernelDefaults: false).
KUBELET = {
    "vm/overcommit_memory": "1",
    "vm/panic_on_oom": "0",
    "kernel/panic": "10",
    "kernel/panic_on_oops": "1",
    "kernel/keys/root_maxkeys": "1000000",
    "kernel/keys/root_maxbytes": "25000000",
}


def remember(place: BedPlace) -> None:
    """Only what differs: a second bed, which finds the first one's settings, must not take them for the machine's."""
    now = {name: _setting(name).read_text().strip() for name in KUBELET if _setting(name).exists()}
    changed = {name: value for name, value in now.items() if value != KUBELET[name]}
    write_whole(_file(place), json.dumps(changed))


def restore(place: BedPlace) -> None:
    """Put back what was remembered."""
    with suppress(FileNotFoundError):
        for name, value in json.loads(_file(place).read_text()).items():
            _setting(name).write_text(value)


def _setting(name: str) -> Path:
    return SETTINGS / name


def _file(place: BedPlace) -> Path:
    return place.state / "kernel.json"
