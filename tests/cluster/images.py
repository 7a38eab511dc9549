"""Images without a registry: tar files, imported into the bed's own containerd."""

from pathlib import Path

from tests.cluster.errors import BedError
from tests.cluster.place import BedPlace
from tests.cluster.shell import inside, run, tool


def missing(place: BedPlace, reference: str) -> bool:
    return reference not in run([*_ctr(place), "images", "list", "-q"]).split()


def load(place: BedPlace, tar: Path) -> None:
    """Import an archive. Inside the namespace: there `down` finds it, should this process be killed meanwhile."""
    run([*inside(place.netns), *_ctr(place), "images", "import", tar])


def containerd_answers(place: BedPlace) -> bool:
    """The socket is there before the server is."""
    try:
        run([*_ctr(place), "version"])
    except BedError:
        return False
    return True


def _ctr(place: BedPlace) -> list[str]:
    return [tool("ctr"), f"--address={place.containerd_socket}", "--namespace=k8s.io"]
