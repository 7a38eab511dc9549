"""What the tests of the controller's facts do: the application as small as it goes, and changes of it by hand."""

import json
import urllib.error
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, Final

from tests.cluster import facts_seen, manifests, processes
from tests.cluster.manifests import APP, Manifest
from tests.cluster.progress import wait_for
from tests.e2e.arena import Arena

JSON_PATCH: Final = "application/json-patch+json"
MERGE_PATCH: Final = "application/merge-patch+json"

# Values that make a new revision. With the bad one the application runs and is never ready.
BAD: Final = {"FAULT": "wrong_identity"}
GOOD: Final = {"FEATURE_Y": "on"}

# One canary pod, then a gate for a person.
GATE: Final[tuple[Manifest, ...]] = ({"setWeight": 25}, {"pause": {}})


@dataclass(frozen=True)
class WriteResponse:
    """What the API server said to a write."""

    code: int
    document: Any


def deploy(arena: Arena, replicas: int = 1, **options: Any) -> None:
    """The application as small as it goes: one container, no draining."""
    env = {"DRAIN_SECONDS": "0"} | options.pop("env", {})
    arena.deploy(**{"replicas": replicas, "steps": GATE, "sidecar": False, "env": env} | options)


def deploy_idle(arena: Arena, **options: Any) -> None:
    """The Rollout with no pods at all: enough where only the API server and the controller have a say."""
    create(arena, **({"replicas": 0} | options))
    facts_seen.wait_phase(arena, "Healthy")


def create(arena: Arena, **options: Any) -> None:
    """The Rollout and its Service, without the Secret that a pod would need."""
    whole: dict[str, Any] = {"replicas": 1, "steps": GATE, "sidecar": False} | options
    arena.apply(
        manifests.namespace(arena.namespace),
        manifests.service(arena.namespace),
        manifests.rollout(arena.namespace, arena.bed.image, **whole),
    )


def deploy_reference(arena: Arena) -> None:
    """A Rollout that takes its template from a Deployment without pods."""
    whole = manifests.rollout(arena.namespace, arena.bed.image, replicas=0, steps=GATE, sidecar=False)
    shared = {name: whole["spec"][name] for name in ("selector", "template")}
    deployment = whole | {"apiVersion": "apps/v1", "kind": "Deployment", "spec": {"replicas": 0, **shared}}
    reference = {"apiVersion": "apps/v1", "kind": "Deployment", "name": APP}
    spec = {name: value for name, value in whole["spec"].items() if name != "template"} | {"workloadRef": reference}
    arena.apply(manifests.namespace(arena.namespace), deployment, whole | {"spec": spec})
    facts_seen.wait_phase(arena, "Healthy")


def limit_replicasets(arena: Arena, most: int) -> None:
    """From now on no more ReplicaSets than these."""
    arena.apply(manifests.quota(arena.namespace, **{"count/replicasets.apps": str(most)}))
    path = f"/api/v1/namespaces/{arena.namespace}/resourcequotas/quota"
    arena.wait(lambda: "used" in arena.get(path).get("status", {}), "the quota counts")


def expect(path: str, value: Any) -> Manifest:
    return {"op": "test", "path": path, "value": value}


def put(path: str, value: Any) -> Manifest:
    """Set a field, whether it was there or not."""
    return {"op": "add", "path": path, "value": value}


def variables(env: dict[str, str]) -> list[Manifest]:
    """The operations that append variables to the first container."""
    return [
        put("/spec/template/spec/containers/0/env/-", {"name": name, "value": value}) for name, value in env.items()
    ]


def patch(arena: Arena, *operations: Manifest) -> WriteResponse:
    """A JSON Patch of the Rollout."""
    return send(arena, list(operations), JSON_PATCH)


def patch_status(arena: Arena, *operations: Manifest) -> WriteResponse:
    """A JSON Patch of the Rollout's status."""
    return send(arena, list(operations), JSON_PATCH, "/status")


def set_status(arena: Arena, **fields: Any) -> None:
    """A merge patch of the status without any guard, as `kubectl argo rollouts` sends it."""
    assert send(arena, {"status": fields}, MERGE_PATCH, "/status").code == 200


def send(arena: Arena, body: Any, kind: str, subresource: str = "", token: str = "") -> WriteResponse:
    """Patch the Rollout in one request; a refusal is an answer too."""
    api = replace(arena.bed.api, token=token) if token else arena.bed.api
    path = f"/apis/argoproj.io/v1alpha1/namespaces/{arena.namespace}/rollouts/{APP}{subresource}"
    try:
        with api.open(path, method="PATCH", body=json.dumps(body).encode(), content_type=kind) as response:
            return WriteResponse(response.status, json.load(response))
    except urllib.error.HTTPError as error:
        with error:
            return WriteResponse(error.code, json.load(error))


def change(arena: Arena, env: dict[str, str], *more: Manifest) -> Any:
    """Change the template, and what `more` says, in one request; gives the template that was there before."""
    before = arena.template()
    assert patch(arena, *variables(env), *more).code == 200
    return before


def restore(arena: Arena, template: Any) -> None:
    assert patch(arena, put("/spec/template", template)).code == 200


def adopt(arena: Arena, env: dict[str, str]) -> str:
    """Change the template and wait until the controller has a canary for it; gives its hash."""
    change(arena, env)
    return str(facts_seen.wait_status(arena, facts_seen.adopted, "the new template is adopted")["currentPodHash"])


def run_canary(arena: Arena, env: dict[str, str]) -> str:
    """As `adopt`, and wait until the canary's first pod runs."""
    hash_ = adopt(arena, env)
    arena.wait(lambda: facts_seen.running(arena.canary_pods()) == 1, "the canary's pod runs")
    return hash_


def token_with(arena: Arena, verb: str, resource: str) -> str:
    """The token of somebody who may do just this to the namespace's objects of Argo Rollouts."""
    arena.kubectl("create", "serviceaccount", "somebody")
    arena.kubectl("create", "role", "one-right", f"--verb={verb}", f"--resource={resource}.argoproj.io")
    arena.kubectl(
        "create", "rolebinding", "one-right", "--role=one-right", f"--serviceaccount={arena.namespace}:somebody"
    )
    return arena.kubectl("create", "token", "somebody").strip()


@contextmanager
def held(arena: Arena) -> Iterator[None]:
    """The controller stands still. What is written meanwhile reaches it afterwards in a burst, every version of it."""
    controller = arena.bed.component("rollouts-controller")
    controller.stop_signal()
    try:
        wait_for("the controller stands still", lambda: _stands(controller.pid), 5, pause=0.01)
        yield
    finally:
        controller.continue_signal()


def _stands(pid: int) -> bool:
    stat = processes.read_stat(pid)
    return stat is not None and stat.state == "T"
