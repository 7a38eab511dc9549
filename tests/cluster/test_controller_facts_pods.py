"""What the real API server and kubelet do with what stands beside the Rollout."""

import json
import subprocess
import time
from typing import Any

import pytest

from cutover.core.objects.pod import pod_view
from tests.cluster import facts, manifests
from tests.cluster import facts_seen as seen
from tests.cluster.manifests import LABELS, Manifest
from tests.e2e.arena import Arena

pytestmark = [pytest.mark.cluster, pytest.mark.sampled(2)]

DSN = "postgresql://payments:made-up-{}@nowhere/payments"


def test_a_scout_is_ready_to_nobody(arena: Arena) -> None:
    """Row "Bare pod with the app's label", with a readiness gate nobody sets: tested, and no user ever meets it."""
    scout = _run_scout(arena)
    assert "ownerReferences" not in scout["metadata"]
    assert seen.condition(scout["status"], "ContainersReady")["status"] == "True"
    assert seen.condition(scout["status"], "Ready")["status"] == "False"
    arena.wait(lambda: "scout" in seen.endpoints(arena), "the Service knows of it")
    assert seen.endpoints(arena) == {"scout": False}


def test_a_scout_answers_through_the_api_server(arena: Arena) -> None:
    """Row "Bare pod with the app's label": `GET …/pods/scout:8080/proxy/readyz` returns the body."""
    _run_scout(arena)
    body = arena.get(f"/api/v1/namespaces/{arena.namespace}/pods/scout:8080/proxy/readyz")
    assert body["ready"] is True
    assert body["identity"] == arena.bed.databases.a.identity


def test_a_plain_diff_prints_the_credentials(arena: Arena) -> None:
    """Row "`kubectl diff` of a changed DSN": both connection strings, credentials included."""
    facts.deploy_idle(arena, env={"DATABASE_URL": DSN.format("old")})
    wanted = manifests.rollout(
        arena.namespace, arena.bed.image, replicas=0, sidecar=False, env={"DATABASE_URL": DSN.format("new")}
    )
    told = _diff(arena, wanted)
    assert "made-up-old@" in told
    assert "made-up-new@" in told


def test_a_pod_itself_tells_that_it_was_ready_once(arena: Arena) -> None:
    """Not in the table: the moment of `Ready: False` is the pod's start, unless it was True in between.

    A run that is resumed leans on it. The start is slow on purpose: an init container is no readiness.
    """
    fault = {"FAULT": "ready_then_unready:3", "FAULT_WHEN_IDENTITY": "db-b"}
    arena.deploy(init_seconds=5, replicas=1, sidecar=False, env=fault, strategy={"maxSurge": 1, "maxUnavailable": 0})
    arena.secret("candidate", url=arena.bed.databases.refused.url())
    never = _canary_on(arena, "candidate")
    arena.wait(lambda: bool(_pod(arena, never)["status"].get("containerStatuses", [{}])[0].get("started")), "it runs")
    time.sleep(3)
    assert pod_view(_pod(arena, never)).was_ready is False
    once = _canary_on(arena, "payments-db-b")
    arena.wait(lambda: pod_view(_pod(arena, once)).ready, "it is Ready")
    arena.wait(lambda: not pod_view(_pod(arena, once)).ready, "it is not Ready any more")
    assert pod_view(_pod(arena, once)).was_ready is True


def _canary_on(arena: Arena, secret: str) -> str:
    """The name of a canary pod on that database."""
    operation = {"op": "replace", "value": {"name": "DATABASE_URL", **manifests.from_secret(secret, "url")}}
    env = arena.template()["spec"]["containers"][0]["env"]
    index = next(index for index, entry in enumerate(env) if entry["name"] == "DATABASE_URL")
    before = {pod["metadata"]["name"] for pod in arena.pods()}
    patch = [operation | {"path": f"/spec/template/spec/containers/0/env/{index}"}]
    arena.kubectl("patch", "rollout", "payments", "--type=json", "-p", json.dumps(patch))
    arena.wait(lambda: bool({pod["metadata"]["name"] for pod in arena.pods()} - before), "a canary pod")
    return str(next(iter({pod["metadata"]["name"] for pod in arena.pods()} - before)))


def _pod(arena: Arena, name: str) -> Any:
    return arena.get(f"/api/v1/namespaces/{arena.namespace}/pods/{name}")


def _run_scout(arena: Arena) -> Any:
    """A pod like the application's, without the label of a revision; gives it once its container is ready."""
    facts.deploy_idle(arena)
    arena.secret("payments-db-a", url=arena.bed.databases.a.url())
    container = manifests.app_container(arena.bed.image, {"DRAIN_SECONDS": "0"}, {})
    spec = manifests.pod_spec([container]) | {"readinessGates": [{"conditionType": "cutover.dev/never"}]}
    metadata = {"name": "scout", "namespace": arena.namespace, "labels": LABELS}
    arena.apply({"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec})
    arena.wait(lambda: _containers_ready(_scout(arena)), "the scout's container is ready")
    return _scout(arena)


def _scout(arena: Arena) -> Any:
    return arena.get(f"/api/v1/namespaces/{arena.namespace}/pods/scout")


def _containers_ready(pod: Any) -> bool:
    return bool(seen.condition(pod["status"], "ContainersReady").get("status") == "True")


def _diff(arena: Arena, manifest: Manifest) -> str:
    """What `kubectl diff` prints; it exits 1 when there is a difference."""
    command = [str(arena.bed.kubectl), f"--kubeconfig={arena.bed.kubeconfig}", "diff", "-f", "-"]
    text = json.dumps(manifest)
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 1, done.stderr
    return done.stdout
