"""The status of a Rollout that `cutover status` shows, as a value."""

from cutover.core.base.cluster_text import Words
from cutover.core.base.frozen import frozen
from cutover.core.base.target import Target
from cutover.core.engine.pod_memory import summary
from cutover.core.objects.canary_steps import steps_table, walks_steps
from cutover.core.objects.pod import PodView
from cutover.core.objects.replicaset import ReplicaSetView
from cutover.core.objects.rollout import RolloutPhase, phase_of
from cutover.core.objects.snapshot import Snapshot
from cutover.core.writes.run_annotations import marks_of


@frozen
class PodLine:
    """One pod: its name, and its state in a few words."""

    name: str
    state: Words
    ready: bool
    restarts: int


@frozen
class RevisionLine:
    """One revision that has pods, or is named by the Rollout: `role` is `stable`, `canary` or `old`."""

    pod_hash: str
    role: str
    desired: int
    ready: int
    pods: tuple[PodLine, ...]


@frozen
class Status:
    """A Rollout at one moment. `at_pause`: it waits for a person. `run` names a run that is not finished."""

    target: Target
    phase: RolloutPhase
    replicas: int
    step: int
    steps: int
    at_pause: bool
    aborted: bool
    revisions: tuple[RevisionLine, ...]
    run: str = ""


def status_of(snapshot: Snapshot) -> Status:
    """Return the status of the snapshot's Rollout."""
    rollout = snapshot.rollout
    lines = (_revision(snapshot, replicaset) for replicaset in snapshot.owned_replicasets())
    return Status(
        target=snapshot.target,
        phase=phase_of(rollout),
        replicas=rollout.replicas,
        step=rollout.status.step_index,
        steps=len(rollout.steps),
        at_pause=_at_pause(snapshot),
        aborted=rollout.status.abort,
        revisions=tuple(sorted((line for line in lines if line.pods or line.role != "old"), key=_rank)),
        run=_run(snapshot),
    )


def _run(snapshot: Snapshot) -> str:
    marks = marks_of(snapshot.rollout.meta.annotations)
    return "" if marks is None else marks.run


def _revision(snapshot: Snapshot, replicaset: ReplicaSetView) -> RevisionLine:
    pods = tuple(_pod(pod) for pod in snapshot.pods if pod.meta.owner_uid == replicaset.meta.uid and not pod.over)
    ready = sum(pod.ready for pod in pods)
    return RevisionLine(replicaset.pod_hash, _role(snapshot, replicaset.pod_hash), replicaset.desired, ready, pods)


def _role(snapshot: Snapshot, pod_hash: str) -> str:
    status = snapshot.rollout.status
    roles = {status.current_pod_hash: "canary", status.stable_rs: "stable"}
    return roles.get(pod_hash, "old")


def _pod(pod: PodView) -> PodLine:
    return PodLine(pod.meta.name, summary(pod), pod.ready, pod.restarts)


def _at_pause(snapshot: Snapshot) -> bool:
    rollout = snapshot.rollout
    if not walks_steps(rollout) or not rollout.status.pauses:
        return False
    return any(step.indefinite for step in steps_table(rollout) if step.index == rollout.status.step_index)


def _rank(line: RevisionLine) -> tuple[int, str]:
    return (("stable", "canary", "old").index(line.role), line.pod_hash)
