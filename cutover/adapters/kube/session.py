"""A session with one cluster: it sends requests, opens streams, and renews its credentials.

This module is cheap to import; `connect` loads the Kubernetes client.
"""

import json
import time
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

from cutover.adapters.kube.http_messages import TIMEOUT, Pairs, Request, Response
from cutover.core.base.errors import CutoverError

if TYPE_CHECKING:
    from collections.abc import Callable

    from cutover.adapters.kube.transport import Access, Stream

UNAUTHORIZED: Final = 401
_PAUSE: Final = 2.0
"""Seconds between two attempts to load credentials: a plugin that fails is not run for every request."""


class Session:
    """A connection to one cluster, safe to share between threads. `load` returns access with new credentials."""

    def __init__(self, access: "Access", load: "Callable[[], Access]") -> None:
        self._access = access
        self._load = load
        self._renewal = Lock()
        self._tried = 0.0
        self._refused = False

    @property
    def context(self) -> str:
        """The name of the kubeconfig's context; empty inside a cluster."""
        return self._access.context

    @property
    def server(self) -> str:
        """The API server's URL: what stands before the path of every request."""
        return self._access.server

    @property
    def namespace(self) -> str:
        """The context's namespace, for information only: a target names its own."""
        return self._access.namespace

    def request(
        self,
        method: str,
        path: str,
        *,
        query: Pairs = (),
        body: Any = None,
        content_type: str = "",
        timeout: float = TIMEOUT,
    ) -> Response:
        """Send a request once, `body` as JSON. Any HTTP status is an answer, 401 and 429 included.

        After a 401 the credentials are loaded again before the next request; this one is not repeated.

        Raises:
            ConnectionLost: no answer came, or not all of it.
        """
        access = self._current()
        response = access.send(_request(method, path, query, body=body, content_type=content_type, timeout=timeout))
        self._judge(access, response.status)
        return response

    def stream(self, path: str, query: Pairs, lasting: float) -> "Stream":
        """Open an answer that is read line by line, for at most `lasting` seconds; use it as a context manager.

        Raises:
            ConnectionLost: there was no answer; reading the stream can raise it, too.
        """
        access = self._current()
        stream = access.stream(Request("GET", path, query, timeout=lasting))
        self._judge(access, stream.status)
        return stream

    def _judge(self, access: "Access", status: int) -> None:
        """Note that the credentials were refused (401), unless newer ones than those of `access` are loaded already."""
        if status == UNAUTHORIZED and access is self._access:
            self._refused = True

    def _current(self) -> "Access":
        with self._renewal:
            if self._due():
                self._renew()
            return self._access

    def _due(self) -> bool:
        now = time.time()
        return (self._refused or now >= self._access.renew_at) and abs(now - self._tried) >= _PAUSE

    def _renew(self) -> None:
        """Load the credentials again; keep the old ones if the kubeconfig names another server by now."""
        self._tried, self._refused = time.time(), False
        try:
            renewed = self._load()
        except CutoverError:
            # The old credentials may still be valid; if not, the answer is a 401, which is reported.
            return
        if renewed.server == self._access.server:
            self._access = renewed


def _request(method: str, path: str, query: Pairs, *, body: Any, content_type: str, timeout: float) -> Request:
    if body is None:
        return Request(method, path, query, timeout=timeout)
    headers = (("Content-Type", content_type or "application/json"),)
    return Request(method, path, query, headers, json.dumps(body, default=dict).encode(), timeout)


def connect(kubeconfig: str = "", context: str = "") -> Session:
    """Create a session with the cluster that kubectl would use with the same arguments; send nothing yet.

    Raises:
        UsageError: there is no kubeconfig, it cannot be read, or it has no such context.
        UnreachableError: the context has no server, or its credentials cannot be loaded.
    """
    from cutover.adapters.kube.credentials import load  # noqa: PLC0415 -- 200 ms that only a connection is worth

    access = load(kubeconfig, context)
    # Later loads use the context's name, because somebody may change the current context meanwhile.
    return Session(access, lambda: load(kubeconfig, access.context))
