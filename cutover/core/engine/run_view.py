"""The view of the run: which ReplicaSet and which pods of the cluster are stable, and which are the canary."""

from dataclasses import replace

from cutover.core.base.frozen import frozen
from cutover.core.base.instants import Instant
from cutover.core.base.resources import Resource
from cutover.core.engine.observation import Observation
from cutover.core.engine.state import State
from cutover.core.objects.analysisrun import AnalysisRunView
from cutover.core.objects.pod import PodView
from cutover.core.objects.read_results import NotFound, NotSeen
from cutover.core.objects.replicaset import ReplicaSetView
from cutover.core.objects.rollout import RolloutView
from cutover.core.objects.world import World
from cutover.core.writes.lock_state import HELD, Lock


@frozen
class RevisionView:
    """One revision: its ReplicaSet, and its pods without those that ended or are terminating."""

    replicaset: ReplicaSetView | NotFound
    pods: tuple[PodView, ...] = ()

    @property
    def desired(self) -> int:
        """`spec.replicas` of its ReplicaSet; 0 without a ReplicaSet."""
        return self.replicaset.desired if isinstance(self.replicaset, ReplicaSetView) else 0

    @property
    def existing(self) -> int:
        """`status.replicas` of its ReplicaSet; 0 without a ReplicaSet."""
        return self.replicaset.replicas if isinstance(self.replicaset, ReplicaSetView) else 0

    @property
    def available(self) -> int:
        """`status.availableReplicas` of its ReplicaSet (Ready for `minReadySeconds`); 0 without a ReplicaSet."""
        return self.replicaset.available if isinstance(self.replicaset, ReplicaSetView) else 0

    @property
    def ready(self) -> int:
        """How many of `pods` are Ready."""
        return sum(pod.ready for pod in self.pods)

    @property
    def whole(self) -> bool:
        """Whether at least as many pods are Ready, and available, as the ReplicaSet should hold; false if that is 0."""
        return self.desired > 0 and self.ready >= self.desired and self.available >= self.desired


@frozen
class RunView:
    """What a run sees of the cluster at one instant: Rollout, both revisions, the canary's AnalysisRuns, lock."""

    at: Instant
    world: World
    rollout: RolloutView | NotFound | NotSeen
    stable: RevisionView
    canary: RevisionView
    runs: tuple[AnalysisRunView, ...] = ()
    lock: Lock = HELD

    @property
    def now(self) -> float:
        """The view's monotonic time, in seconds."""
        return self.at.mono

    def blind_for(self) -> float:
        """Return for how many seconds the kinds that decide have not been known to be current."""
        return max(self.world.age(kind, self.now) for kind in (Resource.ROLLOUT, Resource.REPLICASET, Resource.POD))


def run_view_of(state: State, world: World, at: Instant) -> RunView:
    """Return the view of the run: h0 is stable, h1 the canary, whatever the controller currently calls them."""
    run_spec = state.run_spec
    hash_ = state.canary_hash
    rollout = _current(world.rollout(run_spec.target.rollout), state)
    return RunView(
        at=at,
        world=world,
        rollout=rollout,
        stable=revision_view_of(world, run_spec.uid, run_spec.base_hash),
        canary=revision_view_of(world, run_spec.uid, hash_) if hash_ else RevisionView(NotFound("canary")),
        runs=tuple(run for run in world.analysisruns(run_spec.uid) if hash_ and _judges(run, hash_, rollout)),
    )


def _judges(run: AnalysisRunView, hash_: str, rollout: RolloutView | NotFound | NotSeen) -> bool:
    """Tell whether an AnalysisRun judges this rollout, by hash and number: an earlier one may have had the same hash.

    Source: argo-rollouts v1.10.1 `rollout/analysis.go: newAnalysisRunFromRollout`.
    """
    number = rollout.meta.revision if isinstance(rollout, RolloutView) else "unknown"
    return run.pod_hash == hash_ and run.meta.revision in {"", number}


def _current(rollout: RolloutView | NotFound | NotSeen, state: State) -> RolloutView | NotFound | NotSeen:
    """Return the Rollout, or NotSeen for one from before our last write: that is a late event of the watch.

    A Rollout with another uid is not late: it was created anew, and its generation begins at 1.
    """
    if isinstance(rollout, RolloutView) and rollout.meta.uid == state.run_spec.uid:
        return NotSeen() if rollout.meta.generation < state.generation else rollout
    return rollout


def observed_run_view(state: State, observation: Observation) -> RunView:
    """Return the view of the run for an observation; as `run_view_of`, with the state of the lock."""
    return replace(run_view_of(state, observation.world, observation.at), lock=observation.lock)


def revision_view_of(world: World, uid: str, pod_hash: str) -> RevisionView:
    """Return a revision by its Rollout and pod hash, with the pods that are not over; no pods without a ReplicaSet."""
    owned = (candidate for candidate in world.replicasets(uid) if candidate.pod_hash == pod_hash)
    replicaset = next(owned, NotFound(f"replicaset {pod_hash}"))
    if isinstance(replicaset, NotFound):
        return RevisionView(replicaset)
    return RevisionView(replicaset, tuple(pod for pod in world.pods(replicaset.meta.uid) if not pod.over))
