from dataclasses import dataclass
from pathlib import Path

from tests.cluster.build import Binaries
from tests.cluster.place import BedPlace
from tests.cluster.ranges import Ranges

NAME = "node"  # of the one node, in Kubernetes


@dataclass(frozen=True)
class BedNode:
    """What every component needs to know to be started: where it lives, its addresses, the programs."""

    place: BedPlace
    ranges: Ranges
    binaries: Binaries

    @property
    def server(self) -> str:
        return f"https://{self.ranges.node}:6443"

    @property
    def certificates(self) -> Path:
        return self.place.state / "certificates"

    @property
    def authority(self) -> Path:
        """The API server's self-signed certificate is its own authority."""
        return self.certificates / "apiserver.crt"

    @property
    def audit_log(self) -> Path:
        return self.place.state / "audit.log"

    def folder(self, name: str) -> Path:
        """A component's own folder below the bed's state."""
        folder = self.place.state / name
        folder.mkdir(exist_ok=True)
        return folder
