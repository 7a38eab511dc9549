"""The view of a ReplicaSet: its pod counts, its template, and why it cannot create pods."""

from dataclasses import field

from cutover.core.base.cluster_text import ClusterText
from cutover.core.base.documents import Json, mapping, whole
from cutover.core.base.frozen import frozen
from cutover.core.objects.meta import Meta, meta_view
from cutover.core.objects.rollout import conditions_view


@frozen
class ReplicaSetView:
    """A ReplicaSet: how many pods it should have (`desired`) and has, and why it cannot create pods (`failure`)."""

    meta: Meta
    desired: int
    replicas: int
    ready: int
    available: int
    observed_generation: int
    failure: ClusterText
    template: Json = field(repr=False)

    @property
    def pod_hash(self) -> str:
        """The pod hash of its revision, or the empty string."""
        return self.meta.pod_hash


def replicaset_view(document: Json) -> ReplicaSetView:
    """Read a ReplicaSet. `spec.replicas` defaults to 1, as on the API server."""
    spec, status = mapping(document, "spec"), mapping(document, "status")
    return ReplicaSetView(
        meta=meta_view(document),
        desired=whole(spec, "replicas", default=1),
        replicas=whole(status, "replicas"),
        ready=whole(status, "readyReplicas"),
        available=whole(status, "availableReplicas"),
        observed_generation=whole(status, "observedGeneration"),
        failure=_failure(status),
        template=mapping(spec, "template"),
    )


def _failure(status: Json) -> ClusterText:
    """Return the message of `ReplicaFailure` (quota, Pod Security, a webhook), or an empty text."""
    failed = (
        condition
        for condition in conditions_view(status)
        if (condition.type, condition.status) == ("ReplicaFailure", "True")
    )
    return next((condition.message or ClusterText(condition.reason) for condition in failed), ClusterText())
