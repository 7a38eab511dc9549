"""Laws of one step that only an exploration can hold: the attacks of `test_laws` would make them say nothing."""

from cutover.core.base.causes import Reaction
from cutover.core.engine.decision import Decision
from cutover.core.engine.observation import Observation
from cutover.core.engine.state import Phase, State, Verdict
from cutover.core.objects.rollout import RolloutView
from cutover.core.writes.write import Write, WriteName
from tests.core.engine import laws


def hold(before: State, observation: Observation, after: State, decision: Decision) -> None:
    """Every law, on one step."""
    if laws.over(before):
        return
    strangers_come_first(before, observation, after)
    for write in laws.writes_in(decision):
        if write.name in laws.PROMOTIONS and after.phase is Phase.CANARY:
            held_long_enough(before, observation)
        nothing_points_back(before, after, write)


def held_long_enough(before: State, observation: Observation) -> None:
    """A pause is passed only when the gate's conditions held for `hold`, without a break, up to now."""
    assert before.steady_since + before.run_spec.deadlines.hold <= observation.at.mono, "a pause was passed too early"


def strangers_come_first(before: State, observation: Observation, after: State) -> None:
    """Whatever else is the matter: where somebody else's template stands, the run yields."""
    rollout = observation.world.rollout(after.run_spec.target.rollout)
    if isinstance(before.verdict, Verdict) or not isinstance(after.verdict, Verdict):
        return
    if not isinstance(rollout, RolloutView) or not before.written or rollout.meta.generation < after.generation:
        return
    ours = (after.run_spec.before, after.stored_template)
    assert rollout.template in ours or after.verdict.reaction is Reaction.YIELD, (
        "somebody else's template, and no yielding"
    )


def nothing_points_back(before: State, after: State, write: Write) -> None:
    """Past the point of no return; a way back that began before it goes on."""
    points_back = write.name in {WriteName.ABORT, WriteName.RESTORE}
    began_before = before.takes(Reaction.FAIL) or before.takes(Reaction.INTERRUPT)
    assert not (points_back and after.past_no_return and not began_before), f"{write.name} past the point of no return"
