"""The API server's URL paths for objects, lists, subresources and pods behind its proxy."""

from typing import Final
from urllib.parse import quote

from cutover.core.base.frozen import frozen
from cutover.core.base.resources import Resource

ACCESS_REVIEWS: Final = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"


@frozen
class ObjectPath:
    """A resource in a namespace (in all if it is empty), one object of it if `name` is set, or a subresource."""

    namespace: str
    resource: Resource
    name: str = ""
    subresource: str = ""

    @property
    def path(self) -> str:
        """The path of the URL, from `/api` or `/apis` on, each name percent-encoded; a list if `name` is empty."""
        home = f"/namespaces/{quote(self.namespace, safe='')}" if self.namespace else ""
        whole = f"{self.resource.api_root}{home}/{self.resource}"
        return "/".join((whole, *(quote(part, safe=":") for part in (self.name, self.subresource) if part)))

    def right(self, verb: str) -> str:
        """The right that a request with this verb needs, in the words of `kubectl auth can-i`."""
        resource = f"{self.resource}/{self.subresource}" if self.subresource else self.resource
        where = ("in namespace", self.namespace) if self.namespace else ("in all namespaces",)
        return " ".join(part for part in (verb, resource, self.name, *where) if part)

    def __str__(self) -> str:
        return f"{self.resource.removesuffix('s')}/{self.name}" if self.name else self.resource


def rollout_path(namespace: str, name: str, subresource: str = "") -> ObjectPath:
    """The path of one Rollout; with `subresource` (`status`) of that part of it."""
    return ObjectPath(namespace, Resource.ROLLOUT, name, subresource)


def namespace_path(name: str) -> str:
    """The URL path of the Namespace object itself, which is in no namespace."""
    return f"{Resource.NAMESPACE.api_root}/{Resource.NAMESPACE}/{quote(name, safe='')}"


def proxy_path(pod: ObjectPath, port: int, path: str, scheme: str = "") -> str:
    """The URL path of a request to a pod through the API server's proxy; `scheme` is `https` if the pod speaks TLS."""
    name = f"{scheme}:{pod.name}:{port}" if scheme else f"{pod.name}:{port}"
    return f"{ObjectPath(pod.namespace, pod.resource, name, 'proxy').path}/{path.lstrip('/')}"
