"""The HTTP server: `/` for users, /readyz and /healthz for the kubelet, /metrics for Prometheus."""

import json
import signal
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import FrameType
from typing import Final

from . import faults, settings
from .codes import DependencyError
from .database import DatabasePool
from .log import last_words, say
from .metrics import Metrics
from .readiness import Prober
from .settings import Settings, UnusableError

ANSWER_WITHIN: Final = 1.6  # below the two seconds that a user waits


class PaymentsApplication:
    """What the handlers share."""

    def __init__(self, given: Settings) -> None:
        self.given = given
        self.database = DatabasePool(given.database_url)
        self.fault = faults.arm(given, self.database)
        expected = self.fault.expected(given.expected_identity)
        self.prober = Prober(self.database, expected, given.issuer, self.fault)
        self.metrics = Metrics(given.pod_hash, given.namespace)

    def answer(self) -> tuple[int, dict[str, object]]:
        """What a user gets: who served, and which database answered."""
        self.fault.delay()
        body: dict[str, object] = {"pod": self.given.pod, "hash": self.given.pod_hash, "feature": self.given.feature}
        status = self.fault.status()
        try:
            identity = self.database.identity(ANSWER_WITHIN)
        except DependencyError as error:
            return max(status, 503), body | {"error": error.code}
        return status, body | ({"database": identity} if status == 200 else {"error": self.fault.kind})


class PaymentsServer(ThreadingHTTPServer):
    """One thread per connection; a burst waits in the kernel's queue, not at a closed door."""

    request_queue_size = 256
    daemon_threads = False

    def __init__(self, application: PaymentsApplication) -> None:
        self.application = application
        super().__init__(application.given.listen, Handler)


class Handler(BaseHTTPRequestHandler):
    """One request per connection (HTTP/1.0)."""

    server: PaymentsServer
    timeout = 5

    def do_GET(self) -> None:
        application = self.server.application
        match self.path.partition("?")[0]:
            case "/":
                self._serve_user(application)
            case "/readyz":
                readiness = application.prober.look()
                self._json(200 if readiness.ready else 503, readiness.document())
            case "/healthz":
                self._json(200, {"alive": True})
            case "/metrics":
                self._send(200, "text/plain; version=0.0.4", application.metrics.text())
            case _:
                self._json(404, {"error": "not_found"})

    def _serve_user(self, application: PaymentsApplication) -> None:
        start = time.monotonic()
        status, body = application.answer()
        application.metrics.count(status, time.monotonic() - start)
        self._json(status, body)

    def _json(self, status: int, body: dict[str, object]) -> None:
        self._send(status, "application/json", json.dumps(body) + "\n")

    def _send(self, status: int, kind: str, text: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(text.encode())))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_: object) -> None:
        """Requests are counted in /metrics, not logged."""


def run() -> None:
    """Serve until SIGTERM, then drain."""
    try:
        given = settings.read()
        server = PaymentsServer(PaymentsApplication(given))
    except UnusableError as error:
        last_words(str(error))
        sys.exit(3)
    _drain_on_sigterm(server)
    say("serving", pod=given.pod, hash=given.pod_hash, target=server.application.database.target)
    server.serve_forever(poll_interval=0.1)
    server.server_close()  # waits for the answers under way
    say("ended")


def _drain_on_sigterm(server: PaymentsServer) -> None:
    """Serve on after SIGTERM: kube-proxy needs a moment to stop sending. Who never was ready gets no requests."""

    def begin(_signal: int, _frame: FrameType | None) -> None:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        application = server.application
        seconds = application.given.drain_seconds if application.prober.was_ready else 0.0
        threading.Timer(seconds, server.shutdown).start()

    signal.signal(signal.SIGTERM, begin)
