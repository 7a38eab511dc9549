"""The writes that promote a canary: past one pause, or to the full."""

from typing import Final

from cutover.core.base.target import Target
from cutover.core.objects.rollout import PauseCondition, RolloutStatus
from cutover.core.writes.guards import revision_is, same_object, stable_is, test
from cutover.core.writes.write import Write, WriteName

CANARY_PAUSE: Final = "CanaryPauseStep"
"""The reason of a pause by a `pause` step. A pause with another reason (an inconclusive analysis) is never passed."""

INCONCLUSIVE: Final = frozenset({"InconclusiveAnalysisRun", "InconclusiveExperiment"})
"""The reasons of a pause that waits for a person to judge what the analysis could not (argo-rollouts v1.10.1
`rollout/analysis.go`, `experiment.go`: both halt every step until somebody promotes or aborts).
"""


def promote_pause_write(target: Target, uid: str, status: RolloutStatus, pause: PauseCondition) -> Write:
    """Return the write that passes exactly this pause.

    Without the guards, a second one that is sent too early would skip the next step.
    """
    index = status.step_index
    return Write(
        name=WriteName.PROMOTE_PAUSE,
        title=f"pass the pause at step {index} of rollout {target}",
        occasion=f"{index} {pause.started}",
        target=target,
        subresource="status",
        operations=(
            same_object(uid),
            revision_is(status.current_pod_hash),
            test("/status/currentStepIndex", index),
            test("/status/pauseConditions/0/reason", CANARY_PAUSE),
            test("/status/pauseConditions/0/startTime", pause.started),
            {"op": "remove", "path": "/status/pauseConditions"},
        ),
        proof=lambda rollout: pause not in rollout.status.pauses or rollout.status.step_index != index,
    )


def promote_full_write(target: Target, uid: str, current_hash: str, stable_hash: str) -> Write:
    """Return the write that promotes `current_hash` to the full, past every step and every analysis."""
    return Write(
        name=WriteName.PROMOTE_FULL,
        title=f"promote {current_hash} of rollout {target} to the full",
        target=target,
        subresource="status",
        operations=(
            same_object(uid),
            revision_is(current_hash),
            stable_is(stable_hash),
            {"op": "add", "path": "/status/promoteFull", "value": True},
        ),
        proof=lambda rollout: rollout.status.promote_full or rollout.status.stable_rs == current_hash,
    )
