from collections.abc import Sequence
from dataclasses import field
from enum import StrEnum
from typing import Any, Final

from cutover.core.base.documents import parsed
from cutover.core.base.frozen import frozen

# What goes to the API server, and what comes back.


TIMEOUT: Final = 10.0
"""Seconds without a byte of the answer after which a request counts as lost."""

Pairs = Sequence[tuple[str, str]]
"""Query parameters or headers, in order; a name may come more than once."""


@frozen
class Request:
    """One request. `timeout` is in seconds without a byte; for a stream, in seconds for all of it."""

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
        """Whether the status is a success."""
        return 200 <= self.status < 300  # noqa: PLR2004 -- the range that HTTP calls success

    def json(self) -> Any:
        """The body as parsed JSON; an empty object where it is none."""
        try:
            return parsed(self.body)
        except ValueError:
            return {}


# Trouble on the way to the API server, as the rest of the program knows it.


class Sent(StrEnum):
    """Whether a request whose answer is missing had left this machine."""

    NO = "no"
    UNKNOWN = "unknown"
    YES = "yes"


class ConnectionLost(Exception):  # noqa: N818 -- an event with a state of its own, not only a failure
    """No whole answer came: `reason` is one sentence, `sent` whether the server may have acted on the request."""

    def __init__(self, reason: str, sent: Sent) -> None:
        self.reason = reason
        self.sent = sent
        super().__init__(reason)
