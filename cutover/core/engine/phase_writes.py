"""The writes that each phase wants to send, guarded by the state that was seen and fenced by the owner of the run."""

from dataclasses import replace
from typing import Final

from cutover.core.base.causes import Reaction
from cutover.core.base.documents import Json, Operation
from cutover.core.engine.phase_proofs import contains, is_restored
from cutover.core.engine.promotion_gate import open_pause, opens_at, passing_write
from cutover.core.engine.run_spec import RunSpec
from cutover.core.engine.run_view import RunView
from cutover.core.engine.state import NEVER, State
from cutover.core.objects.rollout import RolloutView
from cutover.core.plan.model import Promotion
from cutover.core.writes.abort import abort_write
from cutover.core.writes.deadman import disarm_write, disarming, is_armed
from cutover.core.writes.guards import fenced
from cutover.core.writes.lock_state import Held
from cutover.core.writes.mark_no_return import no_return_write
from cutover.core.writes.promote import promote_full_write
from cutover.core.writes.restore import restore_write
from cutover.core.writes.run_annotations import PASSED
from cutover.core.writes.write import Accepted, Write, WriteName

DISARM_TRIES: Final = 3


def cutover(state: State, _: RunView) -> tuple[Write, ...]:
    """Return the write of the cutover; none while a person is asked whether the run is to stop."""
    return state.run_spec.cutover if state.questioned_at == NEVER else ()


def forward(state: State, view: RunView) -> tuple[Write, ...]:
    """Return the writes that promote the canary; none while the lock could not be renewed in time."""
    if not isinstance(view.rollout, RolloutView) or not isinstance(view.lock, Held):
        return ()
    return (*_passage(state, view.rollout), *_promotion(state, view.rollout, view.now))


def _promotion(state: State, rollout: RolloutView, now: float) -> tuple[Write, ...]:
    pause = open_pause(state, rollout)
    if pause is None or state.run_spec.promotion is Promotion.STEPS or now < opens_at(state):
        return ()
    return (passing_write(state, rollout, pause),)


def _passage(state: State, rollout: RolloutView) -> tuple[Write, ...]:
    """Return the write that notes on the Rollout that the point of no return was passed, if it is not noted yet."""
    run_spec = state.run_spec
    if not state.past_no_return or not run_spec.owner or PASSED in rollout.meta.annotations:
        return ()
    return (fenced(no_return_write(run_spec.target, run_spec.uid, run_spec.point_of_no_return.value), run_spec.owner),)


def abort(state: State, _: RunView) -> tuple[Write, ...]:
    """Return Argo's own abort of the canary."""
    run_spec = state.run_spec
    return (fenced(abort_write(run_spec.target, run_spec.uid, state.canary_hash, run_spec.base_hash), run_spec.owner),)


def restore(state: State, view: RunView) -> tuple[Write, ...]:
    """Return the forms of the restore; where our own write is not known to be stored, T1 as computed is the guard.

    The first form also disarms a dead-man that is still as it was armed. The second does not, for the case that
    somebody changes the dead-man at that moment. Without a T0 there is nothing to write.
    """
    if not state.run_spec.before or (state.written and is_restored(state, view)):
        return ()
    rollout = view.rollout
    there = disarming(rollout, state.run_spec.armed) if isinstance(rollout, RolloutView) else ()
    return (
        restoring(state.run_spec, state.stored_template, there),
        *((restoring(state.run_spec, state.stored_template),) if there else ()),
    )


def restoring(run_spec: RunSpec, standing: Json, disarming_too: tuple[Operation, ...] = ()) -> Write:
    """Return the write that puts T0 back in place of `standing`, fenced by the owner of the run."""
    write = restore_write(run_spec.target, run_spec.uid, standing or run_spec.after, run_spec.before, disarming_too)
    return fenced(write, run_spec.owner)


def force(state: State, _: RunView) -> tuple[Write, ...]:
    """Return the full promotion of the old revision, past its steps: it served before."""
    run_spec = state.run_spec
    return (
        fenced(
            promote_full_write(run_spec.target, run_spec.uid, run_spec.base_hash, state.canary_hash), run_spec.owner
        ),
    )


def disarm(state: State, view: RunView) -> tuple[Write, ...]:
    """Return the write that disarms the dead-man, up to `DISARM_TRIES` times.

    Trying again is safe: it starts no rollout, and a guard protects what others set.
    """
    run_spec, rollout = state.run_spec, view.rollout
    if not isinstance(rollout, RolloutView) or not is_armed(rollout, run_spec.armed):
        return ()
    tries = sum(key.startswith(f"{state.phase}:{WriteName.DISARM}:") for key in state.sent_writes)
    if tries == DISARM_TRIES or isinstance(state.answer, Accepted):
        return ()
    write = disarm_write(run_spec.target, rollout, run_spec.armed)
    return (fenced(replace(write, occasion=f"try {tries + 1}"), run_spec.owner),)


def disarm_what_is_left(state: State, view: RunView) -> tuple[Write, ...]:
    """Return the disarming where the plan's value stays in the spec by policy, or T0 was restored without it.

    A run that yields to somebody else writes nothing more.
    """
    ours = contains(state) or (is_restored(state, view) and not state.takes(Reaction.YIELD))
    return disarm(state, view) if ours else ()
