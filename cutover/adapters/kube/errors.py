"""Trouble on the way to the API server, as the rest of the program knows it."""

from enum import StrEnum


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
