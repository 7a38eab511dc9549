"""Where one bed lives on the machine. Everything is derived from a key, so that two checkouts never meet."""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

import platformdirs

CHECKOUT = Path(__file__).resolve().parents[2]
CACHE = platformdirs.user_cache_path("cutover-test")
STATES = Path("/run/cutover-test")
OTHER_BED = "CUTOVER_TEST_BED"  # a second bed of the same checkout: set it to any name


@dataclass(frozen=True)
class BedPlace:
    """The paths and names of one bed."""

    key: str

    @classmethod
    def here(cls) -> "BedPlace":
        """The bed of this checkout, or the one that the environment names."""
        return cls.named(os.environ.get(OTHER_BED, ""))

    @classmethod
    def named(cls, name: str) -> "BedPlace":
        """One of this checkout's beds; the one that everything shares has no name."""
        return cls(hashlib.sha256(f"{CHECKOUT}:{name}".encode()).hexdigest()[:8])

    @property
    def state(self) -> Path:
        """All that dies with the bed. Short: socket paths end after 107 characters."""
        return STATES / self.key

    @property
    def netns(self) -> Path:
        """The node's network namespace, held by a bind mount of our own.

        Not /run/netns: `ip netns add` mounts that directory over itself and leaves the mount behind.
        """
        return self.state / "netns"

    @property
    def record(self) -> Path:
        """Written last: a bed without it is half-built."""
        return self.state / "bed.json"

    @property
    def containerd_socket(self) -> Path:
        return self.state / "containerd.sock"

    @property
    def kubeconfig(self) -> Path:
        return self.state / "kubeconfig"

    @property
    def logs(self) -> Path:
        """Outside the state: the logs of the last run are still there after `down`."""
        return CACHE / "logs" / self.key

    @property
    def lock(self) -> Path:
        return CACHE / "locks" / f"{self.key}.lock"

    @property
    def link(self) -> str:
        """The host's end of the cable; interface names end after 15 characters."""
        return f"cut{self.key}"

    @property
    def cgroup(self) -> str:
        """The parent of all pod cgroups of this bed, and of nothing else."""
        return f"cutover-{self.key}"
