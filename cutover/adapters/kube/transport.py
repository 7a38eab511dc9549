"""Sending requests with urllib3, each exactly once, and naming its errors: was the request sent, and what went wrong.

Importing this costs some 60 ms, so only `session.connect` does it.
"""

import socket
import ssl
from collections.abc import Iterator
from dataclasses import field
from time import monotonic
from typing import Final, Self
from urllib.parse import urlencode

import urllib3
from urllib3.connection import HTTPConnection
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    NameResolutionError,
    NewConnectionError,
    ProxyError,
    SSLError,
)
from urllib3.exceptions import TimeoutError as WireTimeoutError

from cutover.adapters.kube.http_messages import ConnectionLost, Pairs, Request, Response, Sent
from cutover.adapters.kube.paths import stays_in_place
from cutover.core.base.frozen import frozen


@frozen
class Access:
    """Access to one cluster: its connections, and the headers that carry the credentials.

    `renew_at` is when the credentials should be loaded again, in seconds since the epoch.
    """

    context: str
    namespace: str
    server: str
    pool: urllib3.PoolManager = field(repr=False)
    headers: Pairs = field(repr=False)
    renew_at: float = float("inf")

    def send(self, request: Request) -> Response:
        """Send a request once and read the whole answer into memory, whatever its status."""
        response = self._open(request)
        try:
            return Response(response.status, response.read())
        except (HTTPError, OSError) as error:
            raise ConnectionLost(sentence(error), Sent.YES) from error
        finally:
            response.release_conn()

    def stream(self, request: Request) -> "Stream":
        """Send a request and read its answer line by line, for `timeout` seconds in all."""
        until = monotonic() + request.timeout
        return Stream(self._open(request), until)

    def _open(self, request: Request) -> urllib3.BaseHTTPResponse:
        if not stays_in_place(request.path):
            raise ConnectionLost("its path leads elsewhere", Sent.NO)
        query = f"?{urlencode(request.query)}" if request.query else ""
        try:
            return self.pool.urlopen(
                request.method,
                f"{self.server}{request.path}{query}",
                body=request.body or None,
                headers=_together(self.headers, request.headers),
                timeout=urllib3.Timeout(connect=min(CONNECT_TIMEOUT, request.timeout), read=request.timeout),
                retries=False,  # a 429 with Retry-After is an answer, too, and no reason to send the request again
                redirect=False,
                preload_content=False,
            )
        except (HTTPError, OSError) as error:
            raise ConnectionLost(sentence(error), was_sent(error)) from error


class Stream:
    """An answer that is read line by line. `close` may be called from any thread and ends a read under way."""

    def __init__(self, response: urllib3.BaseHTTPResponse, until: float) -> None:
        self.status = response.status
        self._response = response
        self._until = until
        self._closed = False
        self._socket = _socket_of(response)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        # Not in `close`: closing the response takes a lock that a read in another thread may hold.
        self.close()
        self._response.close()

    def lines(self) -> Iterator[bytes]:
        """The lines as they arrive, until the answer ends or `close` is called.

        Raises:
            ConnectionLost: the answer broke off, or did not end in time.
        """
        pending = b""
        for chunk in self._chunks():
            *whole, pending = (pending + chunk).split(b"\n")
            yield from (line for line in whole if line)
        if pending and not self._closed:
            yield pending

    def body(self, limit: int = 65536) -> bytes:
        """Read an answer that is not a stream (an error), up to `limit` bytes or a little more."""
        content = b""
        for chunk in self._chunks():
            content += chunk
            if len(content) >= limit:
                break
        return content

    def close(self) -> None:
        """End the stream at once; leave one that has ended alone, because its connection may serve another request."""
        self._closed = True
        sock = self._socket
        if sock is not None:
            _hang_up(sock)

    def _chunks(self) -> Iterator[bytes]:
        try:
            while chunk := self._next():
                yield chunk
            self._socket = None
        except (HTTPError, OSError) as error:
            if not self._closed:
                raise ConnectionLost(sentence(error), Sent.YES) from error

    def _next(self) -> bytes:
        """The bytes that have arrived; waits until there is at least one, and returns none at the end."""
        left = self._until - monotonic()
        if left <= 0:
            raise TimeoutError
        if self._socket is not None:
            self._socket.settimeout(left)
        return b"" if self._closed else self._response.read1()


def _socket_of(response: urllib3.BaseHTTPResponse) -> socket.socket | None:
    """The socket of an answer, kept because urllib3 drops it at the end; None if the answer was complete at once."""
    connection = response.connection
    return connection.sock if isinstance(connection, HTTPConnection) else None


def _hang_up(sock: socket.socket) -> None:
    """Wake a reader; not by `SSLSocket.shutdown`, after which the reader's next read would be of plain text."""
    try:
        socket.socket.shutdown(sock, socket.SHUT_RDWR)
    except OSError:
        return  # it was closed already


def _together(*parts: Pairs) -> urllib3.HTTPHeaderDict:
    headers = urllib3.HTTPHeaderDict()
    for name, value in (pair for part in parts for pair in part):
        headers.add(name, value)
    return headers


CONNECT_TIMEOUT: Final = 5.0
"""Seconds for each step of TCP and TLS; a server that can be reached answers within a fraction of one."""


def was_sent(error: Exception) -> Sent:
    """Whether a request that got no answer was sent; TLS verifies the certificate before the request is sent."""
    untrusted = isinstance(error, SSLError) and isinstance(_root(error), ssl.SSLCertVerificationError)
    before = untrusted or isinstance(error, (ConnectTimeoutError, ProxyError))
    return Sent.NO if before else Sent.UNKNOWN


_SENTENCES: Final[tuple[tuple[tuple[type[Exception], ...], str], ...]] = (
    ((NameResolutionError,), "the server's name cannot be resolved"),
    ((NewConnectionError,), "no connection: {system}"),
    ((ConnectTimeoutError,), f"no connection within {CONNECT_TIMEOUT:.0f} s"),
    ((ProxyError,), "no connection through the proxy: {system}"),
    ((SSLError,), "TLS failed: {system}"),
    ((WireTimeoutError, TimeoutError), "no answer in time"),
    ((Exception,), "the connection broke: {system}"),
)


def sentence(error: Exception) -> str:
    """Describe an error in one sentence, which stays the same while the cause does."""
    words = next(words for kinds, words in _SENTENCES if isinstance(error, kinds))
    return words.format(system=_system(_root(error)))


def _root(error: BaseException) -> BaseException:
    """The innermost error: urllib3 wraps the system's error, sometimes as an argument, sometimes as a cause."""
    inner = next((part for part in error.args if isinstance(part, BaseException)), error.__cause__)
    return _root(inner) if inner and inner is not error else error


def _system(error: BaseException) -> str:
    """The system's own words, without addresses, so that one outage keeps one sentence."""
    known = error.strerror if isinstance(error, OSError) else ""
    return known or type(error).__name__
