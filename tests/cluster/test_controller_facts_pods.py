"""What the real API server and kubelet do with what stands beside the Rollout."""

import json
import subprocess
from typing import Any

import pytest

from tests.cluster import facts, manifests
from tests.cluster import facts_seen as seen
from tests.cluster.manifests import LABELS, Manifest
from tests.e2e.arena import Arena

pytestmark = pytest.mark.cluster

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
