"""The bed itself: what runs on it is reachable, nothing leaves the machine, and `down` leaves nothing behind."""

import json
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cluster import kernel, names, packages
from tests.cluster.bed import Bed
from tests.cluster.errors import BedError, MissingError
from tests.cluster.place import BedPlace
from tests.cluster.progress import wait_for
from tests.cluster.shell import inside, run
from tests.cluster.up import bring_up

CONTAINER: dict[str, Any] = {
    "name": "app",
    "imagePullPolicy": "Never",
    "ports": [{"name": "http", "containerPort": 8080}],
    "readinessProbe": {"httpGet": {"path": "/healthz", "port": "http"}, "periodSeconds": 1},
}
LABELS = {"app": "guest", "rollouts-pod-template-hash": "abc"}


@pytest.fixture(scope="module")
def bed() -> Bed:
    return Bed.up()


@pytest.fixture(scope="module")
def guest(bed: Bed) -> Iterator[str]:
    """A running pod, in a namespace of its own."""
    namespace = f"bed-{os.getpid()}"
    _create(bed, "/api/v1/namespaces", {"metadata": {"name": namespace}})
    run_pod(bed, namespace)
    yield f"/api/v1/namespaces/{namespace}/pods/guest"
    bed.api.open(f"/api/v1/namespaces/{namespace}", method="DELETE").close()


@pytest.mark.cluster
def test_each_database_says_who_it_is(bed: Bed) -> None:
    assert bed.databases.a.query("SELECT name FROM identity") == "db-a"
    assert bed.databases.b.query("SELECT name FROM identity") == "db-b"
    assert bed.databases.b.administer("SELECT current_user") == "postgres"


@pytest.mark.cluster
def test_a_database_refuses_the_other_ones_password(bed: Bed) -> None:
    with pytest.raises(BedError, match="password authentication failed"):
        type(bed.databases.a)(bed.databases.a.host, bed.databases.b.password).query("SELECT 1")


@pytest.mark.cluster
def test_dead_addresses_refuse_or_swallow(bed: Bed) -> None:
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((bed.databases.refused.host, bed.databases.refused.port), timeout=2)
    with pytest.raises(TimeoutError):
        socket.create_connection((bed.databases.blackhole.host, bed.databases.blackhole.port), timeout=0.5)


@pytest.mark.cluster
def test_a_pod_is_reachable_from_the_host_and_through_the_api_server(bed: Bed, guest: str) -> None:
    address = bed.api.get(guest)["status"]["podIP"]
    socket.create_connection((address, 8080), timeout=2).close()
    with bed.api.open(f"{guest}:8080/proxy/healthz") as answer:
        assert answer.status == 200


@pytest.mark.cluster
def test_prometheus_scrapes_a_ready_pod(bed: Bed, guest: str) -> None:
    name = guest.split("/")[4]
    wait_for("the pod is scraped", lambda: bool(bed.measure(f'up{{namespace="{name}"}} == 1')), 10, pause=0.2)
    labels = bed.measure(f'up{{namespace="{name}"}}')[0]["metric"]
    assert (labels["app"], labels["pod"], labels["pod_template_hash"]) == ("guest", "guest", "abc")


@pytest.mark.cluster
def test_a_pod_asks_the_beds_own_name_server_and_learns_at_once(bed: Bed, guest: str) -> None:
    code = "import socket; socket.getaddrinfo('nowhere.example.org', 80)"
    started = time.monotonic()
    done = _kubectl(bed, "exec", "--namespace", guest.split("/")[4], "guest", "--", "/usr/bin/python3", "-c", code)
    assert "Name or service not known" in done.stderr
    assert time.monotonic() - started < 3


@pytest.mark.cluster
def test_the_node_has_no_way_out(bed: Bed) -> None:
    node = inside(bed.place.netns)
    assert "default" not in run([*node, "ip", "-4", "route"])
    done = subprocess.run([*node, "ip", "route", "get", "203.0.113.1"], capture_output=True, text=True, check=False)
    assert "unreachable" in done.stderr


@pytest.mark.cluster
def test_an_address_the_bed_does_not_serve_never_takes_the_default_route(bed: Bed) -> None:
    """Through the cable while it is there, into the blackhole when it is not."""
    [service] = json.loads(run(["ip", "-json", "route", "get", bed.ranges.services.replace("0.0/18", "63.254")]))
    assert service["dev"] == bed.place.link
    [last] = json.loads(run(["ip", "-json", "route", "show", "type", "blackhole", bed.ranges.all]))
    assert last["metric"] == 2**32 - 1


@pytest.mark.cluster
def test_writes_are_audited_by_user(bed: Bed) -> None:
    name = f"audited-{os.getpid()}"
    _create(bed, "/api/v1/namespaces", {"metadata": {"name": name}})
    bed.api.open(f"/api/v1/namespaces/{name}", method="DELETE").close()
    entries = [json.loads(line) for line in bed.audit_log.read_text().splitlines() if f'"{name}"' in line]
    assert [entry["verb"] for entry in entries if entry["user"]["username"] == "admin"] == ["create", "delete"]


@pytest.mark.cluster
def test_up_on_a_running_bed_returns_at_once(bed: Bed) -> None:
    pids = {component.name: component.pid for component in bed.components()}
    started = time.monotonic()
    assert Bed.up() == bed
    assert time.monotonic() - started < 3
    now = {component.name: component.pid for component in bed.components()}
    assert pids.items() <= now.items()  # a Keycloak may have come meanwhile


@pytest.mark.cluster
@pytest.mark.alone
def test_a_component_is_held_and_restarted(bed: Bed) -> None:
    controller = bed.component("rollouts-controller")
    assert Path(f"/proc/{controller.pid}/exe").resolve() == bed.binaries / "rollouts-controller"
    before = controller.pid
    controller.stop_signal()
    controller.restart()
    assert controller.running
    assert controller.pid != before


@pytest.mark.cluster
@pytest.mark.alone
def test_up_wakes_what_a_killed_test_left_stopped(bed: Bed) -> None:
    bed.component("rollouts-controller").stop_signal()
    bed.component("prometheus").stop()
    Bed.up()
    status = Path(f"/proc/{bed.component('rollouts-controller').pid}/status").read_text()
    assert "State:\tT" not in status
    assert bed.component("prometheus").running


def test_a_question_is_answered_with_no_such_name() -> None:
    question = b"\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x01\x01a\x02bc\x00\x00\x01\x00\x01EXTRA"
    answer = names.answer(question)
    assert answer == b"\x12\x34\x81\x83\x00\x01\x00\x00\x00\x00\x00\x00\x01a\x02bc\x00\x00\x01\x00\x01"


def test_without_root_nothing_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    with pytest.raises(MissingError, match="needs root") as raised:
        bring_up(BedPlace.named("nobody"))
    assert raised.value.exit_code == 3


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(packages.PROGRAMS, "sensible-name", "no-such-program")
    with pytest.raises(MissingError, match=r"not installed: sensible-name\. Run `make packages`"):
        packages.require()


@pytest.mark.parametrize("before", [None, "#!/bin/sh\nexit 104\n"])
def test_an_installation_starts_no_service(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, before: str | None) -> None:
    policy, seen = tmp_path / "policy-rc.d", list[str]()
    if before:
        policy.write_text(before)
    monkeypatch.setattr(packages, "POLICY", policy)
    monkeypatch.setattr(packages, "PROGRAMS", {"sensible-name": "no-such-program"})
    monkeypatch.setattr(packages, "_apt", lambda *_: seen.append(policy.read_text()))
    packages.install()
    assert [text.splitlines()[-1] for text in seen] == ["exit 101", "exit 101"]
    assert (policy.read_text() if policy.exists() else None) == before


def test_kernel_settings_are_put_back_by_the_bed_that_found_them(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(kernel, "SETTINGS", tmp_path)
    monkeypatch.setattr("tests.cluster.place.STATES", tmp_path)
    setting = tmp_path / "kernel" / "panic"
    for folder in (setting.parent, BedPlace("first").state, BedPlace("second").state):
        folder.mkdir()
    setting.write_text("1\n")
    kernel.remember(BedPlace("first"))
    setting.write_text("10\n")  # the first bed's kubelet
    kernel.remember(BedPlace("second"))
    kernel.restore(BedPlace("second"))
    assert setting.read_text() == "10\n"
    kernel.restore(BedPlace("first"))
    assert setting.read_text() == "1"


def run_pod(bed: Bed, namespace: str) -> None:
    pods = f"/api/v1/namespaces/{namespace}/pods"
    wait_for("the namespace is ready", lambda: _has_account(bed, namespace), 10)
    environment = [{"name": "DATABASE_URL", "value": bed.databases.a.url()}]
    containers = [{**CONTAINER, "image": bed.image, "env": environment}]
    metadata = {"name": "guest", "labels": LABELS}
    _create(bed, pods, {"metadata": metadata, "spec": {"containers": containers, "terminationGracePeriodSeconds": 0}})
    wait_for("the pod is ready", lambda: _ready(bed, f"{pods}/guest"), 30)


def _ready(bed: Bed, pod: str) -> bool:
    conditions = bed.api.get(pod)["status"].get("conditions", [])
    return any(condition["type"] == "Ready" and condition["status"] == "True" for condition in conditions)


def _has_account(bed: Bed, namespace: str) -> bool:
    return bed.api.get_or_none(f"/api/v1/namespaces/{namespace}/serviceaccounts/default") is not None


def _create(bed: Bed, path: str, document: dict[str, Any]) -> None:
    bed.api.open(path, method="POST", body=json.dumps(document).encode()).close()


def _kubectl(bed: Bed, *words: str) -> subprocess.CompletedProcess[str]:
    argv = [str(bed.kubectl), f"--kubeconfig={bed.kubeconfig}", *words]
    return subprocess.run(argv, capture_output=True, text=True, check=False, timeout=20)
