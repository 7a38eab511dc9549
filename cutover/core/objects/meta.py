"""The view of an object's `metadata`: identity, version, owner, and who wrote the object."""

from collections.abc import Mapping
from dataclasses import field

from cutover.core.base.documents import Json, flag, mapping, moment, objects, strings, text, whole
from cutover.core.base.frozen import frozen

POD_HASH_LABEL = "rollouts-pod-template-hash"
"""The label by which Argo Rollouts ties ReplicaSets, pods and AnalysisRuns to a revision."""

REVISION_ANNOTATION = "rollout.argoproj.io/revision"
"""The annotation with Argo's number of a revision, on the Rollout, its ReplicaSets and its AnalysisRuns; it increases
with every rollout.
"""


@frozen
class FieldManager:
    """One entry of `metadata.managedFields`: who wrote fields, when, and which of the fields that matter here.

    `template` says that they are part of a workload's template, `data` that they are content of a config object.
    """

    name: str
    operation: str
    subresource: str
    at: float
    template: bool
    data: bool = False


@frozen
class Meta:
    """`metadata`, as far as a run needs it. `created` is in seconds since the epoch by the server's clock."""

    uid: str
    name: str
    namespace: str
    resource_version: str = ""
    generation: int = 0
    created: float = 0.0
    deleting: bool = False
    owner_uid: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    # Annotations may hold literals of the template (`kubectl apply` keeps a copy of what was applied).
    annotations: Mapping[str, str] = field(default_factory=dict, repr=False)
    managers: tuple[FieldManager, ...] = ()

    @property
    def pod_hash(self) -> str:
        """The pod hash of the revision that the object belongs to, or the empty string."""
        return self.labels.get(POD_HASH_LABEL, "")

    @property
    def revision(self) -> str:
        """Argo's number of the revision, as text; the empty string if there is none."""
        return self.annotations.get(REVISION_ANNOTATION, "")


def meta_view(document: Json) -> Meta:
    """Read an object's `metadata`; `owner_uid` is the uid of the owner that is its controller, if there is one."""
    meta = mapping(document, "metadata")
    return Meta(
        uid=text(meta, "uid"),
        name=text(meta, "name"),
        namespace=text(meta, "namespace"),
        resource_version=text(meta, "resourceVersion"),
        generation=whole(meta, "generation"),
        created=moment(meta, "creationTimestamp"),
        deleting=bool(text(meta, "deletionTimestamp")),
        owner_uid=_controller_uid(meta),
        labels=strings(meta, "labels"),
        annotations=strings(meta, "annotations"),
        managers=tuple(_manager(entry) for entry in objects(meta, "managedFields")),
    )


def _controller_uid(meta: Json) -> str:
    return next((text(owner, "uid") for owner in objects(meta, "ownerReferences") if flag(owner, "controller")), "")


def _manager(entry: Json) -> FieldManager:
    return FieldManager(
        name=text(entry, "manager"),
        operation=text(entry, "operation"),
        subresource=text(entry, "subresource"),
        at=moment(entry, "time"),
        template="f:template" in mapping(entry, "fieldsV1", "f:spec"),
        data=bool({"f:data", "f:binaryData"} & mapping(entry, "fieldsV1").keys()),
    )
