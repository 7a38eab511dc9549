"""The one request of a write, and what became of it. Nothing here is ever sent a second time."""

from collections.abc import Mapping
from typing import Final

from cutover.core.views.fields import Json
from cutover.core.views.rollout import rollout_view
from cutover.core.world import Missing, Unreadable
from cutover.core.writes.write import FIELD_MANAGER, Accepted, Answer, Refused, Unclear, Write
from cutover.edge.kube.errors import ConnectionLost, Sent
from cutover.edge.kube.message import TIMEOUT, Pairs, Response
from cutover.edge.kube.paths import Place, rollout_place
from cutover.edge.kube.read import document
from cutover.edge.kube.refusal import failed_guard, said
from cutover.edge.kube.session import Session
from cutover.edge.kube.trouble import NoStatus, Status, status_of

JSON_PATCH: Final = "application/json-patch+json"
"""Always named: a list body is sent as merge patch by the Kubernetes client otherwise."""

SERVER_TIMEOUT: Final = "8s"
"""When the API server itself gives the request up (shorter than our own wait): what did not happen by then, will not.

Without it a write that hangs in a webhook can take effect up to a minute after it was given up for lost.
"""

READ_BACK_TIMEOUT: Final = 5.0
_REFUSALS: Final = range(400, 500)
_REQUEST_TIMEOUT: Final = 408
_UNPROCESSABLE: Final = 422
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
            "PATCH",
            _place(write).path,
            query=_query(write),
            body=list(write.operations),
            content_type=JSON_PATCH,
            timeout=TIMEOUT,
        )
    except ConnectionLost as lost:
        return _settle(session, write, _lost(lost))
    if response.ok:
        return _stored(session, write, response)
    return _judge(session, write, response)


def _place(write: Write) -> Place:
    return rollout_place(write.target.namespace, write.target.rollout, write.subresource)


def _query(write: Write) -> Pairs:
    always = (("fieldManager", FIELD_MANAGER), ("timeout", SERVER_TIMEOUT))
    return (*always, ("dryRun", "All")) if write.dry_run else always


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
    if code in _REFUSALS:
        return code == _REQUEST_TIMEOUT
    if isinstance(status, NoStatus) or code == _GATEWAY_TIMEOUT:
        return True
    return any(word in status.message.lower() for word in _STORAGE_TROUBLE)


def _refused(session: Session, write: Write, code: int, status: Status | NoStatus) -> Answer:
    found = _read_back(session, write)
    if isinstance(found, Missing | Unreadable):
        return Refused(write, code, said(write.operations, code, status), found)
    guard = failed_guard(write.operations, found) if code == _UNPROCESSABLE else ""
    reason = f"the guard {guard} does not hold" if guard else said(write.operations, code, status)
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
