"""The stage: what a run sees, as documents of the API read by the real views.

Nothing here imitates the controller. A test says what is seen (`stage.adopted()`, `stage.paused_at(1)`), and each
sentence gives a new stage; a test that wants something odd names the field (`stage.status(promoteFull=True)`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final

from cutover.core.base.documents import Json
from cutover.core.base.redaction import Redactor
from cutover.core.base.resources import WATCHED, Resource
from cutover.core.base.target import Target
from cutover.core.objects.analysisrun import analysisrun_view
from cutover.core.objects.pod import pod_view
from cutover.core.objects.read_results import NotFound
from cutover.core.objects.replicaset import replicaset_view
from cutover.core.objects.rollout import RolloutView, rollout_view
from cutover.core.objects.service import endpointslice_view
from cutover.core.objects.snapshot import Snapshot
from cutover.core.objects.world import Synced, View, World
from cutover.core.patch.edit import Edits
from cutover.core.patch.resolve import resolve
from cutover.core.plan.changes import EnvChange, OneContainer
from cutover.core.plan.model import OnFailure, Plan, Promotion, WatchPolicy
from cutover.core.podtemplate.env_source import FromSecret
from tests.core.checks.documents import ROLLOUT, ROLLOUT_UID, STABLE, TEMPLATE, changed

BASE: Final = STABLE
NEW: Final = "78d9c6b5f"
"""The hash of the plan's revision."""

OTHER: Final = "5c4b3a291"
"""The hash of somebody else's revision."""

TARGET: Final = Target("payments", "payments", "payments")
CHANGE: Final = EnvChange("DATABASE_URL", FromSecret("payments-db-b", "url"), OneContainer("app"))
WATCH: Final = WatchPolicy(ready_within=30.0, adopt_within=60.0, hold=10.0, bake=20.0)

STARTED: Final = "2026-11-20T10:00:01Z"
VIEWS: Final[Mapping[Resource, Callable[[Json], View]]] = {
    Resource.ROLLOUT: rollout_view,
    Resource.REPLICASET: replicaset_view,
    Resource.POD: pod_view,
    Resource.ENDPOINTSLICE: endpointslice_view,
    Resource.ANALYSISRUN: analysisrun_view,
}
PAUSE_BEGAN: Final = "2026-11-23T06:30:00Z"
RUNNING: Final[Json] = {"running": {"startedAt": STARTED}}
REVISION: Final = "rollout.argoproj.io/revision"


def plan(
    promotion: Promotion = Promotion.AUTO,
    on_failure: OnFailure = OnFailure.RESTORE,
    watch: WatchPolicy = WATCH,
) -> Plan:
    """The usual plan: the application's database turns from a to b."""
    return Plan(
        "payments-to-b", TARGET, (CHANGE,), digest="0" * 64, watch=watch, promotion=promotion, on_failure=on_failure
    )


def edits_of(intent: Plan) -> Edits:
    """What the plan makes of the usual template."""
    return resolve(intent, TEMPLATE, Redactor(b"stage"))


AFTER: Final = edits_of(plan()).after
"""T1."""

OTHERS: Final = changed(TEMPLATE, {"spec.containers.0.image": "payments:2"})
"""A template that somebody else wrote."""


def pod(name: str, pod_hash: str, *, ready: bool, **changes: Any) -> Json:
    """A pod of that revision: its containers run, and the readiness probe says `ready`."""
    document = {
        "metadata": {
            "name": name,
            "namespace": "payments",
            "uid": f"uid-{name}",
            "creationTimestamp": "2026-11-20T10:00:00Z",
            "labels": {"app": "payments", "rollouts-pod-template-hash": pod_hash},
            "ownerReferences": [{"uid": f"uid-{pod_hash}", "controller": True, "kind": "ReplicaSet"}],
        },
        "spec": {"nodeName": "node"},
        "status": {
            "phase": "Running",
            "startTime": "2026-11-20T10:00:00Z",
            "conditions": [
                {"type": "PodScheduled", "status": "True"},
                {"type": "Ready", "status": str(ready), "lastTransitionTime": "2026-11-20T10:00:02Z"},
            ],
            "containerStatuses": [
                {"name": "app", "ready": ready, "restartCount": 0, "state": RUNNING},
                {"name": "sidecar", "ready": True, "restartCount": 0, "state": RUNNING},
            ],
        },
    }
    return changed(document, _paths(changes))


def exited(code: int, *, restarts: int = 0, message: str = "") -> dict[str, Any]:
    """The changes of a pod whose container `app` ended, and is down."""
    terminated = {"exitCode": code, "reason": "Error", "message": message, "finishedAt": "2026-11-23T06:30:00Z"}
    return {**_app("state", {"terminated": terminated}), **_app("restartCount", restarts)}


def crash_looping(code: int, restarts: int, message: str = "") -> dict[str, Any]:
    """The changes of a pod whose container `app` waits to be started again."""
    terminated = {"exitCode": code, "reason": "Error", "message": message, "finishedAt": "2026-11-23T06:30:00Z"}
    waiting = {"waiting": {"reason": "CrashLoopBackOff", "message": "back-off 10s restarting failed container"}}
    return {
        **_app("state", waiting),
        **_app("lastState", {"terminated": terminated}),
        **_app("restartCount", restarts),
    }


def started_again(code: int, restarts: int) -> dict[str, Any]:
    """The changes of a pod whose container `app` runs again after an exit."""
    terminated = {"exitCode": code, "reason": "Error", "finishedAt": "2026-11-23T06:30:00Z"}
    return {**_app("lastState", {"terminated": terminated}), **_app("restartCount", restarts)}


def waiting(reason: str, message: str = "") -> dict[str, Any]:
    """The changes of a pod whose container `app` cannot be started."""
    return _app("state", {"waiting": {"reason": reason, "message": message}})


def unscheduled(message: str) -> dict[str, Any]:
    """The changes of a pod that found no node."""
    return {
        "status__phase": "Pending",
        "status__conditions__0": {"type": "PodScheduled", "status": "False", "message": message},
        "status__containerStatuses": [],
    }


def disrupted(reason: str) -> dict[str, Any]:
    """The changes of a pod that is about to be evicted."""
    return {"status__conditions__0": {"type": "DisruptionTarget", "status": "True", "reason": reason}}


def _app(field: str, value: Any) -> dict[str, Any]:
    return {f"status__containerStatuses__0__{field}": value}


def _paths(changes: Mapping[str, Any]) -> dict[str, Any]:
    return {path.replace("__", "."): value for path, value in changes.items()}


def _is_ready(document: Json) -> bool:
    conditions = document["status"]["conditions"]
    return any((found["type"], found["status"]) == ("Ready", "True") for found in conditions)


def _replicaset(pod_hash: str, template: Json, count: int) -> Json:
    labels = {"app": "payments", "rollouts-pod-template-hash": pod_hash}
    owner = {"uid": ROLLOUT_UID, "controller": True, "kind": "Rollout", "name": "payments"}
    return {
        "metadata": {
            "name": f"payments-{pod_hash}",
            "namespace": "payments",
            "uid": f"uid-{pod_hash}",
            "labels": labels,
            "ownerReferences": [owner],
        },
        # The API server adds defaults, so a ReplicaSet's template never equals the Rollout's.
        "spec": {
            "replicas": count,
            "template": changed(template, {"metadata.labels": labels, "spec.dnsPolicy": "ClusterFirst"}),
        },
        "status": {"replicas": count, "readyReplicas": count, "availableReplicas": count, "observedGeneration": 1},
    }


@dataclass(frozen=True)
class ClusterStage:
    """What stands in the cluster. `routed`: a Service selects the pods, and every Ready one gets traffic."""

    rollout: Json
    replicasets: Mapping[str, Json]
    pods: Mapping[str, Json]
    runs: tuple[Json, ...] = ()
    routed: bool = True
    gone: bool = False
    deaf: frozenset[str] = frozenset()

    # -- what the run is told --------------------------------------------------------------------------------------

    def world(self, at: float) -> World:
        """Everything, listed at that moment."""
        world = World()
        for kind in WATCHED:
            world = world.after(self.listed(kind, at))
        return world

    def listed(self, kind: Resource, at: float) -> Synced:
        """Everything of that kind, listed at that moment."""
        return Synced(kind, self._views[kind], at)

    @cached_property
    def documents(self) -> Mapping[Resource, tuple[Json, ...]]:
        """Everything that a run watches, as the API shows it."""
        return {
            Resource.ROLLOUT: () if self.gone else (self.rollout,),
            Resource.REPLICASET: tuple(self.replicasets.values()),
            Resource.POD: tuple(self.pods.values()),
            Resource.ENDPOINTSLICE: self._endpointslices(),
            Resource.ANALYSISRUN: self.runs,
        }

    @cached_property
    def _views(self) -> Mapping[Resource, tuple[View, ...]]:
        return {kind: tuple(map(VIEWS[kind], documents)) for kind, documents in self.documents.items()}

    def view(self) -> RolloutView | NotFound:
        """The Rollout as a read shows it."""
        return NotFound("rollout/payments") if self.gone else rollout_view(self.rollout)

    def snapshot(self) -> Snapshot:
        """What a command reads before it writes."""
        return Snapshot(
            TARGET,
            rollout_view(self.rollout),
            tuple(map(replicaset_view, self.replicasets.values())),
            tuple(map(pod_view, self.pods.values())),
        )

    def _endpointslices(self) -> tuple[Json, ...]:
        endpoints = [
            {
                "conditions": {"ready": _is_ready(document) and name not in self.deaf},
                "targetRef": {"uid": document["metadata"]["uid"], "name": name},
            }
            for name, document in self.pods.items()
        ]
        labels = {"kubernetes.io/service-name": "payments"}
        meta = {"name": "payments-x7x9f", "namespace": "payments", "uid": "uid-slice", "labels": labels}
        return ({"metadata": meta, "endpoints": endpoints},) if self.routed else ()

    # -- small changes ---------------------------------------------------------------------------------------------

    def spec(self, **changes: Any) -> "ClusterStage":
        """Somebody changes the Rollout's spec (`strategy__canary__steps=…`): its generation goes up by one."""
        generation = self.rollout["metadata"]["generation"] + 1
        new = {f"spec.{path}": value for path, value in _paths(changes).items()}
        return replace(self, rollout=changed(self.rollout, {**new, "metadata.generation": generation}))

    def status(self, **changes: Any) -> "ClusterStage":
        """The Rollout's status, but for these fields."""
        new = {f"status.{path}": value for path, value in _paths(changes).items()}
        return replace(self, rollout=changed(self.rollout, new))

    def meta(self, **changes: Any) -> "ClusterStage":
        """The Rollout's metadata, but for these fields."""
        new = {f"metadata.{path}": value for path, value in _paths(changes).items()}
        return replace(self, rollout=changed(self.rollout, new))

    def written_by(self, manager: str) -> "ClusterStage":
        """The template's last writer, as the API server notes it."""
        entry = {"manager": manager, "time": "2026-11-23T06:30:00Z", "fieldsV1": {"f:spec": {"f:template": {}}}}
        return self.meta(managedFields=[entry])

    def phase(self, name: str, message: str = "") -> "ClusterStage":
        """The Rollout's phase as the controller writes it."""
        return self.status(phase=name, message=message)

    def condition(self, type_: str, status: str, reason: str, message: str) -> "ClusterStage":
        """The Rollout has exactly this condition."""
        return self.status(conditions=[{"type": type_, "status": status, "reason": reason, "message": message}])

    def observed(self) -> "ClusterStage":
        """The controller has looked at the newest generation."""
        return self.status(observedGeneration=str(self.rollout["metadata"]["generation"]))

    def without(self, *names: str) -> "ClusterStage":
        """The stage without these pods."""
        return replace(self, pods={name: document for name, document in self.pods.items() if name not in names})

    def with_pod(self, name: str, pod_hash: str, *, ready: bool, **changes: Any) -> "ClusterStage":
        """The stage with that pod as described, new or instead of what it was."""
        return replace(self, pods={**self.pods, name: pod(name, pod_hash, ready=ready, **changes)})

    def canary_pod(self, number: int = 0, *, ready: bool = False, **changes: Any) -> "ClusterStage":
        """One pod of the canary as described."""
        return self.with_pod(f"payments-{NEW}-{number}", NEW, ready=ready, **changes)

    def stable_pod(self, number: int = 0, *, ready: bool = False, **changes: Any) -> "ClusterStage":
        """One pod of stable as described."""
        return self.with_pod(f"payments-{BASE}-{number}", BASE, ready=ready, **changes)

    def replicaset(self, pod_hash: str, **changes: Any) -> "ClusterStage":
        """The ReplicaSet of that hash, but for these fields."""
        return replace(
            self,
            replicasets={**self.replicasets, pod_hash: changed(self.replicasets[pod_hash], _paths(changes))},
        )

    def side(self, pod_hash: str, desired: int, *, ready: int | None = None) -> "ClusterStage":
        """That revision at that size; `ready` of its pods are Ready, all of them where nothing is said."""
        good = desired if ready is None else ready
        kept = {
            name: document
            for name, document in self.pods.items()
            if document["metadata"]["labels"]["rollouts-pod-template-hash"] != pod_hash
        }
        names = [f"payments-{pod_hash}-{number}" for number in range(desired)]
        pods = {name: pod(name, pod_hash, ready=number < good) for number, name in enumerate(names)}
        counts = {"replicas": desired, "readyReplicas": good, "availableReplicas": good, "observedGeneration": 1}
        return replace(self, pods={**kept, **pods}).replicaset(pod_hash, spec__replicas=desired, status=counts)

    def analysis(self, phase: str, message: str = "", *, revision: str = "4", **changes: Any) -> "ClusterStage":
        """An AnalysisRun of the plan's revision in that phase."""
        document = {
            "metadata": {
                "name": f"payments-{NEW}-{revision}",
                "namespace": "payments",
                "uid": f"uid-run-{revision}",
                "labels": {"rollouts-pod-template-hash": NEW},
                "annotations": {REVISION: revision},
                "ownerReferences": [{"uid": ROLLOUT_UID, "controller": True, "kind": "Rollout"}],
            },
            "spec": {},
            "status": {"phase": phase, "message": message},
        }
        return replace(self, runs=(changed(document, _paths(changes)),))

    # -- sentences -------------------------------------------------------------------------------------------------

    def unrouted(self) -> "ClusterStage":
        """No Service selects the pods: they are workers."""
        return replace(self, routed=False)

    def deaf_to(self, *names: str) -> "ClusterStage":
        """These pods get no traffic, Ready or not."""
        return replace(self, deaf=frozenset(names))

    def deleted(self) -> "ClusterStage":
        """The Rollout is gone."""
        return replace(self, gone=True)

    def made_anew(self) -> "ClusterStage":
        """The Rollout was deleted and made anew: another uid, and its generation begins at 1."""
        return self.meta(uid="another", generation=1).observed()

    def adopted(self) -> "ClusterStage":
        """The controller took T1 up: its ReplicaSet is there, without pods yet."""
        made = {**self.replicasets, NEW: _replicaset(NEW, AFTER, 0)}
        stage = replace(self, replicasets=made).observed().phase("Progressing", "more replicas need to be updated")
        annotations = {**self.rollout["metadata"]["annotations"], REVISION: "4"}
        return stage.status(currentPodHash=NEW, currentStepIndex=0).meta(annotations=annotations)

    def canary(self, desired: int = 1, *, ready: int = 0) -> "ClusterStage":
        """The canary at that size."""
        return self.side(NEW, desired, ready=ready)

    def canary_ready(self, desired: int = 1) -> "ClusterStage":
        """The canary at that size, every pod Ready and available."""
        return self.side(NEW, desired)

    def stable(self, desired: int = 4, *, ready: int | None = None) -> "ClusterStage":
        """Stable at that size."""
        return self.side(BASE, desired, ready=ready)

    def paused_at(self, index: int, reason: str = "CanaryPauseStep", began: str = PAUSE_BEGAN) -> "ClusterStage":
        """The Rollout stands at that step, paused."""
        pauses = [{"reason": reason, "startTime": began}]
        paused = self.status(currentStepIndex=index, pauseConditions=pauses, controllerPause=True)
        return paused.phase("Paused", reason)

    def at_step(self, index: int) -> "ClusterStage":
        """The Rollout works on that step."""
        moving = self.status(currentStepIndex=index, pauseConditions=[], controllerPause=False)
        return moving.phase("Progressing", "more replicas need to be updated")

    def promoted(self, size: int = 4) -> "ClusterStage":
        """The plan's revision is stable, at full size; nothing of the old one is left."""
        stage = self.side(NEW, size).side(BASE, 0)
        return stage.at_step(4).observed().status(currentPodHash=NEW, stableRS=NEW, promoteFull=False).phase("Healthy")

    def just_promoted(self) -> "ClusterStage":
        """The plan's revision is stable, and the last pod of the old one is still going."""
        return self.promoted().side(BASE, 1).phase("Progressing", "old replicas are pending termination")

    def aborted(self, cause: str = "") -> "ClusterStage":
        """The controller acknowledged an abort: the canary is gone, stable is whole."""
        message = "Rollout aborted update to revision 4" + (f": {cause}" if cause else "")
        stage = self.at_step(0).status(abort=True, abortedAt="2026-11-23T06:31:00Z")
        stage = stage.condition("Progressing", "False", "RolloutAborted", message)
        return stage.phase("Degraded", f"RolloutAborted: {message}").stable().canary(0)

    def abort_asked(self) -> "ClusterStage":
        """Somebody asked for an abort, and the controller has not answered yet."""
        return self.status(abort=True)

    def restored_and_healthy(self, size: int = 4) -> "ClusterStage":
        """T0 stands, the controller settled on it, stable is whole and alone."""
        stage = self.spec(template=TEMPLATE) if self.rollout["spec"]["template"] != TEMPLATE else self
        stage = stage.at_step(4).observed().status(abort=False, abortedAt="", promoteFull=False)
        stage = stage.status(currentPodHash=BASE, stableRS=BASE).phase("Healthy").stable(size)
        return stage.canary(0) if NEW in stage.replicasets else stage


def opening() -> ClusterStage:
    """The application before the run: revision 3, four stable pods, Healthy."""
    rollout = changed(ROLLOUT, {"metadata.annotations": {REVISION: "3"}})
    return ClusterStage(rollout, {BASE: _replicaset(BASE, TEMPLATE, 4)}, {}).stable()
