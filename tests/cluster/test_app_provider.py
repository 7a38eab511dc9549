"""The sample application asks its identity provider who it is, if it was given one; each failure has its own code."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.cluster.app.fixtures import Start, database, root, start
from tests.cluster.app.server import free_port

pytestmark = pytest.mark.sampled(3)  # these prove the test bed's own parts

__all__ = ["database", "root", "start"]


class Discovery(BaseHTTPRequestHandler):
    """Realms of a provider: `shop` is whole, `renamed` says that it is another, `slow` goes on for ever."""

    def do_GET(self) -> None:
        realm = self.path.removesuffix("/.well-known/openid-configuration").removeprefix("/realms/")
        issuer = f"http://{self.headers['Host']}/realms/{'shop' if realm == 'renamed' else realm}"
        self.send_response(404 if realm == "nowhere" else 200)
        self.end_headers()
        if realm == "slow":
            self._dribble()
        self.wfile.write(b"[]" if realm == "strange" else json.dumps({"issuer": issuer}).encode())

    def _dribble(self) -> None:
        """One byte at a time: no single read takes too long."""
        for _ in range(20):
            self.wfile.write(b" ")
            time.sleep(0.1)

    def log_message(self, *_: object) -> None:
        """A test's output is no place for it."""


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Discovery) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        yield f"127.0.0.1:{server.server_port}"
        server.shutdown()


def test_ready_means_that_the_provider_answers_too(start: Start, provider: str) -> None:
    issuer = f"http://{provider}/realms/shop"
    with start(OIDC_ISSUER=issuer) as app:
        reply = app.get("/readyz")
    assert (reply.status, [check["name"] for check in reply.body["checks"]]) == (200, ["db", "oidc"])
    assert reply.body["checks"][1] == {"name": "oidc", "ok": True, "code": "ok", "target": issuer}


WAYS_TO_MISS = {
    "http_404": "http://{good}/realms/nowhere",
    "wrong_issuer": "http://{good}/realms/renamed",
    "refused": "http://127.0.0.1:{free}/realms/shop",
    "timeout": "http://127.0.0.1:{silent}/realms/shop",
    "timeout, byte by byte": "http://{good}/realms/slow",
    "unknown_host": "http://sso.invalid/realms/shop",
    "error": "no address at all",
    "error, no document": "http://{good}/realms/strange",
}


@pytest.mark.parametrize("way", WAYS_TO_MISS)
def test_each_way_to_miss_the_provider_has_its_own_code(start: Start, provider: str, way: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        places = {"good": provider, "free": free_port(), "silent": silent.getsockname()[1]}
        with start(OIDC_ISSUER=WAYS_TO_MISS[way].format(**places)) as app:
            began = time.monotonic()
            probe = app.get("/readyz")
            assert time.monotonic() - began < 1.0, "the kubelet would not have waited"
            assert app.get().status == 200
            assert f'"check": "oidc", "ok": false, "code": "{way.partition(",")[0]}"' in app.log
    checks = [(check["name"], check["code"]) for check in probe.body["checks"]]
    assert (probe.status, checks) == (503, [("db", "ok"), ("oidc", way.partition(",")[0])])


def test_both_are_asked_at_once(start: Start) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"127.0.0.1:{silent.getsockname()[1]}"
        dead = {"DATABASE_URL": f"postgresql://someone@{address}/payments", "OIDC_ISSUER": f"http://{address}/realms/a"}
        with start(**dead) as app:
            began = time.monotonic()
            probe = app.get("/readyz")
            assert time.monotonic() - began < 1.0, "the kubelet would not have waited"
    assert [check["code"] for check in probe.body["checks"]] == ["timeout", "timeout"]
