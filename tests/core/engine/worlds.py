"""Any world that a run may be shown: a few dozen fields, each free, and moves between them.

The stage tells stories; this is for attacks. Worlds are built from views directly, because thousands are needed, and
the fields are not held to agree with one another: a run must keep its laws in worlds that no controller would make.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Final

from hypothesis import strategies as st

from cutover.core.base.documents import Json
from cutover.core.base.resources import Resource
from cutover.core.engine.state import Phase
from cutover.core.objects.analysisrun import AnalysisRunView, analysisrun_view
from cutover.core.objects.pod import PodView, pod_view
from cutover.core.objects.replicaset import ReplicaSetView, replicaset_view
from cutover.core.objects.rollout import RolloutView, rollout_view
from cutover.core.objects.service import EndpointSliceView, endpointslice_view
from cutover.core.objects.world import Synced, World
from tests.core.checks.documents import ROLLOUT, ROLLOUT_UID, TEMPLATE
from tests.core.engine import stage
from tests.core.engine.stage import AFTER, BASE, NEW, OTHER, OTHERS

MUTATED: Final = {**AFTER, "metadata": {"labels": {"app": "payments"}, "annotations": {"injected": "yes"}}}
TEMPLATES: Final[Mapping[str, Json]] = {"before": TEMPLATE, "after": AFTER, "others": OTHERS, "mutated": MUTATED}
STEPS: Final[tuple[Json, ...]] = (
    {"setWeight": 20},
    {"pause": {}},
    {"setWeight": 100},
    {"pause": {}},
    {"pause": {"duration": "2s"}},
)
REASONS: Final = ("CanaryPauseStep", "InconclusiveAnalysisRun")
CONDITIONS: Final = (
    "",
    "InvalidSpec",
    "ReplicaSetCreateError",
    "RolloutAborted",
    "timed out progressing",
)
PODS: Final[Mapping[str, tuple[bool, dict[str, Any]]]] = {
    "ready": (True, {}),
    "unready": (False, {}),
    "exited": (False, stage.exited(1)),
    "crashing": (False, stage.crash_looping(1, 4)),
    "killed": (False, stage.crash_looping(137, 4)),
    "config": (False, stage.waiting("CreateContainerConfigError", "couldn't find key url")),
    "syncing": (False, stage.waiting("CreateContainerConfigError", "failed to sync secret cache")),
    "image": (False, stage.waiting("ImagePullBackOff", "no such host")),
    "unscheduled": (False, stage.unscheduled("no room")),
    "evicting": (False, stage.disrupted("EvictionByEvictionAPI")),
    "going": (True, {"metadata__deletionTimestamp": "2026-11-23T06:30:00Z"}),
    "ended": (False, {"status__phase": "Failed"}),
}


@dataclass(frozen=True)
class Side:
    """A revision: how many pods it should have, says it has, says are available; and the pods that there are."""

    desired: int
    replicas: int
    available: int
    pods: tuple[str, ...]
    failure: str = ""


def side(size: int, *, pods: str = "ready") -> Side:
    """A revision at that size, all of it alike."""
    return Side(size, size, size if pods == "ready" else 0, (pods,) * size)


@dataclass(frozen=True)
class SeenWorld:
    """What is there. `missing` names kinds of which nothing was ever heard."""

    template: str = "before"
    generation: int = 7
    observed: int = 7
    uid: str = ROLLOUT_UID
    gone: bool = False
    strategy: str = ""
    current: str = BASE
    stable: str = BASE
    step: int = 5
    pauses: tuple[str, ...] = ()
    abort: bool = False
    acknowledged: bool = False
    promote_full: bool = False
    phase: str = "Healthy"
    condition: str = ""
    paused: bool = False
    restart: bool = False
    replicas: int = 4
    base: tuple[Side, ...] = (side(4),)
    new: tuple[Side, ...] = ()
    run: str = ""
    routed: bool = True


def world(seen: SeenWorld, at: Mapping[Resource, float]) -> World:
    """The world of what is seen; each kind was last true at its own moment, or never heard of."""
    views: dict[Resource, tuple[Any, ...]] = {
        Resource.ROLLOUT: () if seen.gone else (rollout(seen),),
        Resource.REPLICASET: (*_sets(BASE, seen.base), *_sets(NEW, seen.new)),
        Resource.POD: (*_pods(BASE, seen.base), *_pods(NEW, seen.new)),
        Resource.ENDPOINTSLICE: (_slice(_serving(seen)),) if seen.routed else (),
        Resource.ANALYSISRUN: (_run(seen.run),) if seen.run else (),
    }
    result = World()
    for kind, moment in at.items():
        result = result.after(Synced(kind, views[kind], moment))
    return result


@lru_cache(maxsize=10_000)
def rollout(seen: SeenWorld) -> RolloutView:
    """The Rollout."""
    spec = {
        **ROLLOUT["spec"],
        "replicas": seen.replicas,
        "paused": seen.paused,
        "template": TEMPLATES[seen.template],
        "strategy": {"canary": {"maxSurge": 1, "maxUnavailable": 0, "steps": list(STEPS)}, **_other(seen.strategy)},
        **({"restartAt": "2026-11-23T06:40:00Z"} if seen.restart else {}),
    }
    status = {
        "observedGeneration": str(seen.observed),
        "currentPodHash": seen.current,
        "stableRS": seen.stable,
        "currentStepIndex": seen.step,
        "pauseConditions": [
            {"reason": reason, "startTime": f"2026-11-23T06:3{seen.step}:00Z"} for reason in seen.pauses
        ],
        "abort": seen.abort,
        "abortedAt": "2026-11-23T06:31:00Z" if seen.acknowledged else "",
        "promoteFull": seen.promote_full,
        "phase": seen.phase,
        "conditions": _conditions(seen.condition),
    }
    meta = {"name": "payments", "namespace": "payments", "uid": seen.uid, "generation": seen.generation}
    return rollout_view({"metadata": {**meta, "annotations": {stage.REVISION: "4"}}, "spec": spec, "status": status})


def _other(strategy: str) -> dict[str, Any]:
    return {"changed": strategy} if strategy else {}


def _conditions(words: str) -> list[dict[str, str]]:
    if words == "InvalidSpec":
        return [{"type": words, "status": "True", "reason": words, "message": "bad"}]
    reason = "RolloutAborted" if words == "timed out progressing" else words
    return [{"type": "Progressing", "status": "False", "reason": reason, "message": f"said: {words}"}] if words else []


def _sets(pod_hash: str, sides: tuple[Side, ...]) -> tuple[ReplicaSetView, ...]:
    return tuple(_set(pod_hash, found) for found in sides)


@lru_cache(maxsize=10_000)
def _set(pod_hash: str, found: Side) -> ReplicaSetView:
    failure = [{"type": "ReplicaFailure", "status": "True", "message": found.failure}] if found.failure else []
    return replicaset_view(
        {
            "metadata": {
                "name": f"payments-{pod_hash}",
                "uid": f"uid-{pod_hash}",
                "labels": {"rollouts-pod-template-hash": pod_hash},
                "ownerReferences": [{"uid": ROLLOUT_UID, "controller": True}],
            },
            "spec": {"replicas": found.desired, "template": AFTER if pod_hash == NEW else TEMPLATE},
            "status": {"replicas": found.replicas, "availableReplicas": found.available, "conditions": failure},
        }
    )


def _pods(pod_hash: str, sides: tuple[Side, ...]) -> tuple[PodView, ...]:
    return tuple(_pod(pod_hash, number, state) for found in sides for number, state in enumerate(found.pods))


@lru_cache(maxsize=1_000)
def _pod(pod_hash: str, number: int, state: str) -> PodView:
    ready, changes = PODS[state]
    return pod_view(stage.pod(f"payments-{pod_hash}-{number}", pod_hash, ready=ready, **changes))


def _serving(seen: SeenWorld) -> tuple[tuple[str, bool], ...]:
    sides = ((BASE, seen.base), (NEW, seen.new))
    pods = (pod for pod_hash, found in sides for pod in _pods(pod_hash, found))
    return tuple((pod.meta.name, pod.ready) for pod in pods)


@lru_cache(maxsize=1_000)
def _slice(pods: tuple[tuple[str, bool], ...]) -> EndpointSliceView:
    endpoints = [
        {"conditions": {"ready": ready}, "targetRef": {"uid": f"uid-{name}", "name": name}} for name, ready in pods
    ]
    return endpointslice_view({"metadata": {"name": "payments-x7x9f"}, "endpoints": endpoints})


@lru_cache(maxsize=100)
def _run(phase: str) -> AnalysisRunView:
    meta = {
        "name": "run",
        "labels": {"rollouts-pod-template-hash": NEW},
        "annotations": {stage.REVISION: "4"},
        "ownerReferences": [{"uid": ROLLOUT_UID, "controller": True}],
    }
    return analysisrun_view({"metadata": meta, "spec": {}, "status": {"phase": phase, "message": "said so"}})


# -- moves -------------------------------------------------------------------------------------------------------------

WorldMove = Callable[[SeenWorld], SeenWorld]


def written(seen: SeenWorld, template: str = "after") -> SeenWorld:
    """That template is written."""
    return replace(seen, template=template, generation=seen.generation + 1)


def adopted(seen: SeenWorld) -> SeenWorld:
    """The controller took the plan's template up."""
    new = seen.new or (side(0),)
    return replace(seen, observed=seen.generation, current=NEW, step=0, phase="Progressing", new=new)


def paused(seen: SeenWorld) -> SeenWorld:
    """The canary is Ready, and the Rollout waits at its first pause."""
    return replace(adopted(seen), new=(side(1),), step=1, pauses=REASONS[:1], phase="Paused")


def paused_at_full(seen: SeenWorld) -> SeenWorld:
    """… at its second, where stable has nothing left."""
    return replace(adopted(seen), new=(side(4),), base=(side(0),), step=3, pauses=REASONS[:1], phase="Paused")


def promoted(seen: SeenWorld) -> SeenWorld:
    """The plan's revision is stable, whole and alone."""
    return replace(adopted(seen), stable=NEW, new=(side(4),), base=(side(0),), step=5, pauses=(), phase="Healthy")


def aborted(seen: SeenWorld) -> SeenWorld:
    """The controller acknowledged an abort."""
    return replace(seen, abort=True, acknowledged=True, step=0, pauses=(), phase="Degraded", base=(side(4),), new=())


def settled(seen: SeenWorld) -> SeenWorld:
    """The controller settled on the old template."""
    back = replace(seen, observed=seen.generation, current=BASE, stable=BASE, step=5, pauses=(), phase="Healthy")
    return replace(back, base=(side(4),), new=(), abort=False, acknowledged=False, promote_full=False, replicas=4)


def readopted(seen: SeenWorld) -> SeenWorld:
    """After a promotion, the controller took the old template up as a canary of its own."""
    return replace(seen, observed=seen.generation, current=BASE, step=0, pauses=(), phase="Progressing")


NATURAL: Final[Mapping[Phase, tuple[WorldMove, ...]]] = {
    Phase.ADOPT: (adopted,),
    Phase.CANARY: (paused, paused, paused_at_full, promoted, lambda seen: replace(seen, step=2, pauses=())),
    Phase.HOLDING: (paused,),
    Phase.SETTLE: (promoted,),
    Phase.ABORT: (aborted,),
    Phase.RESTORE: (settled,),
    Phase.VERIFY: (settled, aborted),
    Phase.READOPT: (readopted,),
    Phase.FORCE: (settled,),
    Phase.REVERIFY: (settled,),
}
"""What a controller that works would do next, by where the run stands."""


STORY: Final[tuple[WorldMove, ...]] = (
    adopted,
    paused,
    paused_at_full,
    promoted,
    aborted,
    settled,
    lambda seen: written(seen, "before"),
    lambda seen: replace(seen, step=2, pauses=()),
    lambda seen: replace(adopted(seen), new=(side(1, pods="unready"),)),
)
"""Moves that a controller or a person makes; most attacks consist of these, in no order."""


def sides() -> st.SearchStrategy[Side]:
    """Any revision."""
    count = st.integers(0, 4)
    states = st.lists(st.sampled_from(sorted(PODS)), max_size=4).map(tuple)
    alike = st.builds(side, count, pods=st.sampled_from(sorted(PODS)))
    return alike | st.builds(Side, count, count, count, states, st.sampled_from(["", "exceeded quota", "denied"]))


FIELDS: Final[Mapping[str, st.SearchStrategy[Any]]] = {
    "template": st.sampled_from(sorted(TEMPLATES)),
    "generation": st.integers(1, 12),
    "observed": st.integers(1, 12),
    "uid": st.sampled_from([ROLLOUT_UID, ROLLOUT_UID, "another"]),
    "gone": st.booleans(),
    "strategy": st.sampled_from(["", "", "steps"]),
    "current": st.sampled_from([BASE, NEW, OTHER, ""]),
    "stable": st.sampled_from([BASE, NEW, OTHER, ""]),
    "step": st.integers(-1, 7),
    "pauses": st.lists(st.sampled_from(REASONS), max_size=2).map(tuple),
    "abort": st.booleans(),
    "acknowledged": st.booleans(),
    "promote_full": st.booleans(),
    "phase": st.sampled_from(["", "Healthy", "Progressing", "Paused", "Degraded"]),
    "condition": st.sampled_from(CONDITIONS),
    "paused": st.booleans(),
    "restart": st.booleans(),
    "replicas": st.integers(0, 5),
    "base": st.lists(sides(), max_size=1).map(tuple),
    "new": st.lists(sides(), max_size=1).map(tuple),
    "run": st.sampled_from(["", "Running", "Successful", "Failed", "Error", "Inconclusive"]),
    "routed": st.booleans(),
}


def nothing(seen: SeenWorld) -> SeenWorld:
    """Nothing moves."""
    return seen


@st.composite
def moves(draw: st.DrawFn, phase: Phase) -> WorldMove:
    """One move: most are natural, some belong to another story, and a few set some field to anything."""
    kind = draw(st.integers(0, 19))
    if kind < 15:
        return draw(st.sampled_from((nothing, *NATURAL.get(phase, ()))))
    if kind < 18:
        return draw(st.sampled_from(STORY))
    name = draw(st.sampled_from(sorted(FIELDS)))
    value = draw(FIELDS[name])
    return lambda seen: replace(seen, **{name: value})
