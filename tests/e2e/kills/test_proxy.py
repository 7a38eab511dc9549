"""The proxy itself: what it counts, and that it does what it is told."""

import http.client
import json
from typing import Any

import pytest

from tests.cluster import manifests
from tests.e2e.arena import Arena
from tests.e2e.kills.proxy import ProxiedRequest, Proxy, ProxyFault

pytestmark = pytest.mark.cluster


def test_a_run_goes_through_it_and_its_writes_are_counted(arena: Arena) -> None:
    arena.deploy(replicas=1, sidecar=False, steps=[{"setWeight": 50}, {"pause": {"duration": "1s"}}])
    with Proxy(arena.bed) as proxy:
        plan = arena.plan('{name: FEATURE_X, value: "on", container: app}')
        outcome = arena.cutover("apply", plan, "-o", "json", "--kubeconfig", proxy.kubeconfig(arena.folder))
    assert outcome.code == 0, outcome.told()
    places = [(asked.verb, asked.path.rpartition("/")[2]) for asked in proxy.writes]
    assert places == [
        ("POST", "leases"),
        ("PATCH", "payments"),
        ("PATCH", "payments"),
        ("DELETE", "cutover-payments"),
    ]


def test_it_answers_in_the_servers_place_and_cuts(arena: Arena) -> None:
    arena.apply(manifests.namespace(arena.namespace))
    with Proxy(arena.bed) as proxy:
        faults: list[Any] = [(403, "Forbidden"), ProxyFault.CUT_BEFORE, ProxyFault.CUT_AFTER]
        proxy.hook = lambda asked: faults[asked.number - 1] if asked.number in {1, 2, 3} else ProxyFault.NONE
        statuses = [create(proxy, arena.namespace, f"number-{number}") for number in (1, 2, 3)]
    assert statuses == [403, 0, 0]
    secrets = arena.get(f"/api/v1/namespaces/{arena.namespace}/secrets")["items"]
    assert [secret["metadata"]["name"] for secret in secrets] == ["number-3"]


def create(proxy: Proxy, namespace: str, name: str) -> int:
    """The status with which a Secret was made by way of the proxy; 0 where there was no answer."""
    connection = http.client.HTTPConnection("127.0.0.1", proxy.server_port, timeout=10)
    headers = {
        "Authorization": f"Bearer {proxy.config['users'][0]['user']['token']}",
        "Content-Type": "application/json",
    }
    try:
        body = json.dumps(manifests.secret(namespace, name, key="x"))
        connection.request("POST", f"/api/v1/namespaces/{namespace}/secrets", body, headers)
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()


def test_dry_runs_questions_and_renewals_are_not_counted(arena: Arena) -> None:
    with Proxy(arena.bed) as proxy:
        renewal = json.dumps([{"op": "test", "path": "/a", "value": 1}, {"op": "add", "path": "/spec/renewTime"}])
        asked: list[ProxiedRequest] = [
            proxy.asked("GET", "/api", b""),
            proxy.asked("PATCH", "/api?dryRun=All", b"[]"),
            proxy.asked("POST", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", b"{}"),
            proxy.asked("PATCH", "/namespaces/n/leases/l", renewal.encode()),
            proxy.asked("PATCH", "/namespaces/n/leases/l", b'[{"op": "add", "path": "/spec"}]'),
        ]
    assert [found.number for found in asked] == [0, 0, 0, 0, 1]
