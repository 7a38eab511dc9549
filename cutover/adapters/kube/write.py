"""Sending a write as one request, and finding out whether it took effect.

A write is sent a second time only if the API server did not look at it: if its credentials had expired (401), and
a read with new credentials has shown that it took no effect.
"""

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Any, Final

from cutover.adapters.kube.api_errors import StatusDocument, status_of
from cutover.adapters.kube.http_messages import ConnectionLost, Pairs, Response, Sent
from cutover.adapters.kube.paths import ObjectPath
from cutover.adapters.kube.read import document
from cutover.adapters.kube.session import Session
from cutover.adapters.kube.write_errors import failed_guard, objection_of, refusal_text
from cutover.core.base.documents import Json, Operation, mapping
from cutover.core.base.resources import Resource
from cutover.core.objects.config_object import config_read
from cutover.core.objects.lease import lease_view
from cutover.core.objects.read_results import NotFound, ReadFailed
from cutover.core.objects.rollout import rollout_view
from cutover.core.objects.server_words import STORAGE_TROUBLE
from cutover.core.writes.write import (
    FIELD_MANAGER,
    Accepted,
    Answer,
    Method,
    Objection,
    Refused,
    StoredObject,
    Unclear,
    Unseen,
    Write,
)

JSON_PATCH: Final = "application/json-patch+json"
"""Content type of a JSON Patch. Without it, the Kubernetes client sends a list body as a merge patch."""

SERVER_TIMEOUT: Final = "8s"
"""Time limit of the API server for the request, shorter than our own: what has not happened by then will not happen.

Without it, a write that hangs in a webhook can take effect up to a minute after we counted it as lost.
"""

READ_BACK_TIMEOUT: Final = 5.0
_REFUSALS: Final = range(400, 500)
_UNAUTHORIZED: Final = 401
_REQUEST_TIMEOUT: Final = 408
_UNPROCESSABLE: Final = 422
_GATEWAY_TIMEOUT: Final = 504

_VERBS: Final[Mapping[Method, str]] = MappingProxyType(
    {Method.PATCH: "PATCH", Method.CREATE: "POST", Method.DELETE: "DELETE"}
)
_VIEWS: Final[Mapping[Resource, Callable[[Json], StoredObject]]] = MappingProxyType(
    {
        Resource.ROLLOUT: rollout_view,
        Resource.LEASE: lease_view,
        Resource.EVENT: lambda _: Unseen(),
        Resource.POD: lambda _: Unseen(),
        Resource.CONFIG_MAP: partial(config_read, "ConfigMap"),
        Resource.SECRET: partial(config_read, "Secret"),
    }
)
"""The function that reads the answer to a write of each resource."""


def send(session: Session, write: Write) -> Answer:
    """Send a write once and find out whether it took effect.

    After a refusal the object is read, to name the guard that failed; if the answer is lost, the object is read and
    the write's own proof decides. Never raises.
    """
    answer = _once(session, write)
    return _once(session, write) if _may_go_again(answer) else answer


def _may_go_again(answer: Answer) -> bool:
    """Whether the credentials were refused, and a read with new ones shows that the write took no effect."""
    if not isinstance(answer, Refused) or answer.status != _UNAUTHORIZED or isinstance(answer.stored, ReadFailed):
        return False
    return not _shows(answer.write, answer.stored)


def _shows(write: Write, stored_object: StoredObject) -> bool:
    """Whether the object, as it is now, proves the write. Always false for a dry run, which changes nothing."""
    if write.dry_run or isinstance(stored_object, NotFound):
        return not write.dry_run and write.method is Method.DELETE
    return bool(write.proof(stored_object))


def _once(session: Session, write: Write) -> Answer:
    try:
        response = session.request(
            _VERBS[write.method],
            _place(write).path,
            query=_query(write),
            body=_body(write),
            content_type=JSON_PATCH if write.method is Method.PATCH else "",
            timeout=write.within,
        )
    except ConnectionLost as lost:
        return _settle(session, write, _lost(lost))
    if response.ok:
        return _stored(session, write, response)
    return _judge(session, write, response)


def _place(write: Write) -> ObjectPath:
    """The path of the request; that of a creation is the resource's, without a name."""
    name = "" if write.method is Method.CREATE else write.named
    return ObjectPath(write.target.namespace, write.resource, name, write.subresource)


def _body(write: Write) -> Any:
    return list(write.operations) if write.method is Method.PATCH else dict(write.body)


def _query(write: Write) -> Pairs:
    manager = () if write.method is Method.DELETE else (("fieldManager", FIELD_MANAGER),)
    strict = (("fieldValidation", "Strict"),) if write.strict else ()
    always = (*manager, *strict, ("timeout", SERVER_TIMEOUT))
    return (*always, ("dryRun", "All")) if write.dry_run else always


def _stored(session: Session, write: Write, response: Response) -> Answer:
    """Read the answer to a successful write; a deletion is answered with the object or with a `Status` only."""
    if write.method is Method.DELETE:
        return Accepted(write, NotFound(str(_place(write))))
    body, kind = response.json(), write.resource.kind
    if isinstance(body, Mapping) and body.get("kind") == kind:
        return Accepted(write, _view(write, body))
    return _settle(session, write, f"the answer ({response.status}) is not a {kind}")


def _judge(session: Session, write: Write, response: Response) -> Answer:
    status = status_of(response)
    if _undecided(response.status, status):
        return _settle(session, write, f"the answer was {response.status}{_reason(status)}")
    return _refused(session, write, response.status, status)


def _undecided(code: int, status: StatusDocument | None) -> bool:
    """Whether the write may be stored although the answer is an error; a 4xx other than 408 is a clear refusal."""
    if code in _REFUSALS:
        return code == _REQUEST_TIMEOUT
    if status is None or code == _GATEWAY_TIMEOUT:
        return True
    return status.message.says(STORAGE_TROUBLE)


def _refused(session: Session, write: Write, code: int, status: StatusDocument | None) -> Answer:
    reason, stored_document = refusal_text(_quotable(write), code, status), _read_back(session, write)
    if isinstance(stored_document, NotFound | ReadFailed):
        return Refused(write, code, reason, stored_document, objection_of(code, status))
    stored_object = _view(write, stored_document)
    guard = failed_guard(write.operations, stored_document) if code == _UNPROCESSABLE else ""
    if guard:
        return Refused(write, code, f"the guard {guard} does not hold", stored_object, Objection.GUARD)
    return Refused(write, code, reason, stored_object, objection_of(code, status))


def _quotable(write: Write) -> tuple[Operation, ...]:
    """What was sent and may be quoted in an answer: operations, and the values of an object to be created."""
    contents = (mapping(write.body, field).values() for field in ("data", "binaryData"))
    values = (value for content in contents for value in content)
    return (*write.operations, *({"op": "add", "value": value} for value in (*values, write.body)))


def _settle(session: Session, write: Write, reason: str) -> Answer:
    """Find out by a read whether a write whose answer is lost took effect."""
    read = _read_back(session, write)
    if isinstance(read, ReadFailed):
        return Unclear(write, reason, read)
    stored_object = read if isinstance(read, NotFound) else _view(write, read)
    return (
        Accepted(write, stored_object, lost=True)
        if _shows(write, stored_object)
        else Unclear(write, reason, stored_object)
    )


def _view(write: Write, document: Json) -> StoredObject:
    return _VIEWS[write.resource](document)


def _read_back(session: Session, write: Write) -> Json | NotFound | ReadFailed:
    """Read the object of a write; not that of an Event, because the API server chose its name."""
    if not write.named:
        return ReadFailed(str(write.resource), "it cannot be read back")
    place = ObjectPath(write.target.namespace, write.resource, write.named)
    return document(session, place, timeout=READ_BACK_TIMEOUT)


def _lost(lost: ConnectionLost) -> str:
    return f"it was not sent: {lost.reason}" if lost.sent is Sent.NO else f"its answer was lost: {lost.reason}"


def _reason(status: StatusDocument | None) -> str:
    return f" {status.reason}" if isinstance(status, StatusDocument) else ", and not from the API server itself"
