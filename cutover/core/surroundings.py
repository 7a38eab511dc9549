"""What stands around a Rollout, and only checks ask for: nothing of it is needed for a run."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import field
from types import MappingProxyType
from typing import Any, Final

from cutover.core.frozen import frozen
from cutover.core.views.autoscaler import AutoscalerView, autoscaler_view
from cutover.core.views.budget import BudgetView, budget_view
from cutover.core.views.fields import Json
from cutover.core.views.quota import QuotaView, quota_view
from cutover.core.views.workload import WorkloadView, is_over, workload_view

AUTOSCALERS: Final = "horizontalpodautoscalers"
BUDGETS: Final = "poddisruptionbudgets"
QUOTAS: Final = "resourcequotas"

CONSUMERS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "rollouts": "Rollout",
        "deployments": "Deployment",
        "statefulsets": "StatefulSet",
        "daemonsets": "DaemonSet",
        "cronjobs": "CronJob",
        "jobs": "Job",
    }
)
"""The resources that may use what a plan moves away from, and their kinds. What they make is left out."""

KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        **CONSUMERS,
        AUTOSCALERS: "HorizontalPodAutoscaler",
        BUDGETS: "PodDisruptionBudget",
        QUOTAS: "ResourceQuota",
    }
)
"""Every resource that is asked for in the namespace, and its kind."""


@frozen
class Surroundings:
    """The workloads, autoscalers, disruption budgets and quotas of the namespace, and the controller's version.

    `unread` names the resources that could not be looked at, and why. `controller` is the tag of the controller's
    image, empty where it is not known.
    """

    workloads: tuple[WorkloadView, ...] = ()
    autoscalers: tuple[AutoscalerView, ...] = ()
    budgets: tuple[BudgetView, ...] = ()
    quotas: tuple[QuotaView, ...] = ()
    unread: Mapping[str, str] = field(default_factory=dict)
    controller: str = ""


NOT_ASKED: Final = Surroundings()
"""Nobody has looked, so nothing is said: neither that something is there nor that it could not be looked at."""


def surroundings_of(
    documents: Mapping[str, Iterable[Json]], unread: Mapping[str, str], controller: str = ""
) -> Surroundings:
    """The surroundings from the documents of each resource of `KINDS` that could be read."""
    return Surroundings(
        workloads=tuple(_workloads(documents)),
        autoscalers=_views(documents, AUTOSCALERS, autoscaler_view),
        budgets=_views(documents, BUDGETS, budget_view),
        quotas=_views(documents, QUOTAS, quota_view),
        unread=unread,
        controller=controller,
    )


def _workloads(documents: Mapping[str, Iterable[Json]]) -> Iterable[WorkloadView]:
    for resource in CONSUMERS:
        for document in documents.get(resource, ()):
            if resource != "jobs" or not is_over(document):
                yield workload_view(resource, document)


def _views(documents: Mapping[str, Iterable[Json]], resource: str, view: Callable[[Json], Any]) -> tuple[Any, ...]:
    return tuple(view(document) for document in documents.get(resource, ()))
