"""Listing objects of a namespace: those around a Rollout, for information only, and copies and workloads for gc."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from cutover.adapters.background import Background
from cutover.adapters.kube.api_errors import ApiUnavailable, Forbidden, read_error
from cutover.adapters.kube.http_messages import TIMEOUT, Pairs, Response
from cutover.adapters.kube.paths import ObjectPath
from cutover.adapters.kube.read import answer, controller_version
from cutover.adapters.kube.session import Session
from cutover.core.base.cluster_text import Words
from cutover.core.base.documents import Json, objects, text
from cutover.core.base.resources import Resource, resource_of
from cutover.core.objects.config_object import ConfigView, config_view
from cutover.core.objects.namespace_objects import AROUND, NamespaceObjects, namespace_objects_of
from cutover.core.objects.read_results import ReadFailed, as_failure
from cutover.core.objects.workload import WorkloadView, workload_view
from cutover.core.patch.config_copies import COPY_OF

NOT_FOUND: Final = 404

ListedObjects = tuple[Json, ...] | ReadFailed


def read_namespace_objects(session: Session, namespace: str) -> NamespaceObjects:
    """List the objects around the Rollouts of a namespace, in parallel; the reason of a failed read is in `unread`."""
    controller = Background(lambda: controller_version(session))
    reading = {resource: _later(session, ObjectPath(namespace, resource)) for resource in AROUND}
    lists = {resource: listed.result() for resource, listed in reading.items()}
    version = controller.result()
    return namespace_objects_of(
        {resource: listed for resource, listed in lists.items() if not isinstance(listed, ReadFailed)},
        {resource: _why(listed) for resource, listed in lists.items() if isinstance(listed, ReadFailed)},
        # Unknown is normal: most users may read only their own namespace.
        "" if isinstance(version, ReadFailed) else version,
    )


def _why(unread: ReadFailed) -> Words:
    """Why a list could not be read; a missing right has the same words for all resources, so that they are grouped."""
    return "the right to list them is missing" if isinstance(unread, Forbidden) else unread.reason


def _later(session: Session, place: ObjectPath) -> Background[ListedObjects]:
    return Background(lambda: _listed(session, place))


def _listed(session: Session, place: ObjectPath) -> ListedObjects:
    """List every object of a resource; none if the cluster does not know it."""
    response = answer(session, place, (), TIMEOUT)
    if isinstance(response, ReadFailed):
        return response
    if not response.ok:
        response_error = read_error(response, place, "list")
        return response_error if isinstance(response_error, ReadFailed) and response.status != NOT_FOUND else ()
    document = response.json()
    if not isinstance(document, Mapping) or not text(document, "kind").endswith("List"):
        return ApiUnavailable(str(place), "the answer is not a list of Kubernetes")
    return objects(document, "items")


def copies(session: Session, namespace: str, kind: str) -> tuple[ConfigView, ...] | ReadFailed:
    """List the copies of one kind (`Secret` or `ConfigMap`) that runs have made, without their values."""
    # A read of metadata only would not transfer the values, but does not say whether the object is immutable.
    items = _list_of_kind(session, ObjectPath(namespace, resource_of(kind)), (("labelSelector", COPY_OF),))
    return items if isinstance(items, ReadFailed) else tuple(_copy(kind, item) for item in items)


def workloads(session: Session, namespace: str, resource: Resource) -> tuple[WorkloadView, ...] | ReadFailed:
    """List every object of one of `WORKLOADS`; none if the resource is a custom one of Argo that is not installed."""
    items = _list_of_kind(session, ObjectPath(namespace, resource))
    return items if isinstance(items, ReadFailed) else tuple(workload_view(resource, item) for item in items)


def _copy(kind: str, document: Json) -> ConfigView:
    view = config_view(kind, document)
    # `kubectl apply` stores the whole object in an annotation, a Secret's values included.
    return replace(view, meta=replace(view.meta, annotations={}))


def _list_of_kind(session: Session, place: ObjectPath, query: Pairs = ()) -> tuple[Json, ...] | ReadFailed:
    response = answer(session, place, query, TIMEOUT)
    if isinstance(response, ReadFailed):
        return response
    if response.status == NOT_FOUND and place.resource.custom:
        return ()
    return _items_of(response, place)


def _items_of(response: Response, place: ObjectPath) -> tuple[Json, ...] | ReadFailed:
    """The items of a list; any other answer is an error and never an empty list: gc deletes what has no reference."""
    if not response.ok:
        return as_failure(read_error(response, place, "list"))
    document = response.json()
    if not isinstance(document, Mapping) or not text(document, "kind").endswith("List"):
        return ApiUnavailable(str(place), "the answer is not a list of Kubernetes")
    return objects(document, "items")
