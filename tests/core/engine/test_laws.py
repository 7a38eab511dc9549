"""The laws of `tests.core.engine.laws` under attack, and two more: every run ends, and every fair good one promoted.

`make test-all` attacks ten times as long. In CI the attacks are the same in every run; elsewhere they are not.
"""

import os
from dataclasses import replace
from typing import Any, Final

from hypothesis import HealthCheck, given, settings
from hypothesis import Phase as Step
from hypothesis import strategies as st

from cutover.core.base.instants import Instant
from cutover.core.base.outcomes import Outcome
from cutover.core.base.resources import WATCHED
from cutover.core.engine.decision import Decision, RefreshAll
from cutover.core.engine.observation import Evidence, EvidenceKind, FreshRead, Observation, OperatorRequest
from cutover.core.engine.state import NEVER, start
from cutover.core.engine.step import advance
from cutover.core.objects.read_results import ReadFailed
from cutover.core.plan.model import OnFailure, Promotion, WatchPolicy
from cutover.core.writes.write import Accepted, Answer, Refused, Unclear, Write, WriteName
from tests.core.engine import laws, worlds
from tests.core.engine.play import BEGAN, Play, See, run_spec
from tests.core.engine.stage import BASE, NEW, ClusterStage, plan
from tests.core.engine.worlds import SeenWorld
from tests.sampling import WHOLE

ATTACK: Final = settings(
    max_examples=4000 if WHOLE else 250,
    deadline=None,
    derandomize=bool(os.environ.get("CI")) and not WHOLE,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    phases=[Step.explicit, Step.reuse, Step.generate, Step.shrink],  # explaining takes minutes, and explains nothing
)
GOOD: Final = settings(ATTACK, max_examples=400 if WHOLE else 40)

LONGEST_END: Final = 400.0
"""Seconds from a verdict to the end at most: abort, restore, verify, overtaken by a promotion, all of it late."""

PAUSES: Final = (0.01, 0.01, 0.5, 0.5, 1.0, 1.0, 3.0, 6.0, 11.0, 11.0, 31.0, 61.0, 301.0)
"""Seconds between two observations."""


class Attack:
    """A run that is shown whatever the attack draws. Every step is held against every law."""

    def __init__(self, draw: st.DataObject) -> None:
        self.draw = draw
        self.now = BEGAN
        self.seen = SeenWorld()
        self.before = self.seen
        self.fresh = dict.fromkeys(WATCHED, BEGAN)
        self.looking: list[float] = []
        self.sentenced = False
        self.ended = 0
        self.state = start(self._brief(), self.now)

    def _brief(self) -> Any:
        intent = plan(
            self.draw.draw(st.sampled_from(list(Promotion)), "promotion"),
            self.draw.draw(st.sampled_from(list(OnFailure)), "policy"),
            WatchPolicy(ready_within=30.0, adopt_within=60.0, hold=self._any(0.0, 10.0), bake=self._any(0.0, 20.0)),
        )
        order = run_spec(intent, timeout=self._any(NEVER, 120.0), follow=self.draw.draw(st.booleans(), "follow"))
        return replace(order, strategy=worlds.rollout(SeenWorld()).strategy)

    def _any(self, *values: float) -> float:
        return self.draw.draw(st.sampled_from(values))

    def _rarely(self, times: int, what: str) -> bool:
        return self.draw.draw(st.integers(1, times), what) == times

    # -- one step --------------------------------------------------------------------------------------------------

    def strikes(self) -> None:
        """Time passes, the world moves, and the machine is told some of it."""
        self.now += self._any(*PAUSES)
        self.before, self.seen = self.seen, self.draw.draw(worlds.moves(self.state.phase), "move")(self.seen)
        silent = WATCHED if self._rarely(10, "blind") else ()
        self.fresh = {kind: at if kind in silent else self.now for kind, at in self.fresh.items()}
        echo = self._rarely(10, "echo")
        self.observes(
            self.before if echo else self.seen, self._answers(), self._looks(), self._wishes(), self._evidence()
        )

    def observes(
        self,
        seen: SeenWorld,
        answers: tuple[Answer, ...] = (),
        looks: tuple[FreshRead, ...] = (),
        wishes: tuple[OperatorRequest, ...] = (),
        evidence: tuple[Evidence, ...] = (),
    ) -> Decision:
        """One observation, one step, all laws."""
        world = worlds.world(seen, self.fresh)
        observation = Observation(Instant(self.now, self.now), world, answers, wishes, looks, evidence)
        before = self.state
        self.state, decision = advance(before, observation)
        laws.hold(before, observation, self.state, decision)
        self.looking += [self.now for command in decision.commands if isinstance(command, RefreshAll)]
        self.ended += laws.over(self.state) and not laws.over(before)
        self.sentenced = self.state.failing or self.state.watching_ended or self.state.leaving
        return decision

    # -- what is drawn ---------------------------------------------------------------------------------------------

    def _answers(self) -> tuple[Answer, ...]:
        write = self.state.pending
        if write is None or self._rarely(3, "late"):
            return ()
        how = ["done"] * 8 + ["no", "lost"]
        return (self.answers(write, self.draw.draw(st.sampled_from(how), "answer")),)

    def answers(self, write: Write, how: str) -> Answer:
        """The API server's answer."""
        if how == "done":
            self.seen = self._done(write)
            return Accepted(write, worlds.rollout(self.seen))
        if how == "no":
            return Refused(write, self.draw.draw(st.sampled_from([403, 404, 409, 422]), "status"), "no", NOBODY)
        return Unclear(write, "its answer was lost", NOBODY)

    def _done(self, write: Write) -> SeenWorld:
        match write.name:
            case WriteName.CUTOVER:
                return worlds.written(self.seen, "mutated" if self._rarely(10, "mutated") else "after")
            case WriteName.RESTORE:
                return worlds.written(self.seen, "before")
            case WriteName.ABORT:
                return replace(self.seen, abort=True, promote_full=False)
            case WriteName.PROMOTE_FULL:
                return replace(self.seen, promote_full=True)
            case _:
                return replace(self.seen, pauses=())

    def _looks(self) -> tuple[FreshRead, ...]:
        if not self.looking or self._rarely(3, "slow"):
            return ()
        at = Instant(self.looking.pop(0), 0.0)
        if self._rarely(5, "unreadable"):
            return (FreshRead(ReadFailed("everything", "no connection"), at),)
        return (FreshRead(worlds.world(self.seen, dict.fromkeys(WATCHED, at.mono)), at),)

    def _wishes(self) -> tuple[OperatorRequest, ...]:
        return (self.draw.draw(st.sampled_from(list(OperatorRequest))),) if self._rarely(30, "wished") else ()

    def _evidence(self) -> tuple[Evidence, ...]:
        if not self._rarely(10, "evidence"):
            return ()
        body = self.draw.draw(st.sampled_from(["503\n[[[[", "503\n" + "[" * 100_000, '200\n{"checks": [1]}']), "body")
        return (Evidence(EvidenceKind.READYZ, f"payments-{NEW}-0", "app", body),)

    # -- the end ---------------------------------------------------------------------------------------------------

    def lets_it_end(self) -> None:
        """Nothing more happens but answers, none of them good; the run is asked when it wants to be."""
        decision, last = self.observes(self.seen), self.now + LONGEST_END
        while not laws.over(self.state) and self.now < last:
            self.now = min(decision.ask_again_at, self.now + 20.0)
            write = self.state.pending
            answers = () if write is None else (self.answers(write, "no"),)
            decision = self.observes(self.seen, answers)


NOBODY: Final = ReadFailed("rollout/payments", "no connection")


@ATTACK
@given(st.data())
def test_whatever_is_seen_answered_and_wished_the_laws_hold(data: st.DataObject) -> None:
    attack = Attack(data)
    for _ in range(data.draw(st.integers(1, 40), "steps")):
        attack.strikes()
        if laws.over(attack.state):
            break
    if attack.sentenced:
        attack.lets_it_end()
        assert laws.over(attack.state), f"still in {attack.state.phase}"
    assert attack.ended == laws.over(attack.state)


class Fair:
    """A run of a good plan: every good thing happens in time and in order, amid whatever a busy cluster does."""

    def __init__(self, draw: st.DataObject, play: Play) -> None:
        self.draw = draw
        self.play = play
        self.old = [play.stage]

    def sees(self, change: See, within: float = 20.0) -> None:
        """A good thing happens, after a while in which nothing bad does."""
        self.play.waits(self.draw.draw(st.floats(0.01, within), "seconds"))
        self.old.append(self.play.stage)
        self.play.sees(change)
        for disturb in self.draw.draw(st.lists(st.sampled_from(DISTURBANCES), max_size=2), "besides"):
            disturb(self)

    def hears_an_echo(self) -> None:
        """The watch repeats how the spec was before our write, and then how it is."""
        self.play.hears_late(self.old[0]).sees()

    def hears_it_twice(self) -> None:
        """The watch repeats itself."""
        self.play.sees()

    def is_scaled(self) -> None:
        """An autoscaler asks for another stable pod and gets it, and takes it back."""
        stable = len([name for name in self.play.stage.pods if BASE in name])
        if stable and not self.play.state.promoted:
            self.play.sees(lambda stage: stage.spec(replicas=5).observed().stable(stable + 1, ready=stable))
            self.play.waits(3.0).sees(lambda stage: stage.spec(replicas=4).observed().stable(stable))

    def loses_a_pod(self) -> None:
        """A node drain takes a pod of stable, and its replacement is Ready in time."""
        stable = len([name for name in self.play.stage.pods if BASE in name])
        if stable:
            self.play.sees(lambda stage: stage.stable(stable, ready=stable - 1)).waits(4.0)
            self.play.sees(lambda stage: stage.stable(stable))

    def is_blind_for_a_while(self) -> None:
        """The watch breaks off and is back."""
        self.play.goes_blind().waits(self.draw.draw(st.floats(0.1, 3.0), "blind for")).sees_again()

    def writes(self, name: str) -> None:
        """The write is answered, or its answer is lost and it was carried out all the same."""
        if self.draw.draw(st.integers(1, 4), "lost") == 4:
            self.play.loses(name, stored=True).sees()
        else:
            self.play.accepts(name)


DISTURBANCES: Final = (
    Fair.hears_an_echo,
    Fair.hears_it_twice,
    Fair.is_scaled,
    Fair.loses_a_pod,
    Fair.is_blind_for_a_while,
)


@GOOD
@given(st.data(), st.sampled_from([Promotion.AUTO, Promotion.FULL]))
def test_every_fair_good_run_ends_promoted(data: st.DataObject, promotion: Promotion) -> None:
    play = Play(promotion).begins()
    fair = Fair(data, play)
    fair.writes("cutover")
    fair.sees(ClusterStage.adopted)
    fair.sees(ClusterStage.canary)
    fair.sees(ClusterStage.canary_ready)
    fair.sees(lambda stage: stage.paused_at(1))
    play.waits(10.1 + play.state.run_spec.deadlines.hold)
    fair.writes(f"promote-{'pause' if promotion is Promotion.AUTO else 'full'}")
    fair.sees(lambda stage: stage.at_step(2).canary(3, ready=1).stable(2))
    fair.sees(lambda stage: stage.canary_ready(3).paused_at(3))
    fair.sees(lambda stage: stage.at_step(4).canary(4, ready=3).stable(2))
    fair.sees(ClusterStage.just_promoted)
    fair.sees(ClusterStage.promoted)
    play.waits(20.0).looks()
    assert play.ending.outcome is Outcome.PROMOTED, play.told()
