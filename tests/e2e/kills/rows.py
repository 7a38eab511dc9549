"""Kinds of run with their writes discovered, and what has to be true after one was killed at one of them."""

import json
import signal
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests.cluster.bed import Bed
from tests.cluster.load.answers import LoadResult
from tests.cluster.manifests import Manifest
from tests.conftest import namespace_for
from tests.e2e.arena import Arena
from tests.e2e.kills.proxy import ProxiedRequest, Proxy, ProxyFault
from tests.e2e.kills.sabotage import sabotage
from tests.e2e.kills.writes import STRANGERS, cutover, run_through, unmark, verdict
from tests.e2e.running import CommandResult, Running
from tests.e2e.secrets import assert_nothing_leaked

NOTHING: Final = (0, "unchanged")
PROMOTED: Final = (0, "promoted")
HELD: Final = (10, "held")
REVERTED: Final = (16, "reverted")
INTERRUPTED: Final = (130, "interrupted")
STEPS: Final[tuple[Manifest, ...]] = (
    {"setWeight": 50},
    {"pause": {}},
    {"setWeight": 80},
    {"pause": {"duration": "1s"}},
)


@dataclass(frozen=True)
class Scenario:
    """One kind of run; `deadman` arms the controller's own abort."""

    name: str
    ending: tuple[int, str]
    watch: str
    deadman: bool = False

    def __str__(self) -> str:
        return f"{self.name}+deadman" if self.deadman else self.name

    @property
    def interrupted(self) -> bool:
        return self.ending == INTERRUPTED

    def secret(self) -> str:
        return "candidate" if self.ending == HELD else "payments-db-b"

    def plan(self, arena: Arena) -> Path:
        more = "  deadman: {seconds: 300}\n" if self.deadman else ""
        return arena.plan(arena.to_secret(self.secret()), watch=self.watch, more=more)

    def spoiling(self, arena: Arena) -> AbstractContextManager[None]:
        """What goes wrong by itself: in the bake a pod loses its readiness as soon as it is stable."""
        return sabotage(arena) if self.ending == REVERTED else nullcontext()


def _watch(**limits: str) -> str:
    usual = {"readyWithin": "60s", "adoptWithin": "20s", "hold": "1s", "bake": "1s"}
    return "watch: {" + ", ".join(f"{name}: {limit}" for name, limit in (usual | limits).items()) + "}"


SCENARIOS: Final = {
    "good": Scenario("good", PROMOTED, _watch()),
    "bad": Scenario("bad", HELD, _watch(readyWithin="6s")),
    "bake": Scenario("bake", REVERTED, _watch(bake="40s")),
    "interrupted": Scenario("interrupted", INTERRUPTED, _watch(hold="60s")),
}


FEWEST: Final[Mapping[str, tuple[int, int]]] = {
    "good": (5, 6),
    "bad": (7, 7),
    "bake": (8, 9),
    "interrupted": (7, 7),
    "resume good after cutover": (5, 6),
    "resume bad after verdict": (7, 7),
    "resume bad after cutover": (7, 7),
    "resume bake after verdict": (7, 7),
}
"""How many writes every run of a kind has, without a dead-man and with one; those of its lock are among them.

One more may follow: the marks are taken off together with a dead-man that is seen to be armed still; if it is not by
then, the API server refuses that patch, and a plainer one follows. `tests/core/engine/test_writes_to_kill_at.py` says
what they are.
"""


@dataclass(frozen=True)
class RolloutBefore:
    """How the Rollout stood before the run, `old` its template, and the template that the plan makes of it, `new`."""

    old: Any
    new: Any
    rest: Any

    @classmethod
    def before(cls, arena: Arena, scenario: Scenario) -> "RolloutBefore":
        """Deploy the application, with something on it that is none of ours, and look at it."""
        arena.deploy(steps=STEPS)
        arena.secret("candidate", url=arena.bed.databases.refused.url())
        arena.patch({"metadata": {"annotations": STRANGERS, "labels": {"theirs": "untouched"}}})
        spec = arena.rollout()["spec"]
        old = spec.pop("template")
        new = deepcopy(old)
        entry = next(entry for entry in new["spec"]["containers"][0]["env"] if entry["name"] == "DATABASE_URL")
        entry["valueFrom"]["secretKeyRef"]["name"] = scenario.secret()
        return cls(old, new, spec)

    def check(self, arena: Arena, *, promoted: bool) -> None:
        """The template is the right one, the rest as it was, nothing of the run is left, and strangers' marks are."""
        rollout = arena.rollout()
        template = rollout["spec"].pop("template")
        assert template == (self.new if promoted else self.old), json.dumps(template)
        assert rollout["spec"] == self.rest, "an armed field is left, or somebody else's was changed"
        assert rollout["metadata"]["labels"]["theirs"] == "untouched"
        assert STRANGERS.items() <= rollout["metadata"]["annotations"].items()
        assert arena.marks() == {}
        assert arena.leases() == []
        assert arena.healthy(), arena.describe()


@contextmanager
def fresh(bed: Bed, name: str, folder: Path) -> Iterator[Arena]:
    """A namespace and a folder for one row; nothing secret may have left it."""
    arena = Arena(bed, namespace_for(f"test_kills-{name}"), folder / name)
    arena.folder.mkdir()
    try:
        yield arena
        assert_nothing_leaked(arena)
    finally:
        arena.kubectl("delete", "namespace", arena.namespace, "--ignore-not-found", "--wait=false")


# -- commands under way ------------------------------------------------------------------------------------------------


def apply(arena: Arena, proxy: Proxy, scenario: Scenario) -> CommandResult:
    """`cutover apply` through the proxy, which may kill it; an interrupted one is sent SIGTERM at its pause."""
    running = run_through(arena, proxy, "apply", scenario.plan(arena))
    return finished(running, interrupt=scenario.interrupted)


def resume_through(arena: Arena, proxy: Proxy, *, interrupt: bool) -> CommandResult:
    """`cutover resume` through the proxy, which may kill it."""
    return finished(run_through(arena, proxy, "resume", "payments", "-n", arena.namespace), interrupt=interrupt)


def resume(arena: Arena, *, interrupt: bool) -> CommandResult:
    """`cutover resume` straight at the API server, by one that knows nothing of the run."""
    env = {"XDG_STATE_HOME": str(arena.folder / "state" / "another")}
    running = arena.start("resume", "payments", "-n", arena.namespace, "-o", "json", env=env)
    return finished(running, interrupt=interrupt)


def finished(running: Running, *, interrupt: bool) -> CommandResult:
    """The end of a command, which is stopped at its pause if it gets there."""
    if interrupt:
        try:
            running.wait_for_line("step 1 of 4: pause")
            running.send(signal.SIGTERM)
        except AssertionError:
            assert running.process.wait(60) == -signal.SIGKILL, "it ended before its pause"
    return running.finish()


# -- what is right -----------------------------------------------------------------------------------------------------


def stored(writes: list[ProxiedRequest], number: int, fault: ProxyFault) -> list[ProxiedRequest]:
    """What the API server did of the writes when the process was killed at the n-th."""
    return writes[: number - 1 if fault is ProxyFault.KILL_BEFORE else number]


def begun(writes: list[ProxiedRequest]) -> list[ProxiedRequest]:
    """The cutover of a run that nobody killed: what all else has to follow from."""
    return [asked for asked in writes if cutover(asked)]


def goes_on(done: list[ProxiedRequest]) -> bool:
    """Whether there is something to finish: the cutover was written, and its marks stand."""
    return any(cutover(asked) for asked in done) and not any(unmark(asked) for asked in done)


def condemned(done: list[ProxiedRequest]) -> bool:
    """Whether the run's verdict was noted."""
    return any(verdict(asked) for asked in done)


def must_be_stopped(scenario: Scenario, done: list[ProxiedRequest]) -> bool:
    """Whether `resume` goes on by the plan, so that it has to be interrupted as the run was to be."""
    return scenario.interrupted and goes_on(done) and not condemned(done)


def all_is_well(
    arena: Arena, scenario: Scenario, world: RolloutBefore, done: list[ProxiedRequest], *, last: CommandResult
) -> None:
    """The last command ended as is right after what was done before it, and so did the world."""
    ending = scenario.ending if goes_on(done) else NOTHING
    assert (last.code, last.report.get("outcome")) == ending, last.told()
    assert last.report["unproven"] == [], last.told()
    world.check(arena, promoted=scenario.ending == PROMOTED and any(cutover(asked) for asked in done))


def nobody_noticed(users: LoadResult, last: CommandResult) -> None:
    """The users' requests were all answered."""
    assert users.failed == (), f"{users.summary()}\n{last.told()}"
    assert users.by_database, "no request was made"
