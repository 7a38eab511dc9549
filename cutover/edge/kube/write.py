"""The one request of a write, and what became of it. Nothing here is ever sent a second time."""

from collections.abc import Iterable, Iterator, Mapping
from secrets import token_bytes
from typing import Any, Final

from jsonpointer import resolve_pointer

from cutover.core.redact import Redactor, Sealed
from cutover.core.views.fields import Json
from cutover.core.views.rollout import rollout_view
from cutover.core.world import Missing, Unreadable
from cutover.core.writes.write import Accepted, Answer, Operation, Refused, Unclear, Write
from cutover.edge.kube.errors import ConnectionLost, Sent
from cutover.edge.kube.message import Pairs, Response
from cutover.edge.kube.paths import Place, rollout_place
from cutover.edge.kube.read import document
from cutover.edge.kube.session import Session
from cutover.edge.kube.trouble import LONGEST, NoStatus, Status, status_of

FIELD_MANAGER: Final = "cutover"
JSON_PATCH: Final = "application/json-patch+json"
"""Always named: a list body is sent as merge patch by the Kubernetes client otherwise."""

READ_BACK_TIMEOUT: Final = 5.0
_LITERAL_KEYS: Final = frozenset({"value", "args", "command"})
_CLIENT_ERROR: Final = 400
_REQUEST_TIMEOUT: Final = 408
_SERVER_ERROR: Final = 500
_GATEWAY_TIMEOUT: Final = 504
_STORAGE_TROUBLE: Final = ("etcdserver", "context deadline", "timed out", "timeout")
"""Words of a 500 whose write may have been stored all the same: the API server did not hear from etcd in time."""


def send(session: Session, write: Write) -> Answer:
    """Send a write once and find out what became of it.

    A refusal is read back, so that the guard that failed can be named; a lost answer is settled by the write's own
    proof. Never raises.
    """
    try:
        response = session.request(
            "PATCH", _place(write).path, query=_query(write), body=list(write.operations), content_type=JSON_PATCH
        )
    except ConnectionLost as lost:
        return _settle(session, write, _lost(lost))
    if response.ok:
        return _stored(session, write, response)
    return _judge(session, write, response)


def failed_guard(operations: Iterable[Operation], found: Json) -> str:
    """The path of the first guard (`test`) that does not hold in a Rollout's document; empty if all hold."""
    guards = (operation for operation in operations if operation["op"] == "test")
    return next((guard["path"] for guard in guards if not _holds(guard, found)), "")


def _place(write: Write) -> Place:
    return rollout_place(write.target.namespace, write.target.rollout, write.subresource)


def _query(write: Write) -> Pairs:
    manager = (("fieldManager", FIELD_MANAGER),)
    return (*manager, ("dryRun", "All")) if write.dry_run else manager


def _stored(session: Session, write: Write, response: Response) -> Answer:
    found = response.json()
    if isinstance(found, Mapping) and found.get("kind") == "Rollout":
        return Accepted(write, rollout_view(found))
    return _settle(session, write, f"the answer ({response.status}) is not a Rollout")


def _judge(session: Session, write: Write, response: Response) -> Answer:
    status = status_of(response)
    if _undecided(response.status, status):
        return _settle(session, write, f"the answer was {response.status}{_reason(status)}")
    return _refused(session, write, response.status, status)


def _undecided(code: int, status: Status | NoStatus) -> bool:
    """Whether the write may have been stored all the same. A 4xx is always a no, whoever says it."""
    if code < _SERVER_ERROR:
        return not _CLIENT_ERROR <= code or code == _REQUEST_TIMEOUT
    if isinstance(status, NoStatus) or code == _GATEWAY_TIMEOUT:
        return True
    return any(word in status.message.lower() for word in _STORAGE_TROUBLE)


def _refused(session: Session, write: Write, code: int, status: Status) -> Answer:
    found = _read_back(session, write)
    if isinstance(found, Missing | Unreadable):
        return Refused(write, code, _said(write, code, status), found)
    guard = failed_guard(write.operations, found)
    reason = f"the guard {guard} does not hold" if guard else _said(write, code, status)
    return Refused(write, code, reason, rollout_view(found))


def _settle(session: Session, write: Write, reason: str) -> Answer:
    """What became of a write whose answer is lost. A dry run changes nothing, so nothing can prove it."""
    found = _read_back(session, write)
    if isinstance(found, Missing | Unreadable):
        return Unclear(write, reason, found)
    view = rollout_view(found)
    if not write.dry_run and write.proof(view):
        return Accepted(write, view, lost=True)
    return Unclear(write, reason, view)


def _read_back(session: Session, write: Write) -> Json | Missing | Unreadable:
    place = rollout_place(write.target.namespace, write.target.rollout)
    return document(session, place, timeout=READ_BACK_TIMEOUT)


def _lost(lost: ConnectionLost) -> str:
    return f"it was not sent: {lost.reason}" if lost.sent is Sent.NO else f"its answer was lost: {lost.reason}"


def _reason(status: Status | NoStatus) -> str:
    return f" {status.reason}" if isinstance(status, Status) else ", and not from the API server itself"


def _said(write: Write, code: int, status: Status | NoStatus) -> str:
    """The refusal in the server's words, without any value of the template.

    A validation error (422) quotes the values that it objects to: only its paths are told. Webhooks may quote them
    too, in words of their own: the literals of the patch are masked.
    """
    if isinstance(status, NoStatus):
        return f"the answer was {code}{_reason(status)}"
    if status.fields or status.reason == "Invalid":
        return f"{status.reason}: {', '.join(status.fields)}".rstrip(": ")
    literals = {text for operation in write.operations for text in _literals(operation.get("value"), literal=True)}
    masked = Redactor(token_bytes(16)).knowing(map(Sealed, literals)).text(status.message)
    return f"{status.reason}: {masked[:LONGEST]}"


def _literals(value: Any, *, literal: bool) -> Iterator[str]:
    """The strings of an operation's value that may be secrets: all but names, images and the like."""
    if isinstance(value, str):
        yield from (value,) if literal else ()
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _literals(item, literal=key in _LITERAL_KEYS)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _literals(item, literal=literal)


def _holds(guard: Operation, found: Json) -> bool:
    """As the API server judges it: a path that does not exist equals null (evanphx/json-patch `test`)."""
    return bool(resolve_pointer(found, guard["path"], None) == guard["value"])
