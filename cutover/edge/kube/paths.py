"""Where everything lives on the API server: one table of paths, and the verb and resource that each needs."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final
from urllib.parse import quote

from cutover.core.world import Kind

VERSION: Final = "/version"
ACCESS_REVIEWS: Final = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"
NAMESPACES: Final = "/api/v1/namespaces"

_GROUPS: Final[Mapping[str, str]] = MappingProxyType(
    {
        Kind.ROLLOUT: "/apis/argoproj.io/v1alpha1",
        Kind.ANALYSISRUN: "/apis/argoproj.io/v1alpha1",
        Kind.REPLICASET: "/apis/apps/v1",
        Kind.ENDPOINTSLICE: "/apis/discovery.k8s.io/v1",
        Kind.POD: "/api/v1",
        "services": "/api/v1",
        "events": "/api/v1",
        "secrets": "/api/v1",
        "configmaps": "/api/v1",
    }
)

PLURALS: Final[Mapping[str, str]] = MappingProxyType({"Secret": "secrets", "ConfigMap": "configmaps"})
"""The resource of each kind of configuration object, by the name that pod templates use for it."""


def collection(namespace: str, resource: str) -> str:
    """Every object of a resource (`rollouts`, `pods`, …) in a namespace."""
    return f"{_GROUPS[resource]}/namespaces/{quote(namespace, safe='')}/{resource}"


def single(namespace: str, resource: str, name: str, subresource: str = "") -> str:
    """One object, or one of its subresources (`status`, `log`)."""
    path = f"{collection(namespace, resource)}/{quote(name, safe='')}"
    return f"{path}/{subresource}" if subresource else path


def pod_proxy(namespace: str, pod: str, port: int, path: str, scheme: str = "") -> str:
    """A path that a pod serves, asked through the API server; `scheme` is `https` where the pod speaks TLS."""
    name = f"{scheme}:{pod}:{port}" if scheme else f"{pod}:{port}"
    return f"{single(namespace, Kind.POD, name)}/proxy/{path.lstrip('/')}"


def namespace(name: str) -> str:
    """A namespace itself."""
    return f"{NAMESPACES}/{quote(name, safe='')}"
