"""The write of Argo's retry: an aborted canary begins anew, with the template in the spec."""

from cutover.core.base.target import Target
from cutover.core.objects.rollout import RolloutView
from cutover.core.writes.guards import revision_is, same_object, stable_is, test
from cutover.core.writes.write import Write, WriteName


def retry_write(target: Target, rollout: RolloutView) -> Write:
    """Return the write that sets `status.abort` to false, guarded by the canary's and the stable revision."""
    status = rollout.status
    return Write(
        name=WriteName.RETRY,
        title=f"retry the canary {status.current_pod_hash} of rollout {target}",
        target=target,
        subresource="status",
        operations=(
            same_object(rollout.meta.uid),
            revision_is(status.current_pod_hash),
            stable_is(status.stable_rs),
            test("/status/abort", value=True),
            {"op": "replace", "path": "/status/abort", "value": False},
        ),
        proof=lambda stored: not stored.status.abort,
    )
