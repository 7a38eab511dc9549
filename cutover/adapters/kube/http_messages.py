"""A request to the API server, its response, and the error of a connection that was lost."""

from collections.abc import Sequence
from dataclasses import field
from enum import StrEnum
from typing import Any, Final

from cutover.core.base.documents import parsed
from cutover.core.base.frozen import frozen

TIMEOUT: Final = 10.0
"""Seconds without a byte of the answer after which a request counts as lost."""

Pairs = Sequence[tuple[str, str]]
"""Query parameters or headers, in order; a name may occur more than once."""


@frozen
class Request:
    """One request. `timeout` is the longest wait for a byte of the answer, or for all of a stream, in seconds."""

    method: str
    path: str
    query: Pairs = ()
    headers: Pairs = ()
    body: bytes = field(default=b"", repr=False)
    timeout: float = TIMEOUT


@frozen
class Response:
    """The API server's answer: HTTP status and raw body."""

    status: int
    body: bytes = field(repr=False)

    @property
    def ok(self) -> bool:
        """Whether the status is 2xx."""
        return 200 <= self.status < 300  # noqa: PLR2004 -- the range that HTTP calls success

    def json(self) -> Any:
        """The body as parsed JSON; an empty object if it is not JSON."""
        try:
            return parsed(self.body)
        except ValueError:
            return {}


class Sent(StrEnum):
    """Whether a request that got no answer was sent from this computer."""

    NO = "no"
    UNKNOWN = "unknown"
    YES = "yes"


class ConnectionLost(Exception):  # noqa: N818 -- an event with a state of its own, not only a failure
    """No answer came, or not all of it; `reason` is one sentence, `sent` says whether the server may have acted."""

    def __init__(self, reason: str, sent: Sent) -> None:
        self.reason = reason
        self.sent = sent
        super().__init__(reason)
