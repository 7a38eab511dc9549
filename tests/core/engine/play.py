"""A play: a run of the machine against a stage, told step by step.

It stands where `runtime.loop` and the API server stand: it hands observations to `advance`, keeps what is decided, and
answers writes as the test says. An accepted write is really applied to the stage's Rollout as the JSON Patch that it
is, guards included: a test that lets a guarded write through where its guards do not hold fails by itself.

Every step of every play is held against the laws in `tests.core.engine.laws`.
"""

import copy
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, Final, Self

import jsonpatch

from cutover.core.base.documents import Json
from cutover.core.base.instants import Instant
from cutover.core.base.outcomes import Cause, Ending
from cutover.core.base.resources import WATCHED, Resource
from cutover.core.engine.decision import CollectEvidence, Decision, RefreshAll
from cutover.core.engine.facts import Fact
from cutover.core.engine.observation import Evidence, FreshRead, Observation, OperatorRequest
from cutover.core.engine.run_spec import RunSpec, RunStart, run_spec_of
from cutover.core.engine.run_view import RunView, observed_run_view
from cutover.core.engine.state import NEVER, Phase, State, start
from cutover.core.engine.step import advance
from cutover.core.objects.read_results import ReadFailed
from cutover.core.objects.rollout import rollout_view
from cutover.core.objects.world import Synced, World
from cutover.core.plan.model import OnFailure, Plan, Promotion
from cutover.core.writes.lock_state import HELD, Lock
from cutover.core.writes.write import Accepted, Answer, Refused, Unclear, Write
from tests.core.engine import laws
from tests.core.engine.stage import ClusterStage, edits_of, opening, plan
from tests.quotations import unmasked

BEGAN: Final = 1000.0
"""The monotonic clock when a play begins; the wall clock runs beside it."""

EPOCH: Final = 1_795_000_000.0
BLINK: Final = 0.01
"""Seconds between two things that happen at once."""

See = Callable[[ClusterStage], ClusterStage]


def run_spec(
    intent: Plan, *, timeout: float = NEVER, follow: bool = False, stage: ClusterStage | None = None, owner: str = ""
) -> RunSpec:
    """The order of a run of this plan on the usual application; with an owner it leaves marks."""
    snapshot = (stage or opening()).snapshot()
    begun = RunStart(owner, EPOCH)
    return run_spec_of("run-1", intent, snapshot, edits_of(intent), timeout=timeout, follow=follow, begun=begun)


class Play:
    """One run. `stage` is what stands in the cluster; the run knows of it what it has been shown."""

    def __init__(
        self,
        promotion: Promotion = Promotion.AUTO,
        on_failure: OnFailure = OnFailure.RESTORE,
        *,
        timeout: float = NEVER,
        follow: bool = False,
        stage: ClusterStage | None = None,
        intent: Plan | None = None,
        owner: str = "",
    ) -> None:
        self.stage = stage or opening()
        wanted = intent or plan(promotion, on_failure)
        order = run_spec(wanted, timeout=timeout, follow=follow, stage=self.stage, owner=owner)
        self.lock: Lock = HELD
        self.now = BEGAN
        self.state: State = start(order, self.now)
        self.facts: list[Fact] = []
        self.writes: list[Write] = []
        self.asks: list[CollectEvidence] = []
        self.looks_wanted = 0
        self.decision = Decision()
        self._silent: dict[Resource, Synced] = {}

    # -- what happens ----------------------------------------------------------------------------------------------

    def begins(self) -> Self:
        """The first observation: the world as it was read for the checks."""
        return self._observe()

    def sees(self, change: See = lambda stage: stage, after: float = BLINK) -> Self:
        """The watch brings news: the cluster has become this."""
        self.now += after
        self.stage = change(self.stage)
        return self._observe()

    def hears_late(self, old: ClusterStage) -> Self:
        """The watch brings an echo of how the cluster was."""
        self.now += BLINK
        return self._observe(world=old.world(self.now))

    def waits(self, seconds: float) -> Self:
        """Time passes and nothing happens: the machine is asked again only when it wanted to be."""
        until = self.now + seconds
        while not self.over and self.decision.ask_again_at < until:
            self.now = self.decision.ask_again_at
            self._observe()
        self.now = until
        return self if self.over else self._observe()

    def goes_blind(self, *kinds: Resource) -> Self:
        """From here on the watch of these kinds, or else of all, is silent: what was seen grows old."""
        self._silent = {kind: self.stage.listed(kind, self.now) for kind in kinds or WATCHED}
        return self

    def sees_again(self, change: See = lambda stage: stage) -> Self:
        """The watch is back."""
        self._silent = {}
        return self.sees(change)

    def knows_of_its_lock(self, lock: Lock) -> Self:
        """The lock is in another state from here on."""
        self.now += BLINK
        self.lock = lock
        return self._observe()

    def is_asked_to(self, *requests: OperatorRequest) -> Self:
        """A signal arrives."""
        self.now += BLINK
        return self._observe(requests=requests)

    def hears(self, *pieces: Evidence) -> Self:
        """Evidence arrives."""
        self.now += BLINK
        return self._observe(evidence=pieces)

    # -- answers to writes -----------------------------------------------------------------------------------------

    def accepts(
        self, name: str, *, change: See = lambda stage: stage, requests: tuple[OperatorRequest, ...] = ()
    ) -> Self:
        """The API server carries out the write that is under way; `change` is what it makes of it besides."""
        write = self.under_way(name)
        self.stage = change(replace(self.stage, rollout=applied(self.stage.rollout, write)))
        self.now += BLINK
        return self._observe(answers=(Accepted(write, rollout_view(self.stage.rollout)),), requests=requests)

    def refuses(self, name: str, status: int = 422, reason: str = "the guard does not hold") -> Self:
        """The API server refuses the write that is under way; it reads back as it stands on the stage."""
        self.now += BLINK
        return self._observe(answers=(Refused(self.under_way(name), status, reason, self.stage.view()),))

    def loses(self, name: str, *, stored: bool = False) -> Self:
        """The answer to the write is lost; it was carried out all the same if `stored`, and nobody knows yet."""
        write, before = self.under_way(name), self.stage
        self.now += BLINK
        answer = Unclear(write, "its answer was lost", ReadFailed("rollout/payments", "no connection"))
        self._observe(world=before.world(self.now), answers=(answer,))
        self.stage = replace(self.stage, rollout=applied(self.stage.rollout, write)) if stored else self.stage
        return self

    def under_way(self, name: str) -> Write:
        """The write that is under way, which must be of that name."""
        pending = self.state.pending
        assert pending is not None, f"no write is under way, {name} was expected\n{self.told()}"
        assert pending.name == name, self.told()
        return pending

    # -- fresh looks -----------------------------------------------------------------------------------------------

    def looks(self, change: See = lambda stage: stage) -> Self:
        """The fresh look that was asked for shows the stage; what the stage becomes in between is `change`."""
        assert self.looks_wanted, f"no look was asked for\n{self.told()}"
        asked = self.instant
        self.looks_wanted -= 1
        self.now += BLINK
        self.stage = change(self.stage)
        return self._observe(fresh_reads=(FreshRead(self.stage.world(asked.mono), asked),))

    def cannot_look(self) -> Self:
        """The fresh look that was asked for finds no API server."""
        assert self.looks_wanted, f"no look was asked for\n{self.told()}"
        asked = self.instant
        self.looks_wanted -= 1
        self.now += BLINK
        return self._observe(fresh_reads=(FreshRead(ReadFailed("rollouts", "no connection"), asked),))

    def hands_over(self, look: FreshRead) -> Self:
        """A look arrives that this play did not take."""
        self.now += BLINK
        return self._observe(fresh_reads=(look,))

    # -- whole passages --------------------------------------------------------------------------------------------

    def writes_the_plan(self) -> Self:
        """The cutover is sent and done."""
        return self.begins().accepts("cutover")

    def is_adopted(self) -> Self:
        """… and taken up by the controller."""
        return self.writes_the_plan().sees(ClusterStage.adopted)

    def starts_a_canary(self) -> Self:
        """… which starts the first canary pod."""
        return self.is_adopted().sees(ClusterStage.canary)

    def has_a_ready_canary(self) -> Self:
        """… which becomes Ready."""
        return self.starts_a_canary().sees(ClusterStage.canary_ready, after=2.0)

    def comes_to_the_pause(self) -> Self:
        """… so that the Rollout stands at its indefinite pause."""
        return self.has_a_ready_canary().sees(lambda stage: stage.paused_at(1))

    def passes_the_pause(self) -> Self:
        """… which the run lets it pass."""
        return self.comes_to_the_pause().waits(10.0).accepts("promote-pause").sees(lambda stage: stage.at_step(2))

    def is_promoted(self) -> Self:
        """… so that the plan's revision becomes stable, while the old one still goes."""
        return self.passes_the_pause().sees(ClusterStage.just_promoted, after=5.0)

    def bakes(self) -> Self:
        """… and alone."""
        return self.is_promoted().sees(ClusterStage.promoted, after=3.0)

    def aborts(self) -> Self:
        """The abort is sent, done and acknowledged."""
        return self.accepts("abort").sees(ClusterStage.aborted)

    def restores(self) -> Self:
        """The old template is written, and taken up."""
        return self.accepts("restore").sees(ClusterStage.restored_and_healthy)

    def goes_back(self) -> Self:
        """The failure transaction, all of it, up to the fresh look."""
        return self.aborts().restores().looks()

    def reverts(self) -> Self:
        """The way back after promotion, all of it, up to the fresh look."""
        self.accepts("restore").sees(lambda stage: stage.at_step(0).observed().status(currentPodHash="6f5d8c7b9"))
        return self.accepts("promote-full").sees(ClusterStage.restored_and_healthy, after=5.0).looks()

    # -- what came of it -------------------------------------------------------------------------------------------

    @property
    def over(self) -> bool:
        """Whether the run has ended."""
        return self.state.phase is Phase.OVER

    @property
    def ending(self) -> Ending:
        """How the run ended."""
        assert isinstance(self.decision.ending, Ending), self.told()
        return self.decision.ending

    @property
    def phase(self) -> Phase:
        """Where the run stands."""
        return self.state.phase

    @property
    def code(self) -> str:
        """The code of the run's cause; empty where it has none."""
        cause = self.ending.cause
        return cause.code if isinstance(cause, Cause) else ""

    @property
    def sent(self) -> list[str]:
        """The names of the writes that were sent, in their order."""
        return [write.name.value for write in self.writes]

    def said(self, kind: type[Fact]) -> list[str]:
        """The sentences of the facts of that type."""
        return [unmasked(fact.text) for fact in self.facts if isinstance(fact, kind)]

    def told(self) -> str:
        """The whole story, for the message of a failed assertion."""
        lines = [f"{fact.kind}: {unmasked(fact.text)}" for fact in self.facts]
        return "\n".join([f"at {self.now - BEGAN:.2f} s in {self.state.phase}", *lines, str(self.decision.ending)])

    # -- telling the machine ---------------------------------------------------------------------------------------

    @property
    def instant(self) -> Instant:
        """This very moment."""
        return Instant(self.now, EPOCH + self.now)

    def view(self) -> RunView:
        """What the run sees now."""
        return observed_run_view(self.state, Observation(self.instant, self._world(), lock=self.lock))

    def _world(self) -> World:
        world = self.stage.world(self.now)
        for old in self._silent.values():
            world = replace(world, objects={**world.objects, old.kind: {view.meta.name: view for view in old.views}})
            world = replace(world, seen={**world.seen, old.kind: old.at})
        return world

    def _observe(
        self,
        *,
        world: World | None = None,
        answers: tuple[Answer, ...] = (),
        requests: tuple[OperatorRequest, ...] = (),
        fresh_reads: tuple[FreshRead, ...] = (),
        evidence: tuple[Evidence, ...] = (),
    ) -> Self:
        observation = Observation(
            self.instant, world or self._world(), answers, requests, fresh_reads, evidence, self.lock
        )
        before = self.state
        self.state, decision = advance(before, observation)
        laws.hold(before, observation, self.state, decision)
        if laws.over(before):
            return self
        self.decision = decision
        self.facts += decision.facts
        self.writes += [command for command in decision.commands if isinstance(command, Write)]
        self.asks += [command for command in decision.commands if isinstance(command, CollectEvidence)]
        self.looks_wanted += sum(isinstance(command, RefreshAll) for command in decision.commands)
        return self


def applied(rollout: Json, write: Write) -> Json:
    """What the API server makes of the write."""
    return patched(rollout, write.operations)


def patched(before: Json, operations: Iterable[Json]) -> Json:
    """What the API server makes of a JSON Patch: all operations or none; a changed spec has a new generation."""
    document: dict[str, Any] = copy.deepcopy(dict(before))
    after: dict[str, Any] = jsonpatch.apply_patch(document, list(operations))
    if after["spec"] != before["spec"] and "generation" in after["metadata"]:
        after["metadata"]["generation"] += 1
    return after
