"""The test bed as fixtures, benchmarks and the demo see it. README.md tells how it fits together."""

import json
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from tests.cluster import identities, monitoring, processes
from tests.cluster.api_requests import BedApi
from tests.cluster.build import Binaries
from tests.cluster.databases import Database, DatabaseEndpoint, Databases
from tests.cluster.errors import BedError
from tests.cluster.files import write_whole
from tests.cluster.node import BedNode
from tests.cluster.place import CHECKOUT, BedPlace
from tests.cluster.ranges import Ranges
from tests.cluster.shell import inside, run


@dataclass(frozen=True)
class Component:
    """One process of the bed; the pid is the program's own, not a wrapper's."""

    place: BedPlace
    name: str

    @property
    def pid(self) -> int:
        return processes.named(self.place, self.name).pid

    @property
    def running(self) -> bool:
        return processes.alive(processes.named(self.place, self.name))

    @property
    def log(self) -> Path:
        return self.place.logs / f"{self.name}.log"

    def stop_signal(self) -> None:
        """Hold it: it keeps its connections and does nothing."""
        processes.send(processes.named(self.place, self.name), signal.SIGSTOP)

    def continue_signal(self) -> None:
        processes.send(processes.named(self.place, self.name), signal.SIGCONT)

    def stop(self) -> None:
        """End it, until `start`."""
        processes.stop(self.place, self.name)

    def start(self) -> None:
        """Start it again, with the flags it had."""
        processes.start_again(self.place, self.name)

    def restart(self) -> None:
        self.stop()
        self.start()


@dataclass(frozen=True)
class Bed:
    """A running bed: its addresses, files and programs."""

    place: BedPlace
    binaries: Binaries
    ranges: Ranges
    databases: Databases
    image: str
    server: str
    token: str
    authority: Path
    prometheus: str
    audit_log: Path

    @classmethod
    def up(cls) -> "Bed":
        """Start the bed unless it runs, and say what happens meanwhile.

        By the same command as a person would: the bed's processes are then nobody's children here.
        """
        done = subprocess.run([sys.executable, "-m", "tests.cluster", "up"], cwd=CHECKOUT, check=False)
        if done.returncode:
            raise BedError("the test bed did not start")
        return cls.current()

    @classmethod
    def current(cls) -> "Bed":
        """The bed that runs."""
        place = BedPlace.here()
        if not place.record.exists():
            raise BedError("the bed is not up: python -m tests.cluster up")
        return cls.read(place)

    @classmethod
    def of(cls, node: BedNode, databases: Databases, image: str) -> "Bed":
        return cls(
            place=node.place,
            binaries=node.binaries,
            ranges=node.ranges,
            databases=databases,
            image=image,
            server=node.server,
            token=identities.token(node, identities.ADMIN),
            authority=node.authority,
            prometheus=monitoring.url(node),
            audit_log=node.audit_log,
        )

    @classmethod
    def read(cls, place: BedPlace) -> "Bed":
        """What `write` wrote."""
        record = json.loads(place.record.read_text())
        texts = {name: record[name] for name in ("image", "server", "token", "prometheus")}
        return cls(
            place=place,
            binaries=Binaries(Path(record["binaries"]["folder"])),
            ranges=Ranges(**record["ranges"]),
            databases=_databases(record["databases"]),
            authority=Path(record["authority"]),
            audit_log=Path(record["audit_log"]),
            **texts,
        )

    def write(self) -> None:
        """Record the bed; from now on it counts as up."""
        write_whole(self.place.record, json.dumps(asdict(self), default=str, indent=1), mode=0o600)

    def with_image(self, reference: str) -> "Bed":
        """The same bed with another application image."""
        bed = replace(self, image=reference)
        bed.write()
        return bed

    @property
    def kubeconfig(self) -> Path:
        return self.place.kubeconfig

    @property
    def kubectl(self) -> Path:
        return self.binaries / "kubectl"

    @property
    def argo_plugin(self) -> Path:
        """`kubectl-argo-rollouts`; with its folder on PATH it is `kubectl argo rollouts`."""
        return self.binaries / "kubectl-argo-rollouts"

    @property
    def host(self) -> str:
        """This machine as pods and the API server see it: the address for a webhook of a test."""
        return self.ranges.host

    @cached_property
    def api(self) -> BedApi:
        """A small client, for what a test does not want kubectl for."""
        return BedApi(self.server, self.authority, self.token)

    def endpoints(self, service: str) -> int:
        """To how many pods kube-proxy sends what comes to a Service's address, by its own rules.

        A packet to an address without rules makes the kernel remember that there are none, for two minutes.
        """
        rules = run([*inside(self.place.netns), "iptables-save", "-t", "nat"]).splitlines()
        chains = [rule.split()[-1] for rule in rules if f"-d {service}/32" in rule and "-j KUBE-SVC-" in rule]
        return sum(rule.startswith(f"-A {chain} ") and "-j KUBE-SEP-" in rule for chain in chains for rule in rules)

    def measure(self, query: str) -> list[Any]:
        """What Prometheus answers to an instant query."""
        return monitoring.query(self.prometheus, query)

    def component(self, name: str) -> Component:
        """One process of the bed, such as `rollouts-controller` or `prometheus`."""
        processes.named(self.place, name)
        return Component(self.place, name)

    def components(self) -> list[Component]:
        return [Component(self.place, process.name) for process in processes.recorded(self.place)]

    def log(self, name: str) -> Path:
        return self.component(name).log

    def problems(self, binaries: Binaries) -> list[str]:
        """Why this bed cannot be used as it is."""
        problems = [f"{name} is not running" for name in processes.dead(self.place)]
        if binaries != self.binaries:
            problems.append("other binaries were built since")
        if not self.api.ready():
            problems.append("the API server does not answer")
        return problems


def _databases(record: Mapping[str, Any]) -> Databases:
    return Databases(
        a=Database(**record["a"]),
        b=Database(**record["b"]),
        refused=DatabaseEndpoint(**record["refused"]),
        blackhole=DatabaseEndpoint(**record["blackhole"]),
    )
