"""A real HTTP server that answers as it is told and keeps what it was asked: tests look at the wire, not at calls."""

import json
import socket
import ssl
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True, slots=True)
class SeenRequest:
    """A request as it arrived; header names are in lower case."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes = field(repr=False)


class Call:
    """One request that waits for its answer."""

    def __init__(self, handler: BaseHTTPRequestHandler) -> None:
        url = urlsplit(handler.path)
        query = {name: values[-1] for name, values in parse_qs(url.query, keep_blank_values=True).items()}
        headers: dict[str, str] = {}
        for name, value in handler.headers.items():
            headers[name.lower()] = f"{headers[name.lower()]}, {value}" if name.lower() in headers else value
        body = handler.rfile.read(int(headers.get("content-length", "0")))
        self.seen = SeenRequest(handler.command, url.path, query, headers, body)
        self._handler = handler

    def reply(self, status: int, body: Any = b"", headers: Mapping[str, str] | None = None) -> None:
        """A whole answer; a body that is not bytes is sent as JSON."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        self._head(status, {"Content-Length": str(len(content)), **(headers or {})})
        self._handler.wfile.write(content)

    def refuse(self, status: int, reason: str, message: str = "", causes: Iterable[Mapping[str, str]] = ()) -> None:
        """A `Status` document, as the API server says no."""
        self.reply(status, status_document(status, reason, message, causes))

    def begin(self) -> None:
        """The head of an answer in chunks."""
        self._head(200, {"Transfer-Encoding": "chunked"})

    def chunk(self, content: bytes) -> None:
        """One chunk, sent at once."""
        self._handler.wfile.write(b"%x\r\n%s\r\n" % (len(content), content))

    def event(self, type_: str, document: Mapping[str, Any]) -> None:
        """One watch event."""
        self.chunk(json.dumps({"type": type_, "object": document}).encode() + b"\n")

    def end(self) -> None:
        """The end of an answer in chunks."""
        self._handler.wfile.write(b"0\r\n\r\n")

    def cut(self) -> None:
        """Break the connection off, in the middle of whatever is going on."""
        self._handler.close_connection = True
        self._handler.connection.shutdown(socket.SHUT_RDWR)

    def _head(self, status: int, headers: Mapping[str, str]) -> None:
        self._handler.send_response(status)
        for name, value in headers.items():
            self._handler.send_header(name, value)
        self._handler.end_headers()


Reply = Callable[[Call], None]
"""What becomes of a request."""


class ApiServer(ThreadingHTTPServer):
    """Listens on loopback; `answer` may be replaced while it runs. `seen` holds every request, in order."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128
    """Connections that may wait; `socketserver` has five, and thirty rights are asked for at once."""

    def __init__(self, answer: Reply, tls: ssl.SSLContext | None = None) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answer = answer
        self.seen: list[SeenRequest] = []
        self.connections = 0
        self.defects: list[BaseException] = []
        self._scheme = "https" if tls else "http"
        if tls:
            self.socket = tls.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)
        Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()
        assert not self.defects, self.defects

    def __enter__(self) -> Self:
        return self

    @property
    def url(self) -> str:
        return f"{self._scheme}://127.0.0.1:{self.server_port}"

    def kubeconfig(self, folder: Path, cluster: Mapping[str, Any] | None = None, **user: Any) -> str:
        """The path of a kubeconfig with one context, `here`, that leads to this server."""
        path = folder / f"kubeconfig-{self.server_port}"
        path.write_text(json.dumps(kubeconfig("here", self.url, cluster, user)))
        return str(path)

    def handle_error(self, _request: object, _client: object) -> None:
        """Connections that a test broke off are no news."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: ApiServer
    disable_nagle_algorithm = True

    def setup(self) -> None:
        super().setup()
        self.server.connections += 1

    def _serve(self) -> None:
        call = Call(self)
        self.server.seen.append(call.seen)
        try:
            self.server.answer(call)
        except OSError:
            self.close_connection = True
        except Exception as defect:  # noqa: BLE001 -- shown when the server is closed: it is a defect of the test
            self.server.defects.append(defect)
            self.close_connection = True

    do_GET = do_POST = do_PATCH = do_DELETE = _serve  # noqa: N815 -- http.server finds them by these names

    def log_message(self, *_: object) -> None:
        """Silence."""


def kubeconfig(
    name: str, url: str, cluster: Mapping[str, Any] | None = None, user: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """A kubeconfig with one context, cluster and user of that name."""
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": name,
        "contexts": [{"name": name, "context": {"cluster": name, "user": name, "namespace": "elsewhere"}}],
        "clusters": [{"name": name, "cluster": {"server": url, **(cluster or {})}}],
        "users": [{"name": name, "user": dict(user or {})}],
    }


def status_document(
    code: int, reason: str, message: str = "", causes: Iterable[Mapping[str, str]] = ()
) -> dict[str, Any]:
    """The API server's own way of saying no."""
    details = {"causes": list(causes)}
    return {
        "kind": "Status",
        "status": "Failure",
        "code": code,
        "reason": reason,
        "message": message,
        "details": details,
    }


def rollout_document(name: str = "payments", **spec: Any) -> dict[str, Any]:
    """A Rollout as the API gives it, with as little as a test needs."""
    template = {"spec": {"containers": [{"name": "app", "env": [{"name": "DSN", "value": "old-literal-value"}]}]}}
    return {
        "kind": "Rollout",
        "metadata": {"name": name, "namespace": name, "uid": f"uid-{name}", "resourceVersion": "7"},
        "spec": {"template": template, "strategy": {"canary": {}}, **spec},
        "status": {"stableRS": "h0", "currentPodHash": "h0"},
    }


def listing(*items: Mapping[str, Any], version: str = "1") -> dict[str, Any]:
    """A list as the API gives it."""
    return {"kind": "List", "metadata": {"resourceVersion": version}, "items": list(items)}
