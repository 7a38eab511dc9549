"""Where everything lives on the API server: the place of each object."""

from typing import Final
from urllib.parse import quote

from cutover.core.base.frozen import frozen
from cutover.core.base.resources import Resource

VERSION: Final = "/version"
ACCESS_REVIEWS: Final = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"


@frozen
class ObjectPath:
    """A resource in a namespace (in all where it is empty), one object of it if `name` is set, or a subresource."""

    namespace: str
    resource: Resource
    name: str = ""
    subresource: str = ""

    @property
    def path(self) -> str:
        """The path of its URL."""
        home = f"/namespaces/{quote(self.namespace, safe='')}" if self.namespace else ""
        whole = f"{self.resource.api_root}{home}/{self.resource}"
        return "/".join((whole, *(quote(part, safe=":") for part in (self.name, self.subresource) if part)))

    def right(self, verb: str) -> str:
        """The right that a request needs, as a person would ask for it."""
        resource = f"{self.resource}/{self.subresource}" if self.subresource else self.resource
        where = ("in namespace", self.namespace) if self.namespace else ("in all namespaces",)
        return " ".join(part for part in (verb, resource, self.name, *where) if part)

    def __str__(self) -> str:
        return f"{self.resource.removesuffix('s')}/{self.name}" if self.name else self.resource


def rollout_path(namespace: str, name: str, subresource: str = "") -> ObjectPath:
    """A Rollout, or its `status`."""
    return ObjectPath(namespace, Resource.ROLLOUT, name, subresource)


def namespace_path(name: str) -> str:
    """A namespace itself."""
    return f"{Resource.NAMESPACE.api_root}/{Resource.NAMESPACE}/{quote(name, safe='')}"


def proxy_path(pod: ObjectPath, port: int, path: str, scheme: str = "") -> str:
    """A path that a pod serves, asked through the API server; `scheme` is `https` where the pod speaks TLS."""
    name = f"{scheme}:{pod.name}:{port}" if scheme else f"{pod.name}:{port}"
    return f"{ObjectPath(pod.namespace, pod.resource, name, 'proxy').path}/{path.lstrip('/')}"
