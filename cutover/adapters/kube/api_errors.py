"""Turning an unsuccessful answer of the API server into an error that says what went wrong."""

from collections.abc import Mapping
from dataclasses import field

from cutover.adapters.kube.http_messages import Response
from cutover.adapters.kube.paths import ObjectPath
from cutover.core.base.cluster_text import ClusterText, Words, sentence
from cutover.core.base.documents import Json, objects, quoted, text
from cutover.core.base.frozen import frozen
from cutover.core.objects.read_results import NotFound, ReadFailed


@frozen
class ApiUnavailable(ReadFailed):
    """The API server or the credentials failed; nothing is known of the object."""


@frozen
class Forbidden(ReadFailed):
    """The right to read the object is missing; the reason names it."""


@frozen
class StatusDocument:
    """A `Status` document, with which the API server itself refuses a request. `fields` are the paths it objects to.

    The message may quote values.
    """

    reason: str
    message: ClusterText = field(repr=False)
    fields: tuple[str, ...] = ()


def status_of(response: Response) -> StatusDocument | None:
    """Read the `Status` document in an answer's body; None if the body is something else, as behind a proxy."""
    document = response.json()
    if not isinstance(document, Mapping) or document.get("kind") != "Status":
        return None
    return StatusDocument(text(document, "reason"), quoted(document, "message"), _fields(document))


def _fields(status: Json) -> tuple[str, ...]:
    """The field paths in the causes, each once, without the leading dot that a CRD's schema gives them."""
    named = (text(cause, "field").removeprefix(".") for cause in objects(status, "details", "causes"))
    return tuple(dict.fromkeys(field for field in named if field not in {"", "<nil>"}))


def read_error(response: Response, place: ObjectPath, verb: str) -> NotFound | ReadFailed:
    """Turn an unsuccessful answer into a result; a 404 without a `Status` means that the CRD is not installed."""
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
            return ApiUnavailable(str(place), sentence(f"the API server answered {code}", _message_of(status)))
        case code:
            return ReadFailed(str(place), sentence(f"the API server answered {code}", _message_of(status)))


def _message_of(status: StatusDocument | None) -> Words:
    return sentence(": ", status.message) if isinstance(status, StatusDocument) and status.message else ""
