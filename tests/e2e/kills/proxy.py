"""A proxy between `cutover` and the API server: it counts writes, kills at one, or answers in the server's place."""

import http.client
import json
import os
import re
import signal
import ssl
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock, Thread
from typing import Any, Final, Self
from urllib.parse import urlsplit

from tests.cluster.bed import Bed

WRITES: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})
QUESTIONS: Final = re.compile(r"/selfsubject\w+reviews$")
HOP_BY_HOP: Final = frozenset({"connection", "transfer-encoding", "content-length", "keep-alive"})


@dataclass(frozen=True)
class ProxiedRequest:
    """A request. `number` counts writes from 1; it is 0 for what is none, and for renewals, which come by the clock."""

    number: int
    verb: str
    path: str
    body: bytes = field(default=b"", repr=False)

    def __str__(self) -> str:
        return f"{self.number} {self.verb} {self.path}"


class ProxyFault(Enum):
    """What becomes of a request besides an answer."""

    NONE = "none"
    KILL_BEFORE = "before"
    KILL_AFTER = "after"
    CUT_BEFORE = "cut before"
    CUT_AFTER = "cut after"


ReplyInstead = tuple[int, str]
"""A status and its reason, in the API server's place."""

Hook = Callable[[ProxiedRequest], ProxyFault | ReplyInstead]


def no_fault(_: ProxiedRequest) -> ProxyFault:
    """Everything passes."""
    return ProxyFault.NONE


class Proxy(ThreadingHTTPServer):
    """Listens on loopback while it is a context; `hook` may be changed at any time."""

    daemon_threads = True

    def __init__(self, bed: Bed) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.config: dict[str, Any] = json.loads(bed.kubeconfig.read_text())
        cluster = self.config["clusters"][0]["cluster"]
        self.upstream = urlsplit(cluster["server"])
        self.trust = ssl.create_default_context(cafile=cluster["certificate-authority"])
        self.hook: Hook = no_fault
        self.pid = 0
        self.writes: list[ProxiedRequest] = []
        self._counting = Lock()

    def __enter__(self) -> Self:
        Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that is gone is what it is for; anything else is told."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)

    def kubeconfig(self, folder: Path) -> Path:
        """A kubeconfig that leads here."""
        cluster = {"server": f"http://127.0.0.1:{self.server_port}"}
        config = self.config | {"clusters": [{"name": self.config["clusters"][0]["name"], "cluster": cluster}]}
        file = folder / f"proxy-{self.server_port}.json"
        file.write_text(json.dumps(config))
        return file

    def kills(self, number: int, fault: ProxyFault) -> None:
        """Kill the process `pid` at that write."""
        self.hook = lambda asked: fault if asked.number == number else ProxyFault.NONE

    def kill(self) -> None:
        """The process that the test started is gone at once."""
        os.kill(self.pid, signal.SIGKILL)

    def asked(self, verb: str, path: str, body: bytes) -> ProxiedRequest:
        """The request, counted."""
        url = urlsplit(path)
        counts = verb in WRITES and "dryRun" not in url.query and not QUESTIONS.search(url.path)
        if not counts or _renews(url.path, body):
            return ProxiedRequest(0, verb, url.path, body)
        with self._counting:
            self.writes.append(ProxiedRequest(len(self.writes) + 1, verb, url.path, body))
            return self.writes[-1]


def _renews(path: str, body: bytes) -> bool:
    if "/leases/" not in path or not body.startswith(b"["):
        return False
    return {op["path"] for op in json.loads(body) if op["op"] != "test"} == {"/spec/renewTime"}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Proxy

    def do_GET(self) -> None:
        proxy, body = self.server, self.rfile.read(int(self.headers.get("Content-Length") or 0))
        asked = proxy.asked(self.command, self.path, body)
        fault = proxy.hook(asked)
        if isinstance(fault, tuple):
            self._answer(*fault)
        elif fault in {ProxyFault.KILL_BEFORE, ProxyFault.CUT_BEFORE}:
            self._break(kill=fault is ProxyFault.KILL_BEFORE)
        else:
            self._forward(body, fault)

    do_POST = do_PUT = do_PATCH = do_DELETE = do_GET  # noqa: N815 -- the standard library's names

    def _forward(self, body: bytes, fault: ProxyFault) -> None:
        upstream = self.server.upstream
        connection = http.client.HTTPSConnection(
            str(upstream.hostname), upstream.port, context=self.server.trust, timeout=60
        )
        try:
            headers = {name: value for name, value in self.headers.items() if name.lower() not in HOP_BY_HOP | {"host"}}
            connection.request(self.command, self.path, body or None, headers)
            response = connection.getresponse()
            if fault in {ProxyFault.KILL_AFTER, ProxyFault.CUT_AFTER}:
                response.read()
                self._break(kill=fault is ProxyFault.KILL_AFTER)
            else:
                self._pass_on(response)
        except (OSError, http.client.HTTPException):
            self.close_connection = True
        finally:
            connection.close()

    def _pass_on(self, response: http.client.HTTPResponse) -> None:
        self.send_response(response.status)
        for name, value in response.getheaders():
            if name.lower() not in HOP_BY_HOP:
                self.send_header(name, value)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for chunk in _pieces(response):
            self.wfile.write(b"%x\r\n%s\r\n" % (len(chunk), chunk))
            self.wfile.flush()
        self.wfile.write(b"0\r\n\r\n")

    def _answer(self, status: int, reason: str) -> None:
        document = {"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": reason, "code": status}
        body = json.dumps(document | {"message": f"the proxy says {reason}"}).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _break(self, *, kill: bool) -> None:
        if kill:
            self.server.kill()
        self.close_connection = True

    def log_message(self, *_: Any) -> None:
        """Nothing is logged."""


def _pieces(response: http.client.HTTPResponse) -> Iterator[bytes]:
    """What has arrived, at once."""
    while chunk := response.read1(65536):
        yield chunk
