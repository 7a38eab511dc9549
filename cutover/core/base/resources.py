"""The table of the API resources that cutover reads and writes: plural, kind, group and version of each."""

from enum import StrEnum
from typing import Final, Self

_ARGO: Final = "argoproj.io"


class Resource(StrEnum):
    """A resource by its plural, as in API paths and RBAC rules. `kind` is its name in documents and pod templates.

    `group` is empty for the core group. Every resource but `NAMESPACE` is namespaced.
    """

    kind: str
    group: str
    version: str

    ROLLOUT = "rollouts", "Rollout", _ARGO, "v1alpha1"
    REPLICASET = "replicasets", "ReplicaSet", "apps", "v1"
    POD = "pods", "Pod", "", "v1"
    ENDPOINTSLICE = "endpointslices", "EndpointSlice", "discovery.k8s.io", "v1"
    ANALYSISRUN = "analysisruns", "AnalysisRun", _ARGO, "v1alpha1"
    EXPERIMENT = "experiments", "Experiment", _ARGO, "v1alpha1"
    DEPLOYMENT = "deployments", "Deployment", "apps", "v1"
    STATEFULSET = "statefulsets", "StatefulSet", "apps", "v1"
    DAEMONSET = "daemonsets", "DaemonSet", "apps", "v1"
    CRONJOB = "cronjobs", "CronJob", "batch", "v1"
    JOB = "jobs", "Job", "batch", "v1"
    AUTOSCALER = "horizontalpodautoscalers", "HorizontalPodAutoscaler", "autoscaling", "v2"
    DISRUPTION_BUDGET = "poddisruptionbudgets", "PodDisruptionBudget", "policy", "v1"
    QUOTA = "resourcequotas", "ResourceQuota", "", "v1"
    LEASE = "leases", "Lease", "coordination.k8s.io", "v1"
    SERVICE = "services", "Service", "", "v1"
    EVENT = "events", "Event", "", "v1"
    SECRET = "secrets", "Secret", "", "v1"
    CONFIG_MAP = "configmaps", "ConfigMap", "", "v1"
    NAMESPACE = "namespaces", "Namespace", "", "v1"

    def __new__(cls, plural: str, kind: str, group: str, version: str) -> Self:
        """Make a row of the table into a member whose value is the plural."""
        member = str.__new__(cls, plural)
        member._value_ = plural
        member.kind, member.group, member.version = kind, group, version
        return member

    @property
    def api_root(self) -> str:
        """The API server's path of its group and version."""
        return f"/apis/{self.group}/{self.version}" if self.group else f"/api/{self.version}"

    @property
    def custom(self) -> bool:
        """Whether a cluster has the resource only if Argo's CRDs are installed."""
        return self.group == _ARGO


WATCHED: Final = (
    Resource.ROLLOUT,
    Resource.REPLICASET,
    Resource.POD,
    Resource.ENDPOINTSLICE,
    Resource.ANALYSISRUN,
)
"""The resources that a run watches."""

CONFIG_OBJECTS: Final = (Resource.CONFIG_MAP, Resource.SECRET)
"""The resources that hold configuration; a plan can copy their objects."""

_BY_KIND: Final = {resource.kind: resource for resource in Resource}


def resource_of(kind: str) -> Resource:
    """Return the resource of a kind. A kind that is not in the table is a bug."""
    return _BY_KIND[kind]
