"""The view of a HorizontalPodAutoscaler: what it scales, and between which replica counts."""

from cutover.core.base.documents import Json, mapping, text, whole
from cutover.core.base.frozen import frozen
from cutover.core.objects.meta import Meta, meta_view

KEDA_LABEL = "scaledobject.keda.sh/name"
"""The label by which KEDA names its ScaledObject on the autoscaler that it creates."""


@frozen
class AutoscalerView:
    """An autoscaler. `group`, `kind` and `name` are those of its target; replicas range from `least` to `most`."""

    meta: Meta
    group: str
    kind: str
    name: str
    least: int
    most: int

    @property
    def keda(self) -> str:
        """The name of the ScaledObject that it belongs to, or the empty string."""
        return self.meta.labels.get(KEDA_LABEL, "")

    def scales_rollout(self, name: str) -> bool:
        """Whether its target is the Rollout of that name, in Argo's API group."""
        return (self.group, self.kind, self.name) == ("argoproj.io", "Rollout", name)


def autoscaler_view(document: Json) -> AutoscalerView:
    """Read an `autoscaling/v2` document. `minReplicas` defaults to 1, as on the API server; `maxReplicas` to 0."""
    spec = mapping(document, "spec")
    scaled = mapping(spec, "scaleTargetRef")
    return AutoscalerView(
        meta=meta_view(document),
        group=text(scaled, "apiVersion").rpartition("/")[0],
        kind=text(scaled, "kind"),
        name=text(scaled, "name"),
        least=max(0, whole(spec, "minReplicas", default=1)),
        most=whole(spec, "maxReplicas"),
    )
