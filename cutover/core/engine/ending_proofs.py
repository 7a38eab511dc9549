"""The conditions that must hold before an ending may be called proven: one table per kind of ending.

Each condition is judged on a fresh read of everything, never on our own answers. Its sentences go into the report
word for word: `proven` when it held, `unproven` when it did not.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from cutover.core.base.causes import Reaction
from cutover.core.base.cluster_text import Words, sentence
from cutover.core.base.frozen import frozen
from cutover.core.engine.promotion_gate import (
    has_what_is_granted,
    inconclusive_pause,
    unjudged,
    waits_for_somebody,
)
from cutover.core.engine.run_view import RevisionView, RunView, revision_view_of
from cutover.core.engine.state import State
from cutover.core.objects.pod import PodView
from cutover.core.objects.rollout import RolloutView, phase_of
from cutover.core.writes.deadman import is_armed


@frozen
class ProofCondition:
    """One condition, and the sentences for whether it held; `applies` tells whether it concerns the run."""

    holds: Callable[[State, RunView, RolloutView], bool]
    proven: Callable[[State, RunView, RolloutView], str]
    unproven: Callable[[State, RunView, RolloutView], Words]
    applies: Callable[[State], bool] = lambda _state: True


def _spec_is_old(state: State, _: RunView, rollout: RolloutView) -> bool:
    return rollout.template == state.run_spec.before


def _settled_on_base(state: State, _: RunView, rollout: RolloutView) -> bool:
    return rollout.observed and rollout.settled_hash == state.run_spec.base_hash


def _full(side: RevisionView, wanted: int) -> bool:
    return side.available >= wanted and side.ready >= wanted


def serving(view: RunView, pods: tuple[PodView, ...]) -> frozenset[str]:
    """Return the names of those of the pods to which some Service currently sends traffic."""
    uids = {pod.meta.uid for pod in pods}
    endpoints = (endpoint for slice_ in view.world.endpointslices() for endpoint in slice_.endpoints)
    return frozenset(e.pod_name for e in endpoints if e.ready and not e.terminating and e.pod_uid in uids)


def routed(view: RunView) -> bool:
    """Tell whether any EndpointSlice has a pod of this Rollout: workers without a Service have none."""
    uids = {pod.meta.uid for side in (view.stable, view.canary) for pod in side.pods}
    return any(e.pod_uid in uids for slice_ in view.world.endpointslices() for e in slice_.endpoints)


def _all_serve(view: RunView, side: RevisionView) -> bool:
    return not routed(view) or len(serving(view, side.pods)) >= len(side.pods)


FOUND: Final = "the template is as it was found; whether it holds the plan's values cannot be told"

SPEC_RESTORED: Final = ProofCondition(
    _spec_is_old,
    lambda s, _c, _r: "the spec holds the old template again" if s.run_spec.changes else FOUND,
    lambda _s, _c, _r: "the spec does not hold the old template",
)
SETTLED: Final = ProofCondition(
    _settled_on_base,
    lambda s, _c, _r: f"the controller has observed it, and revision {s.run_spec.base_hash} is both current and stable",
    lambda _s, _c, r: (
        f"the controller has not settled on the old revision (observed generation {r.status.observed_generation} of"
        f" {r.meta.generation}, current {r.status.current_pod_hash or 'none'}, stable {r.status.stable_rs or 'none'})"
    ),
)
HEALTHY: Final = ProofCondition(
    lambda _s, _c, r: phase_of(r).name == "Healthy",
    lambda _s, _c, _r: "the Rollout is Healthy",
    lambda _s, _c, r: sentence(f"the Rollout is {phase_of(r).name}: ", phase_of(r).message),
)
STABLE_WHOLE: Final = ProofCondition(
    lambda _s, c, r: _full(c.stable, r.replicas),
    lambda _s, c, r: f"stable is whole: {c.stable.ready} of {r.replicas} pods are Ready and available",
    lambda _s, c, r: (
        f"stable is not whole: {c.stable.ready} of {r.replicas} pods are Ready, {c.stable.available} available"
    ),
)
STABLE_SERVES: Final = ProofCondition(
    lambda _s, c, _r: _all_serve(c, c.stable),
    lambda _s, c, _r: (
        f"{len(serving(c, c.stable.pods))} stable pods receive traffic"
        if routed(c)
        else "no Service selects these pods: there is no traffic to account for"
    ),
    lambda _s, c, _r: f"only {len(serving(c, c.stable.pods))} of {len(c.stable.pods)} stable pods receive traffic",
)


def _left(state: State, view: RunView) -> int:
    """Return how many pods all revisions but the old one have or should have.

    All of them count, because a canary that was adopted after the run stopped watching for it has an unknown hash.
    """
    run_spec = state.run_spec
    others = (
        replicaset for replicaset in view.world.replicasets(run_spec.uid) if replicaset.pod_hash != run_spec.base_hash
    )
    sizes = (
        max(replicaset.desired, replicaset.replicas, len(_traffic(view, replicaset.pod_hash, run_spec.uid)))
        for replicaset in others
    )
    return sum(sizes)


def _traffic(view: RunView, pod_hash: str, uid: str) -> frozenset[str]:
    return serving(view, revision_view_of(view.world, uid, pod_hash).pods)


CANARY_GONE: Final = ProofCondition(
    lambda s, c, _r: _left(s, c) == 0,
    lambda s, _c, _r: "no pod of the canary is left" if s.adopted else "no pod of another revision is there",
    lambda s, c, _r: f"{_left(s, c)} pods of the canary are still there",
)
ABORTED: Final = ProofCondition(
    lambda s, _c, r: r.status.abort and r.status.aborted_at > 0 and r.status.stable_rs == s.run_spec.base_hash,
    lambda _s, _c, _r: "the controller has acknowledged the abort",
    lambda _s, _c, _r: "the controller has not acknowledged the abort",
)
NOT_PROMOTED: Final = ProofCondition(
    lambda s, _c, r: r.status.stable_rs == s.run_spec.base_hash,
    lambda s, _c, _r: f"revision {s.run_spec.base_hash} is still the stable one",
    lambda _s, _c, r: f"the stable revision is {r.status.stable_rs or 'unknown'}",
)
STABLE_GRANTED: Final = ProofCondition(
    lambda _s, c, r: has_what_is_granted(c.stable, r),
    lambda _s, c, _r: f"stable has the {c.stable.desired} pods that the step grants it, all Ready",
    lambda _s, c, _r: f"stable has {c.stable.ready} Ready pods of the {c.stable.desired} that the step grants it",
)
STABLE_STANDS: Final = replace(STABLE_GRANTED, holds=lambda _s, c, _r: c.stable.whole)
"""Proves that stable has all its pods, if stable must serve: `STABLE_GRANTED` asks for none at a weight of 100."""

CANARY_READY: Final = ProofCondition(
    lambda _s, c, _r: c.canary.whole,
    lambda _s, c, _r: f"all {c.canary.desired} canary pods of the step are Ready",
    lambda _s, c, _r: f"{c.canary.ready} of {c.canary.desired} canary pods of the step are Ready",
)
SPEC_NEW: Final = ProofCondition(
    lambda s, _c, r: r.template == s.stored_template,
    lambda s, _c, _r: "the spec holds the plan's values" if s.run_spec.edits else "the template is what it was",
    lambda _s, _c, _r: "the spec does not hold the plan's values",
)
PROMOTED: Final = ProofCondition(
    lambda s, _c, r: r.observed and r.settled_hash == s.canary_hash,
    lambda s, _c, _r: f"revision {s.canary_hash} is both current and stable",
    lambda _s, _c, r: f"current is {r.status.current_pod_hash or 'none'}, stable {r.status.stable_rs or 'none'}",
)
NEW_WHOLE: Final = ProofCondition(
    lambda _s, c, r: _full(c.canary, r.replicas),
    lambda _s, c, r: f"it is whole: {c.canary.ready} of {r.replicas} pods are Ready and available",
    lambda _s, c, r: (
        f"it is not whole: {c.canary.ready} of {r.replicas} pods are Ready, {c.canary.available} available"
    ),
)
NEW_SERVES: Final = ProofCondition(
    lambda _s, c, _r: _all_serve(c, c.canary),
    lambda _s, c, _r: (
        f"{len(serving(c, c.canary.pods))} of its pods receive traffic"
        if routed(c)
        else "no Service selects these pods: there is no traffic to account for"
    ),
    lambda _s, c, _r: f"only {len(serving(c, c.canary.pods))} of its {len(c.canary.pods)} pods receive traffic",
)
OLD_SILENT: Final = ProofCondition(
    lambda _s, c, _r: c.stable.existing == 0 and not serving(c, c.stable.pods),
    lambda _s, _c, _r: "no pod of the old revision serves",
    lambda _s, c, _r: f"{c.stable.existing} pods of the old revision are still there",
)


def _at_pause(state: State, view: RunView, rollout: RolloutView) -> str:
    if inconclusive_pause(state, rollout) is not None:
        return f"the Rollout waits at step {rollout.status.step_index} for a person to judge it: {unjudged(view)}"
    return f"the Rollout waits at step {rollout.status.step_index}, an indefinite pause"


AT_PAUSE: Final = ProofCondition(
    lambda s, _c, r: waits_for_somebody(s, r),
    _at_pause,
    lambda _s, _c, _r: "the Rollout does not stand at an indefinite pause",
)

DISARMED: Final = ProofCondition(
    lambda s, _c, r: not is_armed(r, s.run_spec.armed),
    lambda _s, _c, _r: "the progress deadline is what it was before the run",
    lambda _s, _c, r: (
        f"the dead-man is still armed: progressDeadlineSeconds is {r.progress_deadline_seconds},"
        f" progressDeadlineAbort is {str(r.progress_deadline_abort).lower()}"
    ),
    applies=lambda s: s.run_spec.armed is not None and not s.takes(Reaction.YIELD),
)

HELD: Final = (SPEC_RESTORED, SETTLED, HEALTHY, STABLE_WHOLE, STABLE_SERVES, CANARY_GONE, DISARMED)
CONTAINED_BY_ABORT: Final = (SPEC_NEW, ABORTED, NOT_PROMOTED, STABLE_WHOLE, STABLE_SERVES, CANARY_GONE, DISARMED)
CONTAINED_BY_HOLD: Final = (SPEC_NEW, NOT_PROMOTED, STABLE_STANDS, STABLE_SERVES, DISARMED)
HOLDING: Final = (AT_PAUSE, SPEC_NEW, NOT_PROMOTED, CANARY_READY, STABLE_GRANTED, DISARMED)
PROMOTED_WHOLE: Final = (SPEC_NEW, PROMOTED, HEALTHY, NEW_WHOLE, NEW_SERVES, OLD_SILENT, DISARMED)


@frozen
class Verification:
    """Which conditions of a table held and which did not, as sentences."""

    proven: tuple[str, ...]
    unproven: tuple[Words, ...]

    @property
    def complete(self) -> bool:
        """Whether no condition failed; those that did not apply do not count."""
        return not self.unproven


def verify(table: tuple[ProofCondition, ...], state: State, view: RunView) -> Verification:
    """Judge the conditions that apply to the run; if the Rollout is gone or another one, that is the only sentence."""
    rollout = view.rollout
    if not isinstance(rollout, RolloutView):
        return Verification((), ("the Rollout could not be read",))
    if rollout.meta.uid != state.run_spec.uid:
        return Verification((), ("the Rollout was deleted, and another of its name made",))
    results = [(condition, condition.holds(state, view, rollout)) for condition in table if condition.applies(state)]
    return Verification(
        tuple(condition.proven(state, view, rollout) for condition, holds in results if holds),
        tuple(condition.unproven(state, view, rollout) for condition, holds in results if not holds),
    )
