"""Reading objects once; a result says what was found, that it does not exist, or why it could not be read.

Reads carry no `resourceVersion`: the API server answers from the quorum, never from a cache that may be behind.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final, TypeVar

from cutover.adapters.kube.api_errors import ApiUnavailable, read_error
from cutover.adapters.kube.http_messages import TIMEOUT, ConnectionLost, Pairs, Response
from cutover.adapters.kube.paths import ObjectPath, is_possible_name, rollout_path
from cutover.adapters.kube.session import Session
from cutover.core.base.documents import Json, objects, text
from cutover.core.base.resources import Resource, resource_of
from cutover.core.base.target import Target
from cutover.core.objects.analysisrun import analysisrun_view
from cutover.core.objects.config_object import ConfigRead, config_read
from cutover.core.objects.lease import LeaseView, lease_view
from cutover.core.objects.pod import PodView, pod_view
from cutover.core.objects.read_results import NotFound, ReadFailed, as_failure
from cutover.core.objects.replicaset import ReplicaSetView, replicaset_view
from cutover.core.objects.rollout import RolloutView, rollout_view
from cutover.core.objects.service import ServiceView, endpointslice_view, service_view
from cutover.core.objects.world import View

T = TypeVar("T")

CONTROLLER_NAMESPACE: Final = "argo-rollouts"

VIEWS: Final[Mapping[Resource, Callable[[Json], View]]] = MappingProxyType(
    {
        Resource.ROLLOUT: rollout_view,
        Resource.REPLICASET: replicaset_view,
        Resource.POD: pod_view,
        Resource.ENDPOINTSLICE: endpointslice_view,
        Resource.ANALYSISRUN: analysisrun_view,
    }
)
"""The function that reads a document of each watched kind."""


def rollout(session: Session, target: Target) -> RolloutView | NotFound | ReadFailed:
    """Read a target's Rollout; `NotFound` only if the API knows Rollouts, `ReadFailed` if the CRD is missing."""
    rollout_document = document(session, rollout_path(target.namespace, target.rollout))
    return rollout_document if isinstance(rollout_document, NotFound | ReadFailed) else rollout_view(rollout_document)


def lease(session: Session, namespace: str, name: str) -> LeaseView | NotFound | ReadFailed:
    """Read one Lease; `NotFound` if there is none of that name."""
    lease_document = document(session, ObjectPath(namespace, Resource.LEASE, name))
    return lease_document if isinstance(lease_document, NotFound | ReadFailed) else lease_view(lease_document)


def rollouts(session: Session, namespace: str) -> tuple[RolloutView, ...] | ReadFailed:
    """List every Rollout of a namespace, or of all if it is empty."""
    return _listed(session, ObjectPath(namespace, Resource.ROLLOUT), rollout_view)


def leases(session: Session, namespace: str) -> tuple[LeaseView, ...] | ReadFailed:
    """List every Lease of a namespace, or of all if it is empty."""
    return _listed(session, ObjectPath(namespace, Resource.LEASE), lease_view)


def replicasets(session: Session, namespace: str) -> tuple[ReplicaSetView, ...] | ReadFailed:
    """List the ReplicaSets of a namespace, those of other workloads included."""
    return _listed(session, ObjectPath(namespace, Resource.REPLICASET), replicaset_view)


def pods(session: Session, namespace: str) -> tuple[PodView, ...] | ReadFailed:
    """List the pods of a namespace, those of other workloads included."""
    return _listed(session, ObjectPath(namespace, Resource.POD), pod_view)


def services(session: Session, namespace: str) -> tuple[ServiceView, ...] | ReadFailed:
    """List the Services of a namespace, whatever they select."""
    return _listed(session, ObjectPath(namespace, Resource.SERVICE), service_view)


def of_kind(session: Session, namespace: str, kind: Resource) -> tuple[View, ...] | ReadFailed:
    """List the objects of one of the kinds in `VIEWS`."""
    return _listed(session, ObjectPath(namespace, kind), VIEWS[kind])


def config(session: Session, namespace: str, kind: str, name: str) -> ConfigRead | NotFound | ReadFailed:
    """Read a Secret or ConfigMap (`kind` as pod templates spell it) with its values, which are sealed."""
    config_document = document(session, ObjectPath(namespace, resource_of(kind), name))
    return config_document if isinstance(config_document, NotFound | ReadFailed) else config_read(kind, config_document)


def controller_version(session: Session) -> str | ReadFailed:
    """Read the image tag of the Argo Rollouts controller, which is found only where the official install puts it.

    `ReadFailed` if there is no such Deployment in the namespace `argo-rollouts`.
    """
    place = ObjectPath(CONTROLLER_NAMESPACE, Resource.DEPLOYMENT)
    deployments = document(session, place, (("labelSelector", "app.kubernetes.io/name=argo-rollouts"),))
    if isinstance(deployments, NotFound | ReadFailed):
        return as_failure(deployments)
    images = (
        text(container, "image")
        for item in objects(deployments, "items")
        for container in objects(item, "spec", "template", "spec", "containers")
    )
    tags = [image.partition("@")[0].rpartition(":")[2] for image in images if "argo-rollouts" in image]
    return tags[0] if tags else ReadFailed(str(place), f"no Deployment of it in namespace {CONTROLLER_NAMESPACE}")


def document(
    session: Session, place: ObjectPath, query: Pairs = (), timeout: float = TIMEOUT
) -> Json | NotFound | ReadFailed:
    """Read the raw JSON of an object or list, for `adapters.kube` only: everything else gets views."""
    if not is_possible_name(place.name):
        return NotFound(str(place))
    response = answer(session, place, query, timeout)
    if isinstance(response, ReadFailed):
        return response
    if not response.ok:
        return read_error(response, place, "get" if place.name else "list")
    body = response.json()
    return body if isinstance(body, Mapping) and body else ApiUnavailable(str(place), "the answer is not a JSON object")


def answer(session: Session, place: ObjectPath, query: Pairs, timeout: float) -> Response | ReadFailed:
    """Send a GET and return the API server's answer, whatever its status; `ReadFailed` if no answer came."""
    try:
        return session.request("GET", place.path, query=query, timeout=timeout)
    except ConnectionLost as lost:
        return ApiUnavailable(str(place), lost.reason)


def _listed(session: Session, place: ObjectPath, view: Callable[[Json], T]) -> tuple[T, ...] | ReadFailed:
    list_document = document(session, place)
    if isinstance(list_document, NotFound | ReadFailed):
        return as_failure(list_document)
    return tuple(view(item) for item in objects(list_document, "items"))
