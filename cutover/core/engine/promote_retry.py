"""The actions on a canary that a person takes by one command: pass a pause, promote to the full, retry an abort.

An action is guarded by the revision that the person was shown, and done only when the controller was seen to react.
"""

from collections.abc import Callable
from enum import StrEnum

from cutover.core.base.errors import Problem, RefusedError, StaleError
from cutover.core.base.frozen import frozen
from cutover.core.base.outcomes import SpecState
from cutover.core.base.target import Target
from cutover.core.objects.rollout import PauseCondition, RolloutView
from cutover.core.writes.promote import CANARY_PAUSE, promote_full_write, promote_pause_write
from cutover.core.writes.retry import retry_write
from cutover.core.writes.write import Write


class ActionVerb(StrEnum):
    """What `cutover promote`, `promote --full` and `retry` do."""

    PROMOTE = "promote"
    PROMOTE_FULL = "promote --full"
    RETRY = "retry"


@frozen
class OperatorAction:
    """One write, the effect that proves it, and the sentence that says so; `event` is the reason of its Event.

    `spec` is the state of the spec once it is done.
    """

    write: Write
    took_effect: Callable[[RolloutView], bool]
    proven: str
    event: str
    spec: SpecState = SpecState.UNCHANGED


def operator_action(verb: ActionVerb, target: Target, rollout: RolloutView, shown: str) -> OperatorAction:
    """Return the action for the Rollout as it is. `shown` is the hash that the person named, empty without one.

    Raises:
        StaleError: another revision than the one that was shown is under way.
        RefusedError: the Rollout is in no state for the action.
    """
    if shown and shown != rollout.status.current_pod_hash:
        raise StaleError(_moved(target, rollout, shown))
    match verb:
        case ActionVerb.PROMOTE:
            return _pass_pause(target, rollout)
        case ActionVerb.PROMOTE_FULL:
            return _promote_full(target, rollout)
        case ActionVerb.RETRY:
            return _retry(target, rollout)


def _pass_pause(target: Target, rollout: RolloutView) -> OperatorAction:
    _demand_canary(target, rollout)
    pause = _pause(target, rollout)
    index = rollout.status.step_index
    return OperatorAction(
        write=promote_pause_write(target, rollout.meta.uid, rollout.status, pause),
        took_effect=lambda after: _has_left(after, rollout, pause),
        proven=f"the pause at step {index} is passed, and the controller has gone on",
        event="CutoverPromoted",
    )


def _has_left(after: RolloutView, before: RolloutView, pause: PauseCondition) -> bool:
    """Whether the controller left the pause: it is gone, and the step changed or the Rollout is settled."""
    status = after.status
    return pause not in status.pauses and (status.step_index != before.status.step_index or bool(after.settled_hash))


def _promote_full(target: Target, rollout: RolloutView) -> OperatorAction:
    _demand_canary(target, rollout)
    current, stable = rollout.status.current_pod_hash, rollout.status.stable_rs
    return OperatorAction(
        write=promote_full_write(target, rollout.meta.uid, current, stable),
        took_effect=lambda after: after.status.stable_rs == current,
        proven=f"revision {current} is the stable one",
        event="CutoverPromoted",
        spec=SpecState.PROMOTED,
    )


def _retry(target: Target, rollout: RolloutView) -> OperatorAction:
    if not rollout.status.abort:
        raise RefusedError(_refusal(target, "the canary is not aborted: there is nothing to retry"))
    return OperatorAction(
        write=retry_write(target, rollout),
        took_effect=lambda after: not after.status.abort and not after.status.aborted_at,
        proven=f"the controller has begun revision {rollout.status.current_pod_hash} anew",
        event="CutoverRetried",
    )


def _demand_canary(target: Target, rollout: RolloutView) -> None:
    if rollout.settled_hash:
        raise RefusedError(_refusal(target, "no canary is under way: there is nothing to promote"))
    if rollout.status.abort:
        raise RefusedError(
            _refusal(target, "the canary is aborted", f"`cutover retry {target.rollout}` begins it anew")
        )
    if rollout.paused:
        remedy = f"`kubectl argo rollouts promote {target.rollout} -n {target.namespace}` lifts it"
        raise RefusedError(_refusal(target, "spec.paused is true: the controller does nothing", remedy))


def _pause(target: Target, rollout: RolloutView) -> PauseCondition:
    pauses = rollout.status.pauses
    if not pauses:
        raise RefusedError(_refusal(target, "the Rollout stands at no pause", "`cutover status` tells where it stands"))
    if any(pause.reason != CANARY_PAUSE for pause in pauses):
        reasons = ", ".join(pause.reason for pause in pauses)
        remedy = "look at the analysis; `--full` goes past it"
        raise RefusedError(_refusal(target, f"the Rollout is paused for {reasons}, not by a step", remedy))
    return pauses[0]


def _moved(target: Target, rollout: RolloutView, shown: str) -> Problem:
    current = rollout.status.current_pod_hash or "none"
    return _refusal(target, f"revision {shown} was meant, {current} is under way", "look at `cutover status` again")


def _refusal(target: Target, message: str, remedy: str = "") -> Problem:
    return Problem(f"{message}; nothing was written", f"{target.namespace}/rollout/{target.rollout}", remedy=remedy)
