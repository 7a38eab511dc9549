"""What an answer that is no success says, in our words."""

from collections.abc import Mapping
from dataclasses import field
from typing import Final

from cutover.adapters.kube.paths import ObjectPath
from cutover.adapters.kube.request import Response
from cutover.core.base.documents import Json, objects, text
from cutover.core.base.frozen import frozen
from cutover.core.objects.read_results import NotFound, ReadFailed

LONGEST: Final = 256
"""Characters kept of a message from the API server."""


@frozen
class ApiUnavailable(ReadFailed):
    """The API server or the credentials failed; nothing is said of the object."""


@frozen
class Forbidden(ReadFailed):
    """The right to read the object is missing; the reason names it."""


@frozen
class StatusDocument:
    """A `Status` document: the API server's own way of saying no. `fields` are the paths that it objects to.

    The message may quote values: it is whole here, so that they can be found in it, and shortened where it is told.
    """

    reason: str
    message: str = field(repr=False)
    fields: tuple[str, ...] = ()


@frozen
class NoStatusDocument:
    """The answer did not come from the API server itself, or not in one piece: a proxy, a load balancer, a pod."""


def status_of(response: Response) -> StatusDocument | NoStatusDocument:
    """The `Status` in an answer's body."""
    document = response.json()
    if not isinstance(document, Mapping) or document.get("kind") != "Status":
        return NoStatusDocument()
    return StatusDocument(text(document, "reason"), text(document, "message"), _fields(document))


def _fields(status: Json) -> tuple[str, ...]:
    """The paths in the causes, each once: the schema and its rules name the same field in two spellings."""
    named = (text(cause, "field").removeprefix(".") for cause in objects(status, "details", "causes"))
    return tuple(dict.fromkeys(field for field in named if field not in {"", "<nil>"}))


def read_error(response: Response, place: ObjectPath, verb: str) -> NotFound | ReadFailed:
    """Why a request for `place` did not succeed."""
    status = status_of(response)
    match response.status:
        case 401:
            return ApiUnavailable(str(place), "the API server refused the credentials (401)")
        case 403:
            return Forbidden(str(place), f"the right to {place.right(verb)} is missing")
        case 404 if isinstance(status, StatusDocument):
            return NotFound(str(place))
        case 404:
            return ReadFailed(str(place), f"the API server does not know {place.resource}: its CRD is not installed")
        case code if code == 429 or code >= 500:  # noqa: PLR2004 -- too many requests, or the server's own fault
            return ApiUnavailable(str(place), f"the API server answered {code}{_said(status)}")
        case code:
            return ReadFailed(str(place), f"the API server answered {code}{_said(status)}")


def _said(status: StatusDocument | NoStatusDocument) -> str:
    return f": {status.message[:LONGEST]}" if isinstance(status, StatusDocument) and status.message else ""
