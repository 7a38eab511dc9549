"""The view of an object with pod templates, used to find what refers to a ConfigMap or Secret."""

from collections.abc import Callable, Mapping
from dataclasses import field
from types import MappingProxyType
from typing import Final

from cutover.core.base.documents import Json, mapping, objects, text
from cutover.core.base.frozen import frozen
from cutover.core.base.resources import Resource
from cutover.core.objects.meta import Meta, meta_view


def _own(document: Json) -> tuple[Json, ...]:
    return (mapping(document, "spec", "template"),)


_TEMPLATES: Final[Mapping[Resource, Callable[[Json], tuple[Json, ...]]]] = MappingProxyType(
    {
        Resource.ROLLOUT: _own,
        Resource.EXPERIMENT: lambda document: tuple(
            mapping(entry, "template") for entry in objects(document, "spec", "templates")
        ),
        Resource.DEPLOYMENT: _own,
        Resource.STATEFULSET: _own,
        Resource.DAEMONSET: _own,
        Resource.CRONJOB: lambda document: (mapping(document, "spec", "jobTemplate", "spec", "template"),),
        Resource.JOB: _own,
        Resource.REPLICASET: _own,
        Resource.POD: lambda document: ({"spec": mapping(document, "spec")},),
    }
)

# Owners come before the objects that they create. Reading one resource after the other in this order misses no
# reference: if an owner was gone when owners were read, its template had been passed on by then and is found later.
WORKLOADS: Final = tuple(_TEMPLATES)
"""Every resource whose objects hold pod templates, in the order in which they must be read."""


@frozen
class WorkloadView:
    """An object with its pod templates; a pod counts as its own template. `resource` is one of `WORKLOADS`.

    The templates are left out of `repr`, because they may hold literal secrets.
    """

    resource: Resource
    meta: Meta
    templates: tuple[Json, ...] = field(repr=False)

    def __str__(self) -> str:
        return f"{self.resource.removesuffix('s')}/{self.meta.name}"


def workload_view(resource: Resource, document: Json) -> WorkloadView:
    """Read an object of one of `WORKLOADS`, with its pod templates at the places that its kind has them."""
    return WorkloadView(resource, meta_view(document), _TEMPLATES[resource](document))


def is_over(job: Json) -> bool:
    """Return whether a Job has completed or failed: it creates no more pods, and may exist for long."""
    ended = {("Complete", "True"), ("Failed", "True")}
    return any(
        (text(condition, "type"), text(condition, "status")) in ended
        for condition in objects(job, "status", "conditions")
    )
