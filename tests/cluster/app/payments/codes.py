"""What a dependency check can say, a closed list but for HTTP statuses, and how others' words map onto it."""

import socket
from typing import Final

OK: Final = "ok"
REFUSED: Final = "refused"
TIMEOUT: Final = "timeout"
UNKNOWN_HOST: Final = "unknown_host"
AUTH_FAILED: Final = "auth_failed"
WRONG_IDENTITY: Final = "wrong_identity"
NO_DATABASE: Final = "no_database"
WRONG_ISSUER: Final = "wrong_issuer"
ERROR: Final = "error"

ALL: Final = (OK, REFUSED, TIMEOUT, UNKNOWN_HOST, AUTH_FAILED, WRONG_IDENTITY, NO_DATABASE, WRONG_ISSUER, ERROR)

# libpq gives no SQLSTATE for a failed connection, only text. The first match wins.
_WORDS: Final = (
    ("Connection refused", REFUSED),
    ("timeout expired", TIMEOUT),
    ("Connection timed out", TIMEOUT),
    ("could not translate host name", UNKNOWN_HOST),
    ("authentication failed", AUTH_FAILED),
    ("no password supplied", AUTH_FAILED),
    ("pg_hba.conf", AUTH_FAILED),
    ('role "', AUTH_FAILED),
    ('database "', NO_DATABASE),
)
_REASONS: Final = ((ConnectionRefusedError, REFUSED), (TimeoutError, TIMEOUT), (socket.gaierror, UNKNOWN_HOST))


class DependencyError(Exception):
    """A dependency does not work; the code says how, without any value from the configuration."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def of_message(message: str) -> str:
    """The code for an error message of libpq."""
    return next((code for words, code in _WORDS if words in message), ERROR)


def of_reason(reason: object) -> str:
    """The code for what the network said."""
    return next((code for kind, code in _REASONS if isinstance(reason, kind)), ERROR)


def of_status(status: int) -> str:
    """The code for an HTTP status that is no success, such as `http_404`."""
    return f"http_{status}"
