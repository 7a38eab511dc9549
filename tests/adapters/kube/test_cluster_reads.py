"""Reads and writes against the real API server, kubelet and controller.

Left out: a cluster without Argo's CRDs (`test_read.py` has the bytes that it answers).
"""

import secrets
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from cutover.adapters.kube import evidence, read
from cutover.adapters.kube.access_review import review_access
from cutover.adapters.kube.evidence import ProbeAnswer
from cutover.adapters.kube.http_messages import ConnectionLost
from cutover.adapters.kube.snapshot import read_all_fresh, read_snapshot
from cutover.adapters.kube.write import JSON_PATCH, send
from cutover.core.base.cluster_text import ClusterText
from cutover.core.base.errors import RefusedError
from cutover.core.base.resources import Resource
from cutover.core.base.secret_text import SecretText
from cutover.core.base.target import Target
from cutover.core.checks.required_rights import Right
from cutover.core.objects.config_object import ConfigRead
from cutover.core.objects.read_results import NotFound, ReadFailed
from cutover.core.objects.rollout import RolloutView
from cutover.core.writes.write import Accepted, Refused, Write, WriteName
from tests.adapters.kube.shop import PLANTED, Shop, opened
from tests.cluster.bed import Bed
from tests.quotations import unmasked

pytestmark = pytest.mark.cluster


@pytest.fixture(scope="module")
def shop(bed: Bed, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    with opened(bed, f"edge-reads-{secrets.token_hex(4)}", tmp_path_factory.mktemp("shop")) as shop:
        yield shop


def test_a_snapshot_shows_what_is_there(shop: Shop) -> None:
    stored = read_snapshot(shop.session, shop.target, [("Secret", "planted"), ("ConfigMap", "gone")])
    stable = stored.replicaset(stored.rollout.status.stable_rs)
    assert stored.rollout.status.phase == "Healthy"
    assert not isinstance(stable, NotFound)
    assert (stable.ready, len(stored.stable_pods())) == (1, 1)
    assert stored.stable_pods()[0].ready
    assert not isinstance(stored.services, ReadFailed)
    assert [service.meta.name for service in stored.services] == ["payments"]
    assert stored.configs["ConfigMap", "gone"] == NotFound("configmap/gone")


def test_a_secret_is_read_sealed(shop: Shop) -> None:
    stored = read.config(shop.session, shop.namespace, "Secret", "planted")
    assert isinstance(stored, ConfigRead)
    assert stored.values == {"url": SecretText(PLANTED)}
    assert "planted-pass" not in repr(stored)


def test_a_look_has_every_kind(shop: Shop) -> None:
    stored = read_all_fresh(shop.session, shop.target)
    assert not isinstance(stored, ReadFailed)
    assert {listed.kind: len(listed.views) for listed in stored} == {
        Resource.ROLLOUT: 1,
        Resource.REPLICASET: 1,
        Resource.POD: 1,
        Resource.ENDPOINTSLICE: 1,
        Resource.ANALYSISRUN: 0,
    }


def test_what_does_not_exist_is_said_apart(shop: Shop) -> None:
    with pytest.raises(RefusedError, match=r"there is no Rollout 'orders'.*\n.*there are: payments"):
        read_snapshot(shop.session, Target("orders", shop.namespace))
    with pytest.raises(RefusedError, match="the namespace 'no-such-namespace' does not exist"):
        read_snapshot(shop.session, Target("payments", "no-such-namespace"))


def test_a_right_that_is_missing_is_named(shop: Shop) -> None:
    session = shop.person("reader", "get rollouts.argoproj.io", "list replicasets")
    with pytest.raises(RefusedError, match="the right to list pods in namespace"):
        read_snapshot(session, shop.target)
    stored = read.config(session, shop.namespace, "Secret", "planted")
    assert isinstance(stored, ReadFailed)
    assert stored.reason == f"the right to get secrets planted in namespace {shop.namespace} is missing"
    assert send(session, _write(shop, _test("/kind", "Rollout"))).__class__ is Refused


def test_the_application_answers_its_probe_and_its_log_and_events_are_there(shop: Shop) -> None:
    (pod,) = read_snapshot(shop.session, shop.target).stable_pods()
    answer = evidence.readyz(shop.session, shop.namespace, pod.meta.name, 8080, "/readyz")
    assert isinstance(answer, ProbeAnswer)
    assert answer.status == 200
    log = evidence.logs(shop.session, shop.namespace, pod.meta.name, "app", tail_lines=1)
    assert isinstance(log, ClusterText)
    events = evidence.events(shop.session, shop.namespace, pod.meta.uid)
    assert not isinstance(events, ReadFailed)
    assert "Scheduled" in {event.reason for event in events}


def test_evidence_that_cannot_be_had_says_why(shop: Shop) -> None:
    (pod,) = read_snapshot(shop.session, shop.target).stable_pods()
    previous = evidence.logs(shop.session, shop.namespace, pod.meta.name, "app", previous=True)
    assert isinstance(previous, ReadFailed)
    assert "previous terminated container" in unmasked(previous.reason)
    closed = evidence.readyz(shop.session, shop.namespace, pod.meta.name, 9, "/readyz")
    assert isinstance(closed, ReadFailed)
    assert "connection refused" in unmasked(closed.reason)
    assert isinstance(evidence.readyz(shop.session, shop.namespace, "gone", 8080, "/readyz"), ReadFailed)


def _test(path: str, value: Any) -> dict[str, Any]:
    return {"op": "test", "path": path, "value": value}


def _write(shop: Shop, *operations: dict[str, Any], proof: bool = False) -> Write:
    return Write(WriteName.CUTOVER, "write", shop.target, operations, lambda _: proof)


def test_a_write_is_stored_under_our_name_and_a_dry_run_is_not(shop: Shop) -> None:
    deadline = {"op": "add", "path": "/spec/progressDeadlineSeconds", "value": 701}
    dry = send(shop.session, replace(_write(shop, deadline), dry_run=True))
    assert isinstance(dry, Accepted)
    assert isinstance(dry.stored, RolloutView)
    assert dry.stored.progress_deadline_seconds == 701
    assert "progressDeadlineSeconds" not in shop.rollout()["spec"]
    answer = send(shop.session, _write(shop, deadline))
    assert isinstance(answer, Accepted)
    assert isinstance(answer.stored, RolloutView)
    assert shop.rollout()["spec"]["progressDeadlineSeconds"] == 701
    assert "cutover" in {manager.name for manager in answer.stored.meta.managers}


@pytest.mark.parametrize("subresource", ["", "status"])
@pytest.mark.parametrize(
    "path", ["/metadata/uid", "/spec/template", "/spec/strategy", "/status/stableRS", "/status/currentPodHash"]
)
def test_the_guard_that_the_api_server_refused_is_named(shop: Shop, subresource: str, path: str) -> None:
    answer = send(shop.session, replace(_write(shop, _test(path, "other")), subresource=subresource))
    assert isinstance(answer, Refused)
    assert (answer.status, answer.reason) == (422, f"the guard {path} does not hold")
    assert isinstance(answer.stored, RolloutView)


def test_an_absent_field_equals_null_for_the_api_server_and_for_us(shop: Shop) -> None:
    assert isinstance(send(shop.session, _write(shop, _test("/status/pauseConditions", None))), Accepted)
    refused = send(shop.session, _write(shop, _test("/status/pauseConditions", [])))
    assert isinstance(refused, Refused)
    assert refused.reason == "the guard /status/pauseConditions does not hold"


def test_a_validation_error_names_the_path_and_shows_no_value(shop: Shop) -> None:
    """The API server's own message quotes the value, as this shows, so it is never passed on."""
    operation = {"op": "replace", "path": "/spec/replicas", "value": PLANTED}
    path = f"/apis/argoproj.io/v1alpha1/namespaces/{shop.namespace}/rollouts/payments"
    raw = shop.session.request("PATCH", path, body=[operation], content_type=JSON_PATCH)
    assert b"planted-pass" in raw.body
    answer = send(shop.session, _write(shop, operation))
    assert isinstance(answer, Refused)
    assert answer.reason == "Invalid: spec.replicas"
    assert "planted-pass" not in repr(answer)


def test_a_rollout_that_is_gone_is_refused(shop: Shop) -> None:
    gone = replace(_write(shop, _test("/kind", "Rollout")), target=Target("gone", shop.namespace))
    answer = send(shop.session, gone)
    assert isinstance(answer, Refused)
    assert (answer.status, answer.stored) == (404, NotFound("rollout/gone"))


def test_the_api_server_gives_a_write_up_when_it_is_told_to(shop: Shop) -> None:
    """What `SERVER_TIMEOUT` relies on; whether the write was stored by then is open, so the answer is no refusal."""
    path = f"/apis/argoproj.io/v1alpha1/namespaces/{shop.namespace}/rollouts/payments"
    try:
        response = shop.session.request(
            "PATCH", path, query=(("timeout", "1ms"),), body=[_test("/kind", "Rollout")], content_type=JSON_PATCH
        )
    except ConnectionLost:
        return
    assert response.status == 504


def test_rights_are_what_the_role_says(shop: Shop) -> None:
    session = shop.person("patcher", "patch rollouts.argoproj.io", "get pods/proxy")
    wanted = {
        Right("patch", Resource.ROLLOUT, "", "payments", "a test"): True,
        Right("patch", Resource.ROLLOUT, "status", "payments", "a test"): False,
        Right("get", Resource.POD, "proxy", "any", "a test"): True,
        Right("get", Resource.SECRET, "", "planted", "a test"): False,
        Right("list", Resource.REPLICASET, "", "", "a test"): False,
        Right("list", Resource.ENDPOINTSLICE, "", "", "a test"): False,
    }
    assert review_access(session, shop.namespace, wanted) == wanted
    assert set(review_access(shop.session, shop.namespace, wanted).values()) == {True}


@pytest.mark.parametrize("resource", [each for each in Resource if each is not Resource.NAMESPACE])
def test_the_table_of_resources_says_what_the_server_says(shop: Shop, resource: Resource) -> None:
    served = shop.session.request("GET", resource.api_root).json()
    stored = {entry["name"]: entry for entry in served["resources"]}[resource.value]
    version = f"{resource.group}/{resource.version}" if resource.group else resource.version
    assert (served["groupVersion"], stored["kind"], stored["namespaced"]) == (version, resource.kind, True)
