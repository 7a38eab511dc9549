"""The view of a PodDisruptionBudget: which pods it selects, and how many of them may be evicted now."""

from collections.abc import Mapping

from cutover.core.base.documents import Json, at, objects, strings, text, whole
from cutover.core.base.frozen import frozen
from cutover.core.objects.meta import Meta, meta_view


@frozen
class Requirement:
    """One entry of `matchExpressions` of a label selector."""

    key: str
    operator: str
    values: tuple[str, ...]

    def met_by(self, labels: Mapping[str, str]) -> bool:
        """Return whether the labels meet the requirement; no labels meet an unknown operator."""
        match self.operator:
            case "In":
                return labels.get(self.key) in self.values
            case "NotIn":
                return labels.get(self.key) not in self.values
            case "Exists":
                return self.key in labels
            case "DoesNotExist":
                return self.key not in labels
            case _:
                return False


@frozen
class BudgetView:
    """A budget. `current` says whether its controller has counted the pods since the spec was last changed."""

    meta: Meta
    selecting: bool
    labels: Mapping[str, str]
    requirements: tuple[Requirement, ...]
    allowed: int
    healthy: int
    desired: int
    expected: int
    current: bool

    def selects(self, labels: Mapping[str, str]) -> bool:
        """Return whether it selects pods with these labels.

        An empty selector selects all pods (`policy/v1`); a missing one selects none.
        """
        return (
            self.selecting
            and self.labels.items() <= labels.items()
            and all(requirement.met_by(labels) for requirement in self.requirements)
        )


def budget_view(document: Json) -> BudgetView:
    """Read a `policy/v1` document; a missing selector is kept apart from an empty one, which selects all pods."""
    meta, status = meta_view(document), at(document, "status")
    selector = at(document, "spec", "selector")
    return BudgetView(
        meta=meta,
        selecting=isinstance(selector, Mapping),
        labels=strings(selector, "matchLabels"),
        requirements=tuple(_requirement(entry) for entry in objects(selector, "matchExpressions")),
        allowed=whole(status, "disruptionsAllowed"),
        healthy=whole(status, "currentHealthy"),
        desired=whole(status, "desiredHealthy"),
        expected=whole(status, "expectedPods"),
        current=whole(status, "observedGeneration") >= meta.generation > 0,
    )


def _requirement(entry: Json) -> Requirement:
    values = at(entry, "values")
    listed = values if isinstance(values, list | tuple) else ()
    return Requirement(text(entry, "key"), text(entry, "operator"), tuple(map(str, listed)))
