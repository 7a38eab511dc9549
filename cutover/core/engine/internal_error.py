"""What the engine does when our own code fails after the write: it goes back, and if that fails too, it restores.

The first defect sets the verdict, so nothing more is judged and the phases of the way back begin. A second one means
that the phases themselves cannot be trusted: then the old template is put back without them, and a person is called.
"""

from dataclasses import replace

from cutover.core.base.causes import Reaction, rule
from cutover.core.base.outcomes import Cause, Ending, Outcome, SpecState
from cutover.core.engine.decision import Decision
from cutover.core.engine.facts import Decided
from cutover.core.engine.next_commands import next_commands
from cutover.core.engine.observation import Observation
from cutover.core.engine.phase_writes import restoring
from cutover.core.engine.state import NEVER, State, Verdict
from cutover.core.objects.read_results import ReadFailed
from cutover.core.writes.write import Unclear, Write


def after_defect(state: State, what: str, observation: Observation) -> tuple[State, Decision]:
    """Return the state and decision after a defect at this observation; `what` names it without a value of the plan."""
    now = observation.at.mono
    cause = Cause(rule("defect").attribution, "defect", f"a defect in cutover itself: {what}")
    fact = Decided(cause.message, cause)
    if state.verdict is None:
        state = replace(_without_news(state, observation), verdict=Verdict(Reaction.FAIL, cause, now))
        return state, Decision((fact,), ask_again_at=now)
    return state, Decision((fact,), ending=_lost(state, cause))


def _without_news(state: State, observation: Observation) -> State:
    """Drop what came with the observation: a write's answer counts as lost, and a fresh read may be asked for again."""
    if observation.fresh_reads:
        state = replace(state, fresh_read_asked_at=NEVER)
    if state.pending is None or not observation.answers:
        return state
    lost = Unclear(state.pending, "its answer was lost to a defect", ReadFailed(str(state.run_spec.target), "not read"))
    return replace(state, pending=None, answer=lost, unclear_at=observation.at.mono)


def last_resort(state: State) -> Write:
    """Return the restore that needs no phase; like every other, it is guarded by the template that we wrote."""
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
