"""The closed list of what a dependency check can say, and how PostgreSQL's words map onto it."""

from typing import Final

OK: Final = "ok"
REFUSED: Final = "refused"
TIMEOUT: Final = "timeout"
UNKNOWN_HOST: Final = "unknown_host"
AUTH_FAILED: Final = "auth_failed"
WRONG_IDENTITY: Final = "wrong_identity"
NO_DATABASE: Final = "no_database"
ERROR: Final = "error"

ALL: Final = (OK, REFUSED, TIMEOUT, UNKNOWN_HOST, AUTH_FAILED, WRONG_IDENTITY, NO_DATABASE, ERROR)

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


class DependencyError(Exception):
    """A dependency does not work; the code says how, without any value from the configuration."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def of_message(message: str) -> str:
    """The code for an error message of libpq."""
    return next((code for words, code in _WORDS if words in message), ERROR)
