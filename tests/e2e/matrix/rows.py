"""What the kill matrix is made of: the kinds of run, and what has to be true after each row."""

import signal
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from cutover.core.writes.lease import VERDICT
from tests.cluster.load.answers import Result
from tests.e2e.arena import Arena
from tests.e2e.matrix.proxy import Asked, Fault, Proxy
from tests.e2e.running import Outcome, Running

STRANGERS: Final = {"example.com/theirs": "untouched"}
PROMOTED, HELD, REVERTED, INTERRUPTED, NOTHING = 0, 10, 16, 130, 0


@dataclass(frozen=True)
class Scenario:
    """One kind of run. `provoke` does to a run under way what makes it that kind; `sabotaged` breaks it in the bake."""

    name: str
    ending: int
    watch: str
    bad: bool = False
    sabotaged: bool = False
    provoke: Callable[[Running], None] = lambda _running: None

    def plan(self, arena: Arena) -> Path:
        change = arena.to_secret("candidate" if self.bad else "payments-db-b")
        return arena.plan(change, watch=self.watch, more="  deadman: {seconds: 300}\n")

    def deploy(self, arena: Arena) -> None:
        """The application, with something on it that is none of ours."""
        steps = [{"setWeight": 50}, {"pause": {}}, {"setWeight": 80}]
        arena.deploy(replicas=2, sidecar=False, steps=steps)
        arena.secret("candidate", url=arena.bed.databases.refused.url())
        meta = {"annotations": STRANGERS, "labels": {"theirs": "untouched"}}
        arena.patch({"metadata": meta})


def stop_at_the_pause(running: Running) -> None:
    """A pipeline is cancelled."""
    running.wait_for_line("step 1 of 3: pause")
    running.send(signal.SIGTERM)


def _watch(**limits: str) -> str:
    usual = {"readyWithin": "60s", "adoptWithin": "20s", "hold": "0s", "bake": "1s"}
    return "watch: {" + ", ".join(f"{name}: {limit}" for name, limit in (usual | limits).items()) + "}"


SCENARIOS: Final = (
    Scenario("good", PROMOTED, _watch()),
    Scenario("bad", HELD, _watch(readyWithin="5s"), bad=True),
    Scenario("bake", REVERTED, _watch(bake="40s"), sabotaged=True),
    Scenario("interrupted", INTERRUPTED, _watch(hold="8s"), provoke=stop_at_the_pause),
)


@dataclass(frozen=True)
class Row:
    """A run of that scenario, killed at its n-th write, before or after the API server did it."""

    scenario: Scenario
    number: int
    fault: Fault

    def __str__(self) -> str:
        return f"{self.scenario.name} {self.number} {self.fault.value}"


@dataclass(frozen=True)
class Before:
    """How the Rollout stood before the run."""

    template: Any
    spec: Any

    @classmethod
    def of(cls, arena: Arena) -> "Before":
        spec = dict(arena.rollout()["spec"])
        return cls(spec.pop("template"), spec)


def stored(writes: list[Asked], fault: Fault) -> list[Asked]:
    """The writes that the API server carried out: all but the last where it was killed before."""
    return writes[:-1] if fault is Fault.KILL_BEFORE else writes


def right_ending(scenario: Scenario, done: list[Asked]) -> int:
    """What `resume` has to come to, by what was done when the process died.

    Without the cutover there is nothing to finish, and so there is after the marks were taken away. A run that was
    to be stopped, and died before it could note that, is a good one.
    """
    if not any(cutover(asked) for asked in done) or any(unmark(asked) for asked in done):
        return NOTHING
    if scenario.ending == INTERRUPTED and not any(VERDICT.encode() in asked.body or verdict(asked) for asked in done):
        return PROMOTED
    return scenario.ending


def cutover(asked: Asked) -> bool:
    """The patch that writes the plan's values and the marks."""
    return b'"/metadata/annotations/cutover.dev~1marks"' in asked.body and not unmark(asked)


def unmark(asked: Asked) -> bool:
    """The patch that takes the marks away."""
    return b'"remove", "path": "/metadata/annotations/cutover.dev~1marks"' in asked.body


def verdict(asked: Asked) -> bool:
    """The patch that notes on the Lease that the run goes back."""
    return b"cutover.dev~1verdict" in asked.body


def all_is_well(arena: Arena, before: Before, outcome: Outcome, ending: int, users: Result) -> None:
    """Everything that has to be true after a row."""
    assert outcome.code == ending, outcome.told()
    assert outcome.report["unproven"] == [], outcome.told()
    assert users.failed == (), f"{users.summary()}\n{outcome.told()}"
    assert arena.marks() == {}, outcome.told()
    assert arena.leases() == [], outcome.told()
    now = Before.of(arena)
    assert now.spec == before.spec, "an armed field is left, or somebody else's was changed"
    assert arena.healthy()
    meta = arena.rollout()["metadata"]
    assert meta["labels"]["theirs"] == "untouched"
    assert STRANGERS.items() <= meta["annotations"].items()


def run_through(arena: Arena, proxy: Proxy, *verb: str | Path) -> Running:
    """`cutover` under way by way of the proxy, which may kill it."""
    running = arena.start(*verb, "-o", "json", "--kubeconfig", proxy.kubeconfig(arena.folder))
    proxy.pid = running.process.pid
    return running
