"""Reading what explains a failure: logs, answers of probes and Events, each within a limit of its own."""

from dataclasses import field
from typing import Final
from urllib.parse import parse_qsl

from cutover.adapters.kube.api_errors import StatusDocument, read_error, status_of
from cutover.adapters.kube.http_messages import ConnectionLost, Pairs, Response
from cutover.adapters.kube.paths import ObjectPath, proxy_path, stays_in_place
from cutover.adapters.kube.read import document
from cutover.adapters.kube.session import Session
from cutover.core.base.cluster_text import ClusterText
from cutover.core.base.documents import objects
from cutover.core.base.frozen import frozen
from cutover.core.base.resources import Resource
from cutover.core.objects.event import EventView, event_view
from cutover.core.objects.read_results import NotFound, ReadFailed, as_failure

EVIDENCE_TIMEOUT: Final = 5.0
"""Seconds that collecting one piece of evidence may take in all."""

BODY_LIMIT: Final = 4096
"""Bytes that are kept of the answer of a probe's endpoint."""


@frozen
class ProbeAnswer:
    """The answer of the pod itself: HTTP status and the beginning of the body."""

    status: int
    body: ClusterText = field(repr=False)


def logs(
    session: Session,
    namespace: str,
    pod: str,
    container: str,
    *,
    previous: bool = False,
    tail_lines: int = 200,
    limit_bytes: int = 65536,
    timeout: float = EVIDENCE_TIMEOUT,
) -> ClusterText | ReadFailed:
    """The last log lines of a container, with `previous` those before its last restart."""
    place = ObjectPath(namespace, Resource.POD, pod, "log")
    query = (("container", container), ("tailLines", str(tail_lines)), ("limitBytes", str(limit_bytes)))
    earlier = (("previous", "true"),) if previous else ()
    response = _limited(session, place, place.path, (*query, *earlier), limit=limit_bytes, timeout=timeout)
    if isinstance(response, ReadFailed):
        return response
    return ClusterText(response.body.decode(errors="replace")) if response.ok else _unreadable(response, place)


def readyz(
    session: Session,
    namespace: str,
    pod: str,
    port: int,
    path: str,
    *,
    scheme: str = "",
    timeout: float = EVIDENCE_TIMEOUT,
) -> ProbeAnswer | ReadFailed:
    """Ask a pod for a path through the API server; any HTTP status that comes from the pod is an answer.

    A `Status` document comes from the API server: the pod is gone, refused the connection, or a right is missing.
    """
    place = ObjectPath(namespace, Resource.POD, pod, "proxy")
    path, _, query = path.partition("?")
    asked = proxy_path(place, port, path, scheme)
    if "://" in path or not stays_in_place(asked):
        return ReadFailed(str(place), "the path of its probe is not one inside of the pod, and was not sent")
    response = _limited(session, place, asked, _pairs(query), limit=BODY_LIMIT, timeout=timeout)
    if isinstance(response, ReadFailed):
        return response
    if isinstance(status_of(response), StatusDocument):
        return _unreadable(response, place)
    return ProbeAnswer(response.status, ClusterText(response.body.decode(errors="replace")))


def _pairs(query: str) -> Pairs:
    return tuple(parse_qsl(query, keep_blank_values=True))


def events(session: Session, namespace: str, uid: str) -> tuple[EventView, ...] | ReadFailed:
    """Read the Events about one object, oldest first."""
    place = ObjectPath(namespace, Resource.EVENT)
    event_list = document(session, place, (("fieldSelector", f"involvedObject.uid={uid}"),), EVIDENCE_TIMEOUT)
    if isinstance(event_list, NotFound | ReadFailed):
        return as_failure(event_list)
    return tuple(sorted((event_view(item) for item in objects(event_list, "items")), key=lambda event: event.last))


def _limited(
    session: Session, place: ObjectPath, path: str, query: Pairs, *, limit: int, timeout: float
) -> Response | ReadFailed:
    """Read an answer of unknown length, at most `limit` bytes within `timeout` seconds."""
    try:
        with session.stream(path, query, timeout) as stream:
            return Response(stream.status, stream.body(limit)[:limit])
    except ConnectionLost as lost:
        return ReadFailed(str(place), lost.reason)


def _unreadable(response: Response, place: ObjectPath) -> ReadFailed:
    return as_failure(read_error(response, place, "get"))
