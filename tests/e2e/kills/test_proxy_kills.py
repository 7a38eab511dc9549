"""That the proxy kills when it is told to, and streams: a process that does nothing is the victim."""

import http.client
import json
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.cluster import manifests
from tests.e2e.arena import Arena
from tests.e2e.kills.proxy import Proxy, ProxyFault
from tests.e2e.kills.test_proxy import create

pytestmark = pytest.mark.cluster


@pytest.mark.parametrize(("fault", "made"), [(ProxyFault.KILL_BEFORE, []), (ProxyFault.KILL_AFTER, ["second"])])
def test_it_kills_before_or_after_the_server_did_the_write(arena: Arena, fault: ProxyFault, made: list[str]) -> None:
    arena.apply(manifests.namespace(arena.namespace))
    with Proxy(arena.bed) as proxy, victim() as process:
        proxy.pid = process.pid
        proxy.kills(2, fault)
        assert create(proxy, arena.namespace, "first") == 201
        assert process.poll() is None, "not before its time"
        assert create(proxy, arena.namespace, "second") == 0
        assert process.wait(5) == -signal.SIGKILL
    secrets = arena.get(f"/api/v1/namespaces/{arena.namespace}/secrets")["items"]
    assert [secret["metadata"]["name"] for secret in secrets] == ["first", *made]


@contextmanager
def victim() -> Iterator["subprocess.Popen[bytes]"]:
    process = subprocess.Popen(["sleep", "60"], start_new_session=True)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def test_what_a_watch_tells_comes_through_at_once(arena: Arena) -> None:
    arena.apply(manifests.namespace(arena.namespace))
    with Proxy(arena.bed) as proxy:
        connection = http.client.HTTPConnection("127.0.0.1", proxy.server_port, timeout=20)
        token = proxy.config["users"][0]["user"]["token"]
        path = f"/api/v1/namespaces/{arena.namespace}/secrets?watch=true&timeoutSeconds=15"
        connection.request("GET", path, headers={"Authorization": f"Bearer {token}"})
        response = connection.getresponse()
        arena.secret("one", key="x")
        began = time.monotonic()
        event = json.loads(response.readline())
        assert time.monotonic() - began < 5, "long before the watch ends"
        connection.close()
    assert (event["type"], event["object"]["metadata"]["name"]) == ("ADDED", "one")
