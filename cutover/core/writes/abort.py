"""The write that aborts a canary by Argo's own abort, guarded so that it cannot be lost.

An abort that arrives before the controller has adopted the new template is dropped silently, and one during
`promoteFull` is ignored (argo-rollouts v1.10.1 `rollout/controller.go: newRolloutContext`, `rollout/sync.go:
syncRolloutStatusCanary`; both seen on the real controller). Hence the guards, and `promoteFull: false`.
"""

from cutover.core.base.target import Target
from cutover.core.writes.guards import revision_is, same_object, stable_is
from cutover.core.writes.write import Write, WriteName


def abort_write(target: Target, uid: str, canary_hash: str, stable_hash: str) -> Write:
    """Return the abort of exactly this canary while exactly that revision is stable."""
    return Write(
        name=WriteName.ABORT,
        title=f"abort the canary {canary_hash} of rollout {target}",
        target=target,
        subresource="status",
        operations=(
            same_object(uid),
            revision_is(canary_hash),
            stable_is(stable_hash),
            # `add`, because Argo omits both fields while they are false.
            {"op": "add", "path": "/status/promoteFull", "value": False},
            {"op": "add", "path": "/status/abort", "value": True},
        ),
        proof=lambda rollout: rollout.status.abort and rollout.status.current_pod_hash == canary_hash,
    )
