"""The database: pooled connections, every wait bounded, every failure a code."""

import contextlib
import socket
import time
from collections.abc import Iterator
from queue import Empty, LifoQueue
from typing import Any

import psycopg2  # type: ignore[import-not-found,import-untyped,unused-ignore] # exists inside the image only
from psycopg2 import extensions  # type: ignore[import-not-found,import-untyped,unused-ignore] # as above

from . import aside, codes, waiting
from .codes import DependencyError

IDLE_CONNECTIONS = 4


class DatabasePool:
    """One PostgreSQL database, as its connection string names it."""

    def __init__(self, url: str) -> None:
        try:
            self._parts = extensions.parse_dsn(url)
        except psycopg2.ProgrammingError:
            self._parts = {}  # the error would quote the connection string
        self._idle: LifoQueue[Any] = LifoQueue(IDLE_CONNECTIONS)

    @property
    def address(self) -> str:
        """Host and port, without user-info."""
        return f"{self._parts.get('host', '')}:{self._parts.get('port', '5432')}"

    @property
    def target(self) -> str:
        """Host, port and database name, without user-info."""
        return f"{self.address}/{self._parts.get('dbname', '')}" if self._parts else "unreadable DATABASE_URL"

    def identity(self, within: float) -> str:
        """The name that the database gives itself; DependencyError after at most `within` seconds."""
        end = time.monotonic() + within
        for connection in self._take_idle():
            # A pooled connection may have died long ago: that must fail no request while a new one works.
            with contextlib.suppress(DependencyError):
                return self._ask(connection, end - within / 2)
        return self._ask(self._connect(end), end)

    def _take_idle(self) -> Iterator[Any]:
        with contextlib.suppress(Empty):
            while True:
                yield self._idle.get_nowait()

    def _ask(self, connection: Any, end: float) -> str:
        with _coded(), waiting.until(end), connection.cursor() as cursor:
            cursor.execute("select name from identity")
            row = cursor.fetchone()
        self._give_back(connection)
        return str(row[0]) if row else ""

    def _give_back(self, connection: Any) -> None:
        if self._idle.full():
            connection.close()
        else:
            self._idle.put(connection)

    def _connect(self, end: float) -> Any:
        if not self._parts:
            raise DependencyError(codes.ERROR)
        address = _resolve(self._parts.get("host", ""), end)
        with _coded(), waiting.until(end):
            connection = psycopg2.connect(**(self._parts | {"hostaddr": address}))
            connection.autocommit = True
        return connection


@contextlib.contextmanager
def _coded() -> Iterator[None]:
    """Whatever the driver raises becomes a code."""
    try:
        yield
    except TimeoutError:
        raise DependencyError(codes.TIMEOUT) from None
    except psycopg2.Error as error:
        raise DependencyError(codes.of_message(str(error))) from None


def _resolve(host: str, end: float) -> str:
    """One address of the host. libpq's own look-up knows no time limit; a name that nobody answers for is unknown."""
    found = aside.begin(lambda: socket.getaddrinfo(host, None, type=socket.SOCK_STREAM))
    try:
        return str(found.result(max(0.0, end - time.monotonic()))[0][4][0])
    except (OSError, UnicodeError):  # a TimeoutError is an OSError
        raise DependencyError(codes.UNKNOWN_HOST) from None
