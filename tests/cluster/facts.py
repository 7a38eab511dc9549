"""What the tests of the controller's facts say often: changes of the Rollout by hand, and looks at what follows."""

import json
import time
import urllib.error
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, Final

from tests.cluster import manifests, processes
from tests.cluster.manifests import APP, Manifest
from tests.cluster.progress import wait_for
from tests.e2e.arena import Arena

JSON_PATCH: Final = "application/json-patch+json"
MERGE_PATCH: Final = "application/merge-patch+json"
SOON: Final = 20.0
"""Seconds for what the controller does within one, on a machine that does six other things."""

# Values that make a new revision. With the bad one the application runs and is never ready.
BAD: Final = {"FAULT": "wrong_identity"}
GOOD: Final = {"FEATURE_Y": "on"}

# One canary pod, then a gate for a person.
GATE: Final = ({"setWeight": 25}, {"pause": {}})


@dataclass(frozen=True)
class Answer:
    """What the API server said to a write."""

    code: int
    document: Any


# -- setting up --------------------------------------------------------------------------------------------------------


def deploy(arena: Arena, replicas: int = 1, **options: Any) -> None:
    """The application as small as it goes: one container, no draining."""
    env = {"DRAIN_SECONDS": "0"} | options.pop("env", {})
    arena.deploy(**{"replicas": replicas, "steps": GATE, "sidecar": False, "env": env} | options)


def deploy_idle(arena: Arena, **options: Any) -> None:
    """The Rollout with no pods at all: enough where only the API server and the controller have a say."""
    create(arena, **({"replicas": 0} | options))
    wait_phase(arena, "Healthy")


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
    wait_phase(arena, "Healthy")


def limit_replicasets(arena: Arena, most: int) -> None:
    """From now on no more ReplicaSets than these."""
    arena.apply(manifests.quota(arena.namespace, **{"count/replicasets.apps": str(most)}))
    path = f"/api/v1/namespaces/{arena.namespace}/resourcequotas/quota"
    arena.wait(lambda: "used" in arena.get(path).get("status", {}), "the quota counts")


# -- writing -----------------------------------------------------------------------------------------------------------


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


def patch(arena: Arena, *operations: Manifest) -> Answer:
    """A JSON Patch of the Rollout."""
    return send(arena, list(operations), JSON_PATCH)


def patch_status(arena: Arena, *operations: Manifest) -> Answer:
    """A JSON Patch of the Rollout's status."""
    return send(arena, list(operations), JSON_PATCH, "/status")


def set_status(arena: Arena, **fields: Any) -> None:
    """A merge patch of the status without any guard, as `kubectl argo rollouts` sends it."""
    assert send(arena, {"status": fields}, MERGE_PATCH, "/status").code == 200


def send(arena: Arena, body: Any, kind: str, subresource: str = "", token: str = "") -> Answer:
    """Patch the Rollout in one request; a refusal is an answer too."""
    api = replace(arena.bed.api, token=token) if token else arena.bed.api
    path = f"/apis/argoproj.io/v1alpha1/namespaces/{arena.namespace}/rollouts/{APP}{subresource}"
    try:
        with api.open(path, method="PATCH", body=json.dumps(body).encode(), content_type=kind) as response:
            return Answer(response.status, json.load(response))
    except urllib.error.HTTPError as error:
        with error:
            return Answer(error.code, json.load(error))


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
    return str(wait_status(arena, adopted, "the new template is adopted")["currentPodHash"])


def run_canary(arena: Arena, env: dict[str, str]) -> str:
    """As `adopt`, and wait until the canary's first pod runs."""
    hash_ = adopt(arena, env)
    arena.wait(lambda: running(arena.canary_pods()) == 1, "the canary's pod runs")
    return hash_


def token_with(arena: Arena, verb: str, resource: str) -> str:
    """The token of somebody who may do just this to the namespace's objects of Argo Rollouts."""
    arena.kubectl("create", "serviceaccount", "somebody")
    arena.kubectl("create", "role", "one-right", f"--verb={verb}", f"--resource={resource}.argoproj.io")
    arena.kubectl("create", "rolebinding", "one-right", "--role=one-right", f"--serviceaccount={arena.namespace}:somebody")
    return arena.kubectl("create", "token", "somebody").strip()


@contextmanager
def held(arena: Arena) -> Iterator[None]:
    """The controller stands still: what is written here, it sees in one look afterwards."""
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


# -- looking -----------------------------------------------------------------------------------------------------------


def adopted(status: Any) -> bool:
    return bool(status["currentPodHash"] != status["stableRS"])


def observed(rollout: Any) -> bool:
    """The controller says that it has seen the present spec."""
    return int(rollout["status"]["observedGeneration"]) >= int(rollout["metadata"]["generation"])


def at_gate(status: Any) -> bool:
    """The canary waits at its gate: step 1."""
    return adopted(status) and status.get("currentStepIndex") == 1 and bool(status.get("pauseConditions"))


def aborted(status: Any) -> bool:
    """The controller has taken note of an abort."""
    return "abortedAt" in status


def condition(status: Any, kind: str) -> Any:
    """One condition; empty if it is not there."""
    return next((each for each in status.get("conditions", []) if each["type"] == kind), {})


def wait_phase(arena: Arena, phase: str) -> Any:
    return wait_status(arena, lambda status: status.get("phase") == phase, f"phase {phase}")


def wait_status(arena: Arena, true: Callable[[Any], bool], what: str, within: float = SOON) -> Any:
    """The first status seen of which this is true."""
    found: list[Any] = []

    def look() -> bool:
        status = arena.rollout().get("status", {})
        found[:] = [status]
        return true(status)

    arena.wait(look, what, within)
    return found[0]


def stays(arena: Arena, true: Callable[[Any], bool], what: str) -> None:
    """This is true of the status for two seconds; the controller needs a tenth of one to change it."""
    ends = time.monotonic() + 2
    while time.monotonic() < ends:
        assert true(arena.rollout()["status"]), f"no longer so: {what}\n{arena.describe()}"
        time.sleep(0.1)


def replicaset(arena: Arena, hash_: str) -> Any:
    """The ReplicaSet of a revision."""
    return arena.get(f"/apis/apps/v1/namespaces/{arena.namespace}/replicasets/{APP}-{hash_}")


def running(pods: list[Any]) -> int:
    """How many of these pods run."""
    return sum(pod["status"]["phase"] == "Running" for pod in pods)


def is_ready(pod: Any) -> bool:
    return bool(condition(pod["status"], "Ready").get("status") == "True")


def endpoints(arena: Arena) -> dict[str, bool]:
    """Name of each pod behind the Service, and whether it is ready to the Service."""
    slices = arena.get(f"/apis/discovery.k8s.io/v1/namespaces/{arena.namespace}/endpointslices")["items"]
    found = [endpoint for each in slices for endpoint in each["endpoints"] or []]
    return {endpoint["targetRef"]["name"]: endpoint["conditions"]["ready"] for endpoint in found}


@dataclass(frozen=True)
class Tape:
    """Every version of the arena's objects since a moment, none left out: a race that was seen once is seen here."""

    arena: Arena
    version: str

    @classmethod
    def from_now(cls, arena: Arena) -> "Tape":
        listed = arena.get(f"/apis/argoproj.io/v1alpha1/namespaces/{arena.namespace}/rollouts")
        return cls(arena, listed["metadata"]["resourceVersion"])

    def rollouts(self, until: Callable[[Any], bool]) -> list[Any]:
        """The versions of the Rollout up to the first one of which this is true."""
        return self._versions("argoproj.io/v1alpha1", "rollouts", until)

    def replicasets(self, until: Callable[[Any], bool]) -> list[Any]:
        """As `rollouts`; the versions of all ReplicaSets in one list."""
        return self._versions("apps/v1", "replicasets", until)

    def _versions(self, group: str, plural: str, until: Callable[[Any], bool]) -> list[Any]:
        path = f"/apis/{group}/namespaces/{self.arena.namespace}/{plural}"
        seen: list[Any] = []
        with self.arena.bed.api.open(f"{path}?watch=1&timeoutSeconds=20&resourceVersion={self.version}") as lines:
            for line in lines:
                seen.append(json.loads(line)["object"])
                if until(seen[-1]):
                    return seen
        raise AssertionError(f"the {plural} never came to this\n{json.dumps(seen[-1:], indent=1)}")
