"""What a plan and a run are about."""

from cutover.core.base.frozen import frozen


@frozen
class Target:
    """One Rollout. `context` is the kubeconfig's name for the cluster, empty inside a cluster."""

    rollout: str
    namespace: str
    app: str = ""
    context: str = ""

    def __str__(self) -> str:
        return f"{self.namespace}/{self.rollout}"
