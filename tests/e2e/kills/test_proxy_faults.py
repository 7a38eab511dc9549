"""The proxy's faults besides a kill: a black hole that can be switched off, and answers in the server's place."""

import http.client
import json
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event

import pytest

from tests.cluster import manifests
from tests.e2e.arena import Arena
from tests.e2e.kills.proxy import ProxiedRequest, Proxy, ProxyFault

pytestmark = pytest.mark.cluster


@contextmanager
def asking(proxy: Proxy, verb: str, path: str, body: bytes = b"") -> Iterator[http.client.HTTPConnection]:
    """A request under way, with the bed's own token."""
    connection = http.client.HTTPConnection("127.0.0.1", proxy.server_port, timeout=30)
    token = proxy.config["users"][0]["user"]["token"]
    connection.request(verb, path, body, {"Authorization": f"Bearer {token}", "Content-Type": "application/json"})
    try:
        yield connection
    finally:
        connection.close()


def place(arena: Arena) -> str:
    return f"/api/v1/namespaces/{arena.namespace}/secrets"


def secret(arena: Arena, name: str) -> bytes:
    return json.dumps(manifests.secret(arena.namespace, name, key="x")).encode()


def names(arena: Arena) -> list[str]:
    return [item["metadata"]["name"] for item in arena.get(place(arena))["items"]]


def test_a_hook_that_waits_swallows_requests_until_it_is_switched_off(arena: Arena) -> None:
    """What was accepted and not answered reaches the API server only when the switch is off again."""
    arena.apply(manifests.namespace(arena.namespace))
    over = Event()

    def swallow(_: ProxiedRequest) -> ProxyFault:
        over.wait(30)
        return ProxyFault.NONE

    with Proxy(arena.bed) as proxy:
        proxy.hook = swallow
        with asking(proxy, "POST", place(arena), secret(arena, "late")) as connection:
            assert connection.sock is not None
            connection.sock.settimeout(1)
            with pytest.raises(TimeoutError):
                connection.sock.recv(1)
            assert names(arena) == []
            over.set()
            connection.sock.settimeout(30)
            assert connection.getresponse().status == 201
    assert names(arena) == ["late"]


@pytest.mark.parametrize("status", [401, 403, 500])
def test_an_answer_in_the_servers_place_is_for_what_it_was_meant_for_alone(arena: Arena, status: int) -> None:
    arena.apply(manifests.namespace(arena.namespace))
    with Proxy(arena.bed) as proxy:
        proxy.hook = lambda asked: (status, "Whatever") if asked.verb == "DELETE" else ProxyFault.NONE
        with asking(proxy, "POST", place(arena), secret(arena, "kept")) as writing:
            assert writing.getresponse().status == 201
        with asking(proxy, "DELETE", f"{place(arena)}/kept") as deleting:
            answer = deleting.getresponse()
            assert (answer.status, json.loads(answer.read())["code"]) == (status, status)
    assert names(arena) == ["kept"]
