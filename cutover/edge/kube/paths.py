"""Where everything lives on the API server: one table, and the place of each object in it."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final
from urllib.parse import quote

from cutover.core.frozen import frozen
from cutover.core.world import Kind

VERSION: Final = "/version"
ACCESS_REVIEWS: Final = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"

_CORE: Final = "/api/v1"
_ARGO: Final = "/apis/argoproj.io/v1alpha1"
_APPS: Final = "/apis/apps/v1"
_BATCH: Final = "/apis/batch/v1"

GROUPS: Final[Mapping[str, str]] = MappingProxyType(
    {
        Kind.ROLLOUT: _ARGO,
        Kind.ANALYSISRUN: _ARGO,
        Kind.REPLICASET: _APPS,
        Kind.ENDPOINTSLICE: "/apis/discovery.k8s.io/v1",
        Kind.POD: _CORE,
        "experiments": _ARGO,
        "deployments": _APPS,
        "statefulsets": _APPS,
        "daemonsets": _APPS,
        "jobs": _BATCH,
        "cronjobs": _BATCH,
        "horizontalpodautoscalers": "/apis/autoscaling/v2",
        "poddisruptionbudgets": "/apis/policy/v1",
        "resourcequotas": _CORE,
        "leases": "/apis/coordination.k8s.io/v1",
        "services": _CORE,
        "events": _CORE,
        "secrets": _CORE,
        "configmaps": _CORE,
    }
)
"""Every resource that is read or written, and the group and version in which it is."""

CUSTOM: Final = frozenset(resource for resource, group in GROUPS.items() if group == _ARGO)
"""The resources that a cluster has only where their CRDs are installed."""

PLURALS: Final[Mapping[str, str]] = MappingProxyType({"Secret": "secrets", "ConfigMap": "configmaps"})
"""The resource of each kind of configuration object, by the name that pod templates use for the kind."""


@frozen
class Place:
    """A resource in a namespace (in all where it is empty), one object of it if `name` is set, or a subresource."""

    namespace: str
    resource: str
    name: str = ""
    subresource: str = ""

    @property
    def path(self) -> str:
        """The path of its URL."""
        home = f"/namespaces/{quote(self.namespace, safe='')}" if self.namespace else ""
        whole = f"{GROUPS[self.resource]}{home}/{self.resource}"
        return "/".join((whole, *(quote(part, safe=":") for part in (self.name, self.subresource) if part)))

    def right(self, verb: str) -> str:
        """The right that a request needs, as a person would ask for it."""
        resource = f"{self.resource}/{self.subresource}" if self.subresource else self.resource
        where = ("in namespace", self.namespace) if self.namespace else ("in all namespaces",)
        return " ".join(part for part in (verb, resource, self.name, *where) if part)

    def __str__(self) -> str:
        return f"{self.resource.removesuffix('s')}/{self.name}" if self.name else self.resource


def rollout_place(namespace: str, name: str, subresource: str = "") -> Place:
    """A Rollout, or its `status`."""
    return Place(namespace, Kind.ROLLOUT, name, subresource)


def namespace_path(name: str) -> str:
    """A namespace itself."""
    return f"{_CORE}/namespaces/{quote(name, safe='')}"


def proxy_path(pod: Place, port: int, path: str, scheme: str = "") -> str:
    """A path that a pod serves, asked through the API server; `scheme` is `https` where the pod speaks TLS."""
    name = f"{scheme}:{pod.name}:{port}" if scheme else f"{pod.name}:{port}"
    return f"{Place(pod.namespace, pod.resource, name, 'proxy').path}/{path.lstrip('/')}"
