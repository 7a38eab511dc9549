"""What the tests of the controller's facts look at: the status, what stands behind it, and how it came there."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from tests.cluster.manifests import APP
from tests.e2e.arena import Arena

SOON: Final = 40.0
"""Seconds for what the controller does within one, on a machine that does six other things."""


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


def hash_of(replicaset: Any) -> str:
    return str(replicaset["metadata"]["labels"]["rollouts-pod-template-hash"])


def wait_replicas(arena: Arena, hash_: str, count: int) -> None:
    """The revision is told to have this many pods, and has them."""

    def done() -> bool:
        found = replicaset(arena, hash_)
        return bool(found["spec"]["replicas"] == found["status"]["replicas"] == count)

    arena.wait(done, f"revision {hash_} has {count} pods")


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
        watch = f"watch=1&timeoutSeconds={SOON:g}&resourceVersion={self.version}"
        path = f"/apis/{group}/namespaces/{self.arena.namespace}/{plural}?{watch}"
        versions: list[Any] = []
        with self.arena.bed.api.open(path, seconds=2 * SOON) as lines:
            for line in lines:
                versions.append(json.loads(line)["object"])
                if until(versions[-1]):
                    return versions
        raise AssertionError(f"the {plural} never came to this\n{json.dumps(versions[-1:], indent=1)}")
