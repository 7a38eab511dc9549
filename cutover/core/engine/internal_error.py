"""What follows when our own code fails after the write: the failure transaction, and if that fails too, the restore.

The first defect sets the verdict, so that judging is over and the phases of the way back take their turn. A second one
means that the phases themselves cannot be trusted: then the old template is put back without them, and a human called.
"""

from dataclasses import replace

from cutover.core.base.causes import Reaction, rule
from cutover.core.base.outcomes import Cause, Ending, Outcome, SpecState
from cutover.core.engine.decision import Decision
from cutover.core.engine.facts import Fact, FactKind
from cutover.core.engine.next_commands import next_commands
from cutover.core.engine.observation import Observation
from cutover.core.engine.phase_writes import restoring
from cutover.core.engine.state import NEVER, Idle, State, Undecided, Verdict
from cutover.core.objects.read_results import ReadFailed
from cutover.core.writes.write import Unclear, Write


def after_defect(state: State, what: str, observation: Observation) -> tuple[State, Decision]:
    """The state and decision after a defect at this observation; `what` names it without any value of the plan."""
    now = observation.at.mono
    cause = Cause(rule("defect").attribution, "defect", f"a defect in cutover itself: {what}")
    fact = Fact(FactKind.DECIDED, cause.message, {"code": cause.code, "attribution": cause.attribution.value})
    if isinstance(state.verdict, Undecided):
        state = replace(_without_news(state, observation), verdict=Verdict(Reaction.FAIL, cause, now))
        return state, Decision((fact,), ask_again_at=now)
    return state, Decision((fact,), ending=_lost(state, cause))


def _without_news(state: State, observation: Observation) -> State:
    """What came with the observation is lost with it, and comes only once: nobody is to wait for it any more."""
    if observation.looks:
        state = replace(state, fresh_read_asked_at=NEVER)
    if isinstance(state.pending, Idle) or not observation.answers:
        return state
    lost = Unclear(state.pending, "its answer was lost to a defect", ReadFailed(str(state.run_spec.target), "not read"))
    return replace(state, pending=Idle(), answer=lost, unclear_at=observation.at.mono)


def last_resort(state: State) -> Write:
    """The restore that needs no phase: guarded on what we wrote, like every other."""
    return restoring(state.run_spec, state.stored_template)


def _lost(state: State, cause: Cause) -> Ending:
    return Ending(
        Outcome.UNVERIFIED,
        cause,
        SpecState.UNKNOWN,
        unproven=("nothing could be verified: cutover itself failed twice",),
        next=next_commands(state.run_spec, Outcome.UNVERIFIED, SpecState.UNKNOWN, paused=False),
        past_no_return=state.past_no_return,
    )
