"""The snapshot of the cluster that is read once, before any write, for the diff and the checks."""

from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum

from cutover.core.base.cluster_text import Words
from cutover.core.base.frozen import frozen
from cutover.core.base.resources import Resource
from cutover.core.base.target import Target
from cutover.core.objects.config_object import ConfigView
from cutover.core.objects.namespace_objects import NOT_ASKED, NamespaceObjects
from cutover.core.objects.pod import PodView
from cutover.core.objects.read_results import NotFound, ReadFailed
from cutover.core.objects.replicaset import ReplicaSetView
from cutover.core.objects.rollout import RolloutView
from cutover.core.objects.service import ServiceView

ConfigId = tuple[str, str]
"""Kind (`Secret` or `ConfigMap`) and name of a config object."""


@frozen
class Snapshot:
    """What was read from the cluster once, before any write; the diff and the checks use nothing else.

    `configs` holds the Secrets and ConfigMaps that the plan or the template mentions; each may be missing or
    unreadable. `at` is in seconds since the epoch. `unread` names the parts (`Need`) that were not read, and why:
    without a cluster, the files may hold only some of them.
    """

    target: Target
    rollout: RolloutView
    replicasets: tuple[ReplicaSetView, ...] = ()
    pods: tuple[PodView, ...] = ()
    services: tuple[ServiceView, ...] | ReadFailed = ()
    configs: Mapping[ConfigId, ConfigView | NotFound | ReadFailed] = field(default_factory=dict)
    at: float = 0.0
    unread: Mapping[str, Words] = field(default_factory=dict)
    namespace_objects: NamespaceObjects = NOT_ASKED

    def owned_replicasets(self) -> tuple[ReplicaSetView, ...]:
        """Return the ReplicaSets whose controller is this Rollout, by uid."""
        return tuple(view for view in self.replicasets if view.meta.owner_uid == self.rollout.meta.uid)

    def replicaset(self, pod_hash: str) -> ReplicaSetView | NotFound:
        """Return the Rollout's own ReplicaSet of that pod hash."""
        views = (view for view in self.owned_replicasets() if view.pod_hash == pod_hash)
        return next(views, NotFound(f"replicaset of {pod_hash or 'no hash'}"))

    def stable_pods(self) -> tuple[PodView, ...]:
        """Return the pods of the stable ReplicaSet; none if that does not exist."""
        stable = self.replicaset(self.rollout.status.stable_rs)
        owner = stable.meta.uid if isinstance(stable, ReplicaSetView) else "-"
        return tuple(pod for pod in self.pods if pod.meta.owner_uid == owner)


class Need(StrEnum):
    """A part of the cluster that a check reads. `CONFIGS` are the Secrets and ConfigMaps that the plan names.

    `STATUS` is the Rollout's: a manifest from Git has none.
    """

    ROLLOUT = "rollout"
    STATUS = "status"
    REPLICASETS = "replicasets"
    PODS = "pods"
    SERVICES = "services"
    CONFIGS = "configs"
    AUTOSCALERS = Resource.AUTOSCALER.value
    BUDGETS = Resource.DISRUPTION_BUDGET.value
    QUOTAS = Resource.QUOTA.value
