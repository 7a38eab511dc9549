"""Remove the marks of a run at its end, when nothing is left to do for anybody.

A run that needs a person (`holding`, `unverified`, `unobservable`) is not over: its marks stay, so that
`cutover resume` and `cutover abort` can finish it, from any machine.
"""

from dataclasses import replace
from typing import Final

from cutover.core.base.documents import Operation
from cutover.core.base.outcomes import Ending, Outcome
from cutover.core.engine.decision import Command, Decision
from cutover.core.engine.ingest import take_answer
from cutover.core.engine.observation import Observation
from cutover.core.engine.run_spec import RunSpec
from cutover.core.engine.run_view import RunView
from cutover.core.engine.state import Phase, State
from cutover.core.objects.rollout import RolloutView
from cutover.core.writes.deadman import disarming
from cutover.core.writes.guards import fenced
from cutover.core.writes.lock_state import Held, Overdue, Unsure
from cutover.core.writes.run_annotations import OWNER
from cutover.core.writes.unmark import unmark_write
from cutover.core.writes.write import Accepted, Refused, Write

UNFINISHED: Final = frozenset({Outcome.HOLDING, Outcome.UNVERIFIED, Outcome.UNOBSERVABLE})
"""Outcomes after which a person has to finish the run; so its marks stay."""

WITHIN: Final = 12.0
"""Seconds that the removal of the marks may take: more than the time limit of one request."""

LEFT: Final = "the run's marks could not be taken off the Rollout: `cutover resume` does it"


def is_finished(end: Ending) -> bool:
    """Tell whether nothing is left to do for anybody: the run is over, and its marks are known to be gone."""
    return end.outcome not in UNFINISHED and LEFT not in end.unproven


def marks_to_remove(state: State, view: RunView, end: Ending) -> tuple[Write, ...]:
    """Return the forms of the write that removes the marks; none where the marks are not seen, or not ours."""
    run_spec, rollout = state.run_spec, view.rollout
    if end.outcome in UNFINISHED or not run_spec.owner or state.taken_over_by or not isinstance(rollout, RolloutView):
        return ()
    if rollout.meta.annotations.get(OWNER) != run_spec.owner or rollout.meta.uid != run_spec.uid:
        return ()
    return tuple(
        fenced(unmark_write(run_spec.target, rollout, *form), run_spec.owner) for form in _forms(run_spec, rollout)
    )


def _forms(run_spec: RunSpec, rollout: RolloutView) -> tuple[tuple[Operation, ...], ...]:
    """Return what to remove with the marks: a dead-man that is still armed; and, if that is refused, nothing."""
    there = disarming(rollout, run_spec.armed)
    return (there, ()) if there else ((),)


def begin_cleanup(
    state: State, view: RunView, end: Ending, forms: tuple[Write, ...]
) -> tuple[State, tuple[Command, ...]]:
    """Return the state that waits for the marks to be gone, and the first form of the write to send."""
    first, *others = forms
    closing = replace(state, phase=Phase.CLOSE, entered=view.now, pending=first, answer=None, ending=end)
    return replace(closing, other_cleanups=tuple(others)), (first,)


def continue_cleanup(state: State, observation: Observation) -> tuple[State, Decision]:
    """End the run once the marks are known to be gone or to stay; without the lock no second form is sent."""
    for answer in observation.answers:
        state, _ = take_answer(state, answer, observation.at.mono)
    another = isinstance(state.answer, Refused) and bool(state.other_cleanups)
    if another and isinstance(observation.lock, Held | Overdue):
        return _plainer(state)
    waits = state.pending is not None or (another and isinstance(observation.lock, Unsure))
    end, late = state.ending, observation.at.mono >= state.entered + WITHIN
    if not isinstance(end, Ending) or (waits and not late):
        return state, Decision(ask_again_at=state.entered + WITHIN)
    left = () if isinstance(state.answer, Accepted) else (LEFT,)
    return replace(state, phase=Phase.OVER), Decision(ending=replace(end, unproven=(*end.unproven, *left)))


def _plainer(state: State) -> tuple[State, Decision]:
    """Send the next form of the write."""
    plainer, *others = state.other_cleanups
    again = replace(state, pending=plainer, answer=None, other_cleanups=tuple(others))
    return again, Decision(commands=(plainer,), ask_again_at=state.entered + WITHIN)
