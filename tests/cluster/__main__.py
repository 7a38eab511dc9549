"""The test bed's command line: `python -m tests.cluster COMMAND`."""

import argparse
import signal
import sys
import time
from collections.abc import Callable

from tests.cluster import packages, processes
from tests.cluster.bed import Bed
from tests.cluster.build import binaries, build
from tests.cluster.down import take_down
from tests.cluster.errors import BedError
from tests.cluster.lock import only_one
from tests.cluster.place import BedPlace
from tests.cluster.shell import require_root
from tests.cluster.up import bring_up


def _build(_words: argparse.Namespace) -> None:
    print(f"binaries: {build().folder}")


def _packages(_words: argparse.Namespace) -> None:
    packages.install()


def _up(_words: argparse.Namespace) -> None:
    bring_up(BedPlace.here())


def _down(_words: argparse.Namespace) -> None:
    require_root()
    place, started = BedPlace.here(), time.monotonic()
    with only_one(place.lock, "it starts or stops this bed"):
        was_up = take_down(place)
    print(f"down, in {time.monotonic() - started:.1f} s" if was_up else "the bed is not up")


def _status(_words: argparse.Namespace) -> None:
    bed = Bed.current()
    for process in processes.recorded(bed.place):
        state = "running" if processes.alive(process) else "not running" if process.wanted else "stopped on purpose"
        print(f"{process.name:20} {process.pid:>8}  {state}")
    for name, value in _addresses(bed).items():
        print(f"{name:20} {value}")
    if problems := bed.problems(binaries()):
        raise BedError("; ".join(problems))


def _addresses(bed: Bed) -> dict[str, object]:
    return {
        "API server": bed.server,
        "Prometheus": bed.prometheus,
        "database a": f"{bed.databases.a.host}:{bed.databases.a.port}",
        "database b": f"{bed.databases.b.host}:{bed.databases.b.port}",
        "refused": f"{bed.databases.refused.host}:{bed.databases.refused.port}",
        "blackhole": f"{bed.databases.blackhole.host}:{bed.databases.blackhole.port}",
        "Services": bed.ranges.services,
        "pods": bed.ranges.pods,
        "image": bed.image,
        "kubeconfig": bed.kubeconfig,
        "kubectl": bed.kubectl,
        "logs": bed.place.logs,
    }


def _kubeconfig(_words: argparse.Namespace) -> None:
    print(Bed.current().kubeconfig)


def _logs(words: argparse.Namespace) -> None:
    """Those of the last run too, after `down`."""
    folder = BedPlace.here().logs
    file = folder / f"{words.name}.log"
    if not file.exists():
        names = ", ".join(sorted(path.stem for path in folder.glob("*.log"))) or "none"
        raise BedError(f"no log of {words.name!r}; there are: {names}")
    with file.open(errors="replace") as text:
        sys.stdout.writelines(text)


COMMANDS: dict[str, tuple[Callable[[argparse.Namespace], None], str]] = {
    "build": (_build, "build Kubernetes and Argo Rollouts, once per machine"),
    "packages": (_packages, "install the Debian packages that are missing"),
    "up": (_up, "start the bed, or repair it, or say that it runs"),
    "down": (_down, "stop the bed and remove every trace but its logs"),
    "status": (_status, "components and addresses; exit code 1 if something is wrong"),
    "kubeconfig": (_kubeconfig, "print the path of the kubeconfig"),
    "logs": (_logs, "print the log of one component"),
}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.cluster", description="A real Kubernetes with Argo Rollouts."
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, (_, help_text) in COMMANDS.items():
        command = commands.add_parser(name, help=help_text)
        if name == "logs":
            command.add_argument("name", metavar="NAME", help="a component, such as apiserver")
    return parser


def main() -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # an ordinary end: what was started is taken down
    words = _parser().parse_args()
    try:
        COMMANDS[words.command][0](words)
    except BedError as error:
        print(f"test bed: {error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # `logs NAME | head`
        return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
