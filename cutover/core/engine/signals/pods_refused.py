"""The signal that the canary's pods cannot be created: quota, Pod Security, a webhook. No pod exists to judge."""

from cutover.core.base.cluster_text import sentence
from cutover.core.base.outcomes import Attribution
from cutover.core.engine.run_view import RunView
from cutover.core.engine.signals.sign import SOON, Sign, Signal
from cutover.core.engine.state import State
from cutover.core.objects.replicaset import ReplicaSetView
from cutover.core.objects.server_words import QUOTA


def watch(_state: State, view: RunView) -> tuple[Sign, ...]:
    """Return a sign while the canary's ReplicaSet reports `ReplicaFailure` and lacks pods."""
    replicaset = view.canary.replicaset
    if not isinstance(replicaset, ReplicaSetView) or not replicaset.failure:
        return ()
    if replicaset.replicas >= replicaset.desired:
        return ()
    to = Attribution.CAPACITY if replicaset.failure.says(QUOTA) else Attribution.INFRASTRUCTURE
    message = sentence("the canary's pods cannot be created: ", replicaset.failure)
    return (Sign("pod-refused", "rollout", message, SOON, to),)


SIGNAL = Signal("pods_refused", watch)
