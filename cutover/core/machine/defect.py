"""What follows when our own code fails after the write: the failure transaction, and if that fails too, the restore.

The first defect sets the verdict, so that judging is over and the phases of the way back take their turn. A second one
means that the phases themselves cannot be trusted: then the old template is put back without them, and a human called.
"""

from dataclasses import replace

from cutover.core.causes import Course, rule
from cutover.core.endings import Cause, Outcome, SpecState
from cutover.core.facts import Fact, FactKind
from cutover.core.machine.decision import Decision, Ending
from cutover.core.machine.next_steps import what_to_type
from cutover.core.machine.state import State, Undecided, Verdict
from cutover.core.writes.restore import restore_write
from cutover.core.writes.write import Write


def after_defect(state: State, what: str, now: float) -> tuple[State, Decision]:
    """The state and decision after a defect; `what` names it without any value of the plan."""
    cause = Cause(rule("defect").attribution, "defect", f"a defect in cutover itself: {what}")
    fact = Fact(FactKind.DECIDED, cause.message, {"code": cause.code, "attribution": cause.attribution.value})
    if isinstance(state.verdict, Undecided):
        return replace(state, verdict=Verdict(Course.FAIL, cause, now)), Decision((fact,), ask_again_at=now)
    return state, Decision((fact,), ending=_lost(state, cause))


def last_resort(state: State) -> Write:
    """The restore that needs no phase: guarded on what we wrote, like every other."""
    brief = state.brief
    return restore_write(brief.target, brief.uid, state.standing or brief.after, brief.before)


def _lost(state: State, cause: Cause) -> Ending:
    return Ending(
        Outcome.UNVERIFIED,
        cause,
        SpecState.UNKNOWN,
        unproven=("nothing could be verified: cutover itself failed twice",),
        next=what_to_type(state.brief, Outcome.UNVERIFIED, SpecState.UNKNOWN, paused=False),
    )
