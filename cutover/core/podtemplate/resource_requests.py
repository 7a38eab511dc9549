"""Computes how much of a quota a pod of a template uses: its requests and limits, as the API server counts them.

Source: Kubernetes `pkg/api/v1/resource/helpers.go: PodRequests`: init containers run one after the other; those with
`restartPolicy: Always` run beside all that follow. Values that a LimitRange adds are not in a template, so they are not
counted.
"""

from decimal import Decimal
from typing import Any, Final

from cutover.core.base.documents import Json, at, mapping, objects, text
from cutover.core.base.units import quantity

_BARE: Final = frozenset({"cpu", "memory", "ephemeral-storage"})
"""Resources whose requests a quota may name without the prefix."""

_PODS: Final = frozenset({"pods", "count/pods"})
_ZERO: Final = Decimal(0)


def requested(template: Json, counted: str) -> Decimal:
    """Return what one pod adds to `counted`, a name in `hard` of a ResourceQuota; 0 if pods do not count there."""
    if counted in _PODS:
        return Decimal(1)
    field, dot, resource = counted.partition(".")
    if counted in _BARE:
        field, resource = "requests", counted
    elif not dot or field not in {"requests", "limits"}:
        return _ZERO
    return _of_pod(mapping(template, "spec"), field, resource)


def _of_pod(spec: Json, field: str, resource: str) -> Decimal:
    own = quantity(at(spec, "resources", field, resource))
    used = _of_containers(spec, field, resource) if own is None else own
    return used + _number(at(spec, "overhead", resource))


def _of_containers(spec: Json, field: str, resource: str) -> Decimal:
    beside, most = _ZERO, _ZERO
    for container in objects(spec, "initContainers"):
        wanted = _of_container(container, field, resource)
        most = max(most, beside + wanted)
        beside += wanted if text(container, "restartPolicy") == "Always" else _ZERO
    running = sum((_of_container(each, field, resource) for each in objects(spec, "containers")), beside)
    return max(most, running)


def _of_container(container: Json, field: str, resource: str) -> Decimal:
    """Return the container's request or limit; a request that is not set equals the limit (`SetDefaults_Pod`)."""
    resources = mapping(container, "resources")
    asked = quantity(at(resources, field, resource))
    return _number(at(resources, "limits", resource)) if asked is None else asked


def _number(value: Any) -> Decimal:
    number = quantity(value)
    return _ZERO if number is None else number
