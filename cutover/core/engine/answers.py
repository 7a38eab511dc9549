"""Taking in the answers to writes."""

from dataclasses import replace
from typing import Final

from cutover.core.base.resources import Resource
from cutover.core.engine.facts import Fact, FactKind
from cutover.core.engine.run_view import Scene
from cutover.core.engine.state import NEVER, Idle, State
from cutover.core.objects.rollout import RolloutView
from cutover.core.writes.write import Accepted, Answer, Refused, Unclear, WriteName

Taken = tuple[State, tuple[Fact, ...]]

FORBIDDEN: Final = 403
"""The HTTP code by which the API server says that a right is missing."""

LATE_EFFECT_WITHIN: Final = 10.0
"""Seconds after which a request whose answer was lost can no longer be on its way (our own time limit for one)."""


def take_answer(state: State, answer: Answer, now: float) -> Taken:
    """The state with one answer taken in; the phases judge it, this only remembers."""
    if answer.write.resource is not Resource.ROLLOUT:
        return state, ()
    state = replace(state, pending=Idle(), answer=answer)
    match answer:
        case Accepted(write, RolloutView() as rollout) if write.name is WriteName.CUTOVER:
            return _written(state, rollout, now)
        case Accepted(write, RolloutView() as rollout) if write.name is WriteName.RESTORE:
            return _restored(state, rollout), ()
        case Refused(write, status) if write.name is WriteName.RESTORE and status == FORBIDDEN:
            return replace(state, denied=True), ()
        case Unclear():
            return replace(state, unclear_at=now), ()
    return state, ()


def _restored(state: State, rollout: RolloutView) -> State:
    """What was stored in place of T0 (a mutating webhook) is not somebody else's template, it is what we wrote."""
    standing = state.standing if rollout.template == state.brief.before else rollout.template
    return replace(state, generation=rollout.meta.generation, standing=standing)


def may_still_land(state: State, now: float) -> bool:
    """Whether the last write, whose answer was lost, may still take effect: until then nothing is to be concluded."""
    return isinstance(state.answer, Unclear) and now < state.unclear_at + LATE_EFFECT_WITHIN


def notice_lost_write(state: State, scene: Scene) -> Taken:
    """A cutover whose answer was lost is known to have been stored once the watch shows T1 in the spec."""
    rollout = scene.rollout
    if state.written or state.unclear_at == NEVER or not isinstance(rollout, RolloutView):
        return state, ()
    return _written(state, rollout, scene.now) if rollout.template == state.brief.after else (state, ())


def _written(state: State, rollout: RolloutView, now: float) -> Taken:
    generation = rollout.meta.generation
    fact = Fact(FactKind.WRITTEN, "the plan's values stand in the spec", {"generation": generation})
    return replace(state, standing=rollout.template, generation=generation, written_at=now), (fact,)
