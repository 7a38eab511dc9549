"""The laws that hold at every step of every run, whatever is seen, answered or wished.

They are written against what the run is shown, not with the machine's own helpers: a helper that is wrong would be
wrong on both sides. `tests.core.engine.play` holds every step of every story against them, `test_laws` attacks them.
"""

from typing import Final

from cutover.core.base.causes import Reaction
from cutover.core.base.outcomes import Ending, Outcome
from cutover.core.base.resources import Resource
from cutover.core.engine.decision import Decision, RefreshAll
from cutover.core.engine.facts import Ended
from cutover.core.engine.observation import FreshRead, Observation
from cutover.core.engine.state import NEVER, Phase, State, Verdict
from cutover.core.objects.replicaset import ReplicaSetView
from cutover.core.objects.rollout import RolloutView
from cutover.core.objects.world import World
from cutover.core.writes.guards import annotation
from cutover.core.writes.run_annotations import OWNER
from cutover.core.writes.write import Refused, Write, WriteName

PROMOTIONS: Final = frozenset({WriteName.PROMOTE_PAUSE, WriteName.PROMOTE_FULL})
SETTLED: Final = frozenset(
    {
        Outcome.PROMOTED,
        Outcome.HELD,
        Outcome.INTERRUPTED,
        Outcome.REVERTED,
        Outcome.CONTAINED,
        Outcome.HOLDING,
    }
)
"""The endings that call nobody at once: each has to be seen on a fresh look."""

LAST: Final = frozenset({Phase.CLOSE, Phase.OVER})
"""Phases in which how it ended is decided."""

PLACES: Final = ("/spec/template", "/spec/progressDeadline", "/status/", "/metadata/annotations")
"""What a run may change."""

NO_MORE_WRITES: Final = frozenset({Reaction.YIELD, Reaction.STOP, Reaction.BLIND})


def over(state: State) -> bool:
    """Whether the run has ended."""
    return state.phase is Phase.OVER


def hold(before: State, observation: Observation, after: State, decision: Decision) -> None:
    """Every law, on one step."""
    if over(before):
        assert (after, decision) == (before, Decision()), "after the end nothing is decided"
        return
    one_ending(before, after, decision)
    one_write_under_way(before, observation, after, decision)
    no_write_twice(before, after, decision)
    one_verdict(before, after)
    no_spinning(observation, after, decision)
    for write in writes_in(decision):
        nothing_against_others(observation, after, write)
        nothing_after_yielding(after)
        nothing_promoted_unseen(observation, after, write)
        every_write_is_guarded(after, write)
    if isinstance(decision.ending, Ending):
        seen_afresh(after, decision.ending)


def writes_in(decision: Decision) -> tuple[Write, ...]:
    """The writes of the Rollout that were decided. What goes to the Lease waits for no answer and holds nothing up."""
    writes = (command for command in decision.commands if isinstance(command, Write))
    return tuple(write for write in writes if write.resource is Resource.ROLLOUT)


def one_ending(before: State, after: State, decision: Decision) -> None:
    """A run ends once, says so once, and sends nothing with it; its marks go in between."""
    ended = [fact for fact in decision.facts if isinstance(fact, Ended)]
    assert len(ended) == (after.phase in LAST and before.phase not in LAST)
    assert isinstance(decision.ending, Ending) == over(after)
    assert not (over(after) and writes_in(decision))


def one_write_under_way(before: State, observation: Observation, after: State, decision: Decision) -> None:
    """A write is sent only when the one before it has been answered."""
    sent = writes_in(decision)
    assert len(sent) <= 1
    if sent:
        assert before.pending is None or observation.answers
        assert after.pending == sent[0]
    looks = [command for command in decision.commands if isinstance(command, RefreshAll)]
    assert not looks or not sent


def no_write_twice(before: State, after: State, decision: Decision) -> None:
    """What was sent in a phase on one occasion is never sent again. The end is entered once."""
    if after.phase is Phase.CLOSE:
        return
    for write in writes_in(decision):
        key = f"{after.phase}:{write.name}:{write.occasion}"
        assert key not in before.sent_writes, f"{key} was sent before"
        assert after.sent_writes == before.sent_writes | {key}


def one_verdict(before: State, after: State) -> None:
    """Once set, a verdict stays."""
    if isinstance(before.verdict, Verdict):
        assert after.verdict == before.verdict


def no_spinning(observation: Observation, after: State, decision: Decision) -> None:
    """Who goes on wants to be asked again later, never at once: the loop would spin."""
    if decision.ending is None:
        assert decision.ask_again_at > observation.at.mono, f"{after.phase} asks for {decision.ask_again_at}"


def nothing_against_others(observation: Observation, after: State, write: Write) -> None:
    """No write to somebody else's object or over somebody else's template; the cutover is guarded on T0 itself."""
    rollout = observation.world.rollout(after.run_spec.target.rollout)
    if not isinstance(rollout, RolloutView):
        return
    assert rollout.meta.uid == after.run_spec.uid, f"{write.name} to another Rollout"
    if write.name in {WriteName.CUTOVER, WriteName.UNMARK} or rollout.meta.generation < after.generation:
        return
    ours = (after.run_spec.before, after.run_spec.after, after.stored_template)
    assert rollout.template in ours, f"{write.name} over somebody else's template"


def nothing_after_yielding(after: State) -> None:
    """Who yields, stops or is blind writes no more, but takes its own marks away."""
    if after.phase is Phase.CLOSE:
        return
    reaction = after.verdict.reaction if isinstance(after.verdict, Verdict) else Reaction.FAIL
    assert reaction not in NO_MORE_WRITES


def nothing_promoted_unseen(observation: Observation, after: State, write: Write) -> None:
    """A promotion needs, in that very view, a whole canary, a whole stable, and news that are not old."""
    if write.name not in PROMOTIONS or after.phase is Phase.FORCE:
        return
    assert not after.suspicions
    assert after.questioned_at == NEVER
    assert not isinstance(after.verdict, Verdict)
    world, run_spec = observation.world, after.run_spec
    ages = [world.age(kind, observation.at.mono) for kind in (Resource.ROLLOUT, Resource.REPLICASET, Resource.POD)]
    assert max(ages) <= run_spec.deadlines.blind_after
    assert counted(world, run_spec.uid, after.canary_hash).whole
    stable = counted(world, run_spec.uid, run_spec.base_hash)
    rollout = world.rollout(run_spec.target.rollout)
    assert isinstance(rollout, RolloutView)
    assert {pause.reason for pause in rollout.status.pauses} == {"CanaryPauseStep"}, "what nobody judged is passed"
    at_full = rollout.steps[rollout.status.step_index - 1].get("setWeight") == 100
    assert stable.whole or (at_full and stable.known and stable.desired == 0)


def every_write_is_guarded(after: State, write: Write) -> None:
    """Every write tests the object's uid first, then that the run is still ours, or else what it is about.

    The cutover is what makes the run ours.
    """
    first, second, *_ = write.operations
    assert first == {"op": "test", "path": "/metadata/uid", "value": after.run_spec.uid}
    assert second["op"] == "test"
    if after.run_spec.owner and write.name is not WriteName.CUTOVER:
        assert second == {"op": "test", "path": annotation(OWNER), "value": after.run_spec.owner}, (
            f"{write.name}: no fence"
        )
    changed = {operation["path"] for operation in write.operations if operation["op"] != "test"}
    assert all(path.startswith(PLACES) for path in changed)


def seen_afresh(after: State, ending: Ending) -> None:
    """An ending that calls nobody was seen on a fresh look, by means of our own here."""
    untouched = not after.sent_writes or (
        isinstance(after.answer, Refused) and after.answer.write.name is WriteName.CUTOVER
    )
    if ending.outcome not in SETTLED or untouched:
        return
    assert isinstance(after.fresh_read, FreshRead), f"{ending.outcome} without a look"
    assert isinstance(after.fresh_read.world, World), f"{ending.outcome} on a look that saw nothing"
    oracle(after, after.fresh_read.world, ending.outcome)


# -- an oracle of our own ----------------------------------------------------------------------------------------------


class Counted:
    """A revision, counted from the world alone."""

    def __init__(self, world: World, uid: str, pod_hash: str) -> None:
        sets = [found for found in world.replicasets(uid) if found.pod_hash == pod_hash]
        self.known = bool(sets)
        self.desired = sum(found.desired for found in sets)
        self.existing = sum(found.replicas for found in sets)
        self.available = sum(found.available for found in sets)
        self.pods = [pod for found in sets for pod in world.pods(found.meta.uid)]
        self.ready = sum(pod.ready and not pod.over for pod in self.pods)

    @property
    def whole(self) -> bool:
        """Whether it has pods, and every one that it should have."""
        return 0 < self.desired <= min(self.ready, self.available)


def counted(world: World, uid: str, pod_hash: str) -> Counted:
    """The revision of that hash."""
    return Counted(world, uid, pod_hash)


def oracle(state: State, world: World, outcome: Outcome) -> None:
    """What each good ending means, spelt out."""
    run_spec = state.run_spec
    rollout = world.rollout(run_spec.target.rollout)
    assert isinstance(rollout, RolloutView)
    assert rollout.meta.uid == run_spec.uid
    status = rollout.status
    stable, canary = counted(world, run_spec.uid, run_spec.base_hash), counted(world, run_spec.uid, state.canary_hash)
    full = rollout.replicas
    match outcome:
        case Outcome.PROMOTED:
            assert (status.stable_rs, status.current_pod_hash) == (state.canary_hash, state.canary_hash)
            assert rollout.template == state.stored_template
            assert min(canary.ready, canary.available) >= full
            assert stable.existing == 0
            assert status.phase == "Healthy"
        case Outcome.HOLDING:
            assert status.stable_rs == run_spec.base_hash
            assert canary.whole
            assert not status.abort
            reasons = {pause.reason for pause in status.pauses}
            assert reasons == {"CanaryPauseStep"} or reasons & {"InconclusiveAnalysisRun", "InconclusiveExperiment"}
        case Outcome.CONTAINED:
            assert status.stable_rs == run_spec.base_hash
            assert rollout.template == state.stored_template
            assert min(stable.ready, stable.available) >= stable.desired > 0
        case _:
            assert rollout.template == run_spec.before
            assert rollout.observed
            assert (status.stable_rs, status.current_pod_hash) == (run_spec.base_hash, run_spec.base_hash)
            assert status.phase == "Healthy"
            assert min(stable.ready, stable.available) >= full
            assert not [
                found for found in others(world, run_spec.uid, run_spec.base_hash) if found.replicas or found.desired
            ]


def others(world: World, uid: str, base: str) -> list[ReplicaSetView]:
    """The Rollout's ReplicaSets but the one of that hash."""
    return [found for found in world.replicasets(uid) if found.pod_hash != base]
