"""The type for the Rollout that a plan and a run are about."""

from cutover.core.base.frozen import frozen


@frozen
class Target:
    """One Rollout. `context` is the kubeconfig context of the cluster; it is empty inside a cluster."""

    rollout: str
    namespace: str
    app: str = ""
    context: str = ""

    def __str__(self) -> str:
        return f"{self.namespace}/{self.rollout}"
