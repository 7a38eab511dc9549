"""The API server's URL paths for objects, lists, subresources and pods behind its proxy."""

import re
from typing import Final
from urllib.parse import quote, unquote

from cutover.core.base.frozen import frozen
from cutover.core.base.resources import Resource

_NOT_IN_A_PATH: Final = re.compile(r"[\x00-\x20\x7f-\x9f\\#?]")
_SLASHES: Final = re.compile(r"[/\\]")
_DECODINGS: Final = 5
"""So many times an encoded path is decoded in search of dot segments; more than any proxy on the way would do."""

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


def is_possible_name(name: str) -> bool:
    """Whether an object can have this name. Source: apimachinery `api/validation/path/name.go`."""
    return name not in {".", ".."} and not {"/", "%"} & {*name}


def stays_in_place(path: str) -> bool:
    """Whether a URL's path leads where its segments say, however often a server on the way decodes it.

    A library or a proxy folds dot segments: such a path would read something else, with the operator's own rights.
    """
    for _ in range(_DECODINGS):
        if _NOT_IN_A_PATH.search(path) or {".", ".."} & {*_SLASHES.split(path)}:
            return False
        path = unquote(path)
    return unquote(path) == path


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
