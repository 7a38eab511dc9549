"""The proofs of the phases: judged on the cluster alone, never on an answer to our own write."""

from cutover.core.base.causes import Reaction
from cutover.core.engine.ending_proofs import (
    CONTAINED_BY_ABORT,
    CONTAINED_BY_HOLD,
    HELD,
    HOLDING,
    PROMOTED_WHOLE,
    ProofCondition,
    verify,
)
from cutover.core.engine.run_view import RunView, run_view_of
from cutover.core.engine.state import Phase, State
from cutover.core.objects.rollout import RolloutView
from cutover.core.objects.world import World
from cutover.core.plan.model import OnFailure
from cutover.core.writes.deadman import is_armed


def is_abort_acknowledged(state: State, view: RunView) -> bool:
    """Tell whether the controller has noted the abort of the run's canary: `status.abortedAt` is set."""
    rollout = view.rollout
    if not isinstance(rollout, RolloutView):
        return False
    status = rollout.status
    return status.abort and status.aborted_at > 0 and status.current_pod_hash == state.canary_hash


def is_restored(state: State, view: RunView) -> bool:
    """Tell whether the spec holds T0; false if the Rollout is not seen."""
    rollout = view.rollout
    return isinstance(rollout, RolloutView) and rollout.template == state.run_spec.before


def is_back_on_base(state: State, view: RunView) -> bool:
    """Tell whether the spec holds T0 and the controller has adopted it."""
    rollout = view.rollout
    return (
        isinstance(rollout, RolloutView)
        and is_restored(state, view)
        and rollout.status.current_pod_hash == state.run_spec.base_hash
    )


def is_taken_back(state: State, view: RunView) -> bool:
    """Tell whether the cutover is taken back: it was seen stored or its restore was sent, and the base is current.

    A cutover whose answer was lost may have been stored unseen, so its restore is always sent. The guard of the
    restore, T1, makes it harmless where the cutover took no effect.
    """
    sent = any(key.startswith(f"{Phase.RESTORE}:") for key in state.sent_writes)
    return (state.written or sent) and is_back_on_base(state, view)


def is_forced(state: State, view: RunView) -> bool:
    """Tell whether `promoteFull` of the old revision is requested, or the old revision is stable."""
    rollout = view.rollout
    if not isinstance(rollout, RolloutView):
        return False
    return rollout.status.promote_full or rollout.status.stable_rs == state.run_spec.base_hash


def is_disarmed(state: State, view: RunView) -> bool:
    """Tell whether neither field of the dead-man still holds what the run set."""
    rollout = view.rollout
    return isinstance(rollout, RolloutView) and not is_armed(rollout, state.run_spec.armed)


def is_settled(state: State, view: RunView) -> bool:
    """Tell whether the promoted revision is whole and alone, or a person ended the watching."""
    return state.watching_ended or verify(PROMOTED_WHOLE, state, view).complete


def is_baked(state: State, view: RunView) -> bool:
    """Tell whether the promoted revision was watched as long as the plan says, or a person ended the watching."""
    return state.watching_ended or view.now >= state.entered + state.run_spec.deadlines.bake


def table_of(state: State) -> tuple[ProofCondition, ...]:
    """Return the conditions that the fresh read of the state's phase has to show."""
    match state.phase:
        case Phase.HOLDING:
            return HOLDING
        case Phase.DISARM | Phase.SETTLE | Phase.BAKE | Phase.CONFIRM:
            return PROMOTED_WHOLE
        case _:
            return _way_back(state)


def _way_back(state: State) -> tuple[ProofCondition, ...]:
    if not contains(state):
        return HELD
    return CONTAINED_BY_HOLD if state.run_spec.on_failure is OnFailure.HOLD else CONTAINED_BY_ABORT


def contains(state: State) -> bool:
    """Tell whether by policy this failure leaves the plan's value in the spec.

    Never after an interruption, nor after an abort without effect, which is followed by the restore. Nor where the spec
    holds another template than T1: the policy is about the plan's values exactly as they were reviewed.
    """
    by_policy = state.run_spec.on_failure is not OnFailure.RESTORE and state.stored_template == state.run_spec.after
    return by_policy and state.takes(Reaction.FAIL) and not state.restoring and not state.promoted


def fresh_views(state: State) -> tuple[RunView, ...]:
    """Return the view of this phase's fresh read as a tuple of one; empty while there is none, or if it failed."""
    if state.fresh_read is None or not isinstance(state.fresh_read.world, World):
        return ()
    return (run_view_of(state, state.fresh_read.world, state.fresh_read.at),)


def is_shown_fresh(state: State, _: RunView) -> bool:
    """Tell whether a fresh read shows every condition for the end of this phase."""
    return any(verify(table_of(state), state, view).complete for view in fresh_views(state))
