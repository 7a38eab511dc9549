"""The other objects of a Rollout's namespace that only the checks read; a run does not need them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import field
from typing import Any, Final

from cutover.core.base.cluster_text import Words
from cutover.core.base.documents import Json
from cutover.core.base.frozen import frozen
from cutover.core.base.resources import Resource
from cutover.core.objects.autoscaler import AutoscalerView, autoscaler_view
from cutover.core.objects.disruption_budget import BudgetView, budget_view
from cutover.core.objects.quota import QuotaView, quota_view
from cutover.core.objects.workload import WorkloadView, is_over, workload_view

CONSUMERS: Final = (
    Resource.ROLLOUT,
    Resource.DEPLOYMENT,
    Resource.STATEFULSET,
    Resource.DAEMONSET,
    Resource.CRONJOB,
    Resource.JOB,
)
"""The resources whose objects may use what a plan moves away from. What these objects create is left out."""

AROUND: Final = (*CONSUMERS, Resource.AUTOSCALER, Resource.DISRUPTION_BUDGET, Resource.QUOTA)
"""Every resource whose objects are listed in the namespace."""


@frozen
class NamespaceObjects:
    """The workloads, autoscalers, disruption budgets and quotas of the namespace, and the controller's version.

    `unread` names the resources that could not be read, and why. `controller` is the tag of the controller's image; it
    is empty if the tag is not known.
    """

    workloads: tuple[WorkloadView, ...] = ()
    autoscalers: tuple[AutoscalerView, ...] = ()
    budgets: tuple[BudgetView, ...] = ()
    quotas: tuple[QuotaView, ...] = ()
    unread: Mapping[str, Words] = field(default_factory=dict)
    controller: str = ""


NOT_ASKED: Final = NamespaceObjects()
"""The objects of a namespace that was not read: none is known, and none counts as unread."""


def namespace_objects_of(
    documents: Mapping[Resource, Iterable[Json]], unread: Mapping[str, Words], controller: str = ""
) -> NamespaceObjects:
    """Read the documents of each resource in `documents`; leave out Jobs that have ended.

    `unread` are the resources of `AROUND` that could not be read, with the reasons.
    """
    return NamespaceObjects(
        workloads=tuple(_workloads(documents)),
        autoscalers=_views(documents, Resource.AUTOSCALER, autoscaler_view),
        budgets=_views(documents, Resource.DISRUPTION_BUDGET, budget_view),
        quotas=_views(documents, Resource.QUOTA, quota_view),
        unread=unread,
        controller=controller,
    )


def _workloads(documents: Mapping[Resource, Iterable[Json]]) -> Iterable[WorkloadView]:
    for resource in CONSUMERS:
        for document in documents.get(resource, ()):
            if resource is not Resource.JOB or not is_over(document):
                yield workload_view(resource, document)


def _views(
    documents: Mapping[Resource, Iterable[Json]], resource: Resource, view: Callable[[Json], Any]
) -> tuple[Any, ...]:
    return tuple(view(document) for document in documents.get(resource, ()))
