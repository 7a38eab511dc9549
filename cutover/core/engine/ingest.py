"""Take an observation into the state: record what was seen, and decide nothing."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from cutover.core.base.resources import Resource
from cutover.core.engine.facts import Adopted, EvidenceNoted, Fact, Note, Promoted, StepReached, Written
from cutover.core.engine.observation import Evidence, FreshRead, Observation
from cutover.core.engine.pod_memory import notice_pods
from cutover.core.engine.run_view import RunView, observed_run_view
from cutover.core.engine.state import NEVER, State
from cutover.core.objects.read_results import NotFound
from cutover.core.objects.replicaset import ReplicaSetView
from cutover.core.objects.rollout import RolloutView
from cutover.core.plan.model import PointOfNoReturn
from cutover.core.podtemplate.compare import alike
from cutover.core.writes.lock_state import TakenOver as Locked
from cutover.core.writes.run_annotations import OWNER
from cutover.core.writes.write import Accepted, Answer, Refused, Unclear, WriteName

Ingested = tuple[State, tuple[Fact, ...]]

FORBIDDEN: Final = 403
"""The HTTP code by which the API server says that a right is missing."""

LATE_EFFECT_WITHIN: Final = 10.0
"""Seconds after which a request whose answer was lost can no longer take effect (our own time limit for a request)."""


def take_answer(state: State, answer: Answer, now: float) -> Ingested:
    """Take in the answer to a write of the Rollout; ignore answers to other writes. The phases judge it."""
    if answer.write.resource is not Resource.ROLLOUT:
        return state, ()
    state = replace(state, pending=None, answer=answer)
    match answer:
        case Accepted(write, RolloutView() as rollout) if write.name is WriteName.CUTOVER:
            return _written(state, rollout, now)
        case Accepted(write, RolloutView() as rollout) if write.name is WriteName.RESTORE:
            return _restored(state, rollout), ()
        case Refused(write, status) if write.name is WriteName.RESTORE and status == FORBIDDEN:
            return replace(state, restore_forbidden=True), ()
        case Unclear():
            return replace(state, unclear_at=now), ()
    return state, ()


def _restored(state: State, rollout: RolloutView) -> State:
    """Take in an accepted restore: what was stored in place of T0 (by a mutating webhook) counts as written by us."""
    standing = state.stored_template if rollout.template == state.run_spec.before else rollout.template
    return replace(state, generation=rollout.meta.generation, stored_template=standing)


def may_still_land(state: State, now: float) -> bool:
    """Tell whether the last write, whose answer was lost, may still take effect; until then nothing is concluded."""
    return isinstance(state.answer, Unclear) and now < state.unclear_at + LATE_EFFECT_WITHIN


def notice_lost_write(state: State, view: RunView) -> Ingested:
    """Note that a cutover whose answer was lost was stored, once the watch shows T1 in the spec."""
    rollout = view.rollout
    if state.written or state.unclear_at == NEVER or not isinstance(rollout, RolloutView):
        return state, ()
    return _written(state, rollout, view.now) if rollout.template == state.run_spec.after else (state, ())


def _written(state: State, rollout: RolloutView, now: float) -> Ingested:
    generation = rollout.meta.generation
    fact = Written("the plan's values stand in the spec", generation)
    return replace(state, stored_template=rollout.template, generation=generation, written_at=now), (fact,)


# -- observations ------------------------------------------------------------------------------------------------------


def ingest(state: State, observation: Observation) -> tuple[State, RunView, tuple[Fact, ...]]:
    """Return the state and the view of the run after the observation, and facts for everything that is new."""
    facts: list[Fact] = []
    for answer in observation.answers:
        state, new = take_answer(state, answer, observation.at.mono)
        facts += new
    state, new = _take_evidence(state, observation.evidence)
    facts += new
    for read in observation.fresh_reads:
        state = _take_fresh_read(state, read)
    for notice in _NOTICES:
        state, new = notice(state, observed_run_view(state, observation))
        facts += new
    return state, observed_run_view(state, observation), tuple(facts)


def _take_fresh_read(state: State, read: FreshRead) -> State:
    """Take in a fresh read, unless it was begun before this phase: then it shows nothing of the phase."""
    return replace(state, fresh_read=read, fresh_read_asked_at=NEVER) if read.at.mono >= state.entered else state


def _take_evidence(state: State, evidence: tuple[Evidence, ...]) -> Ingested:
    if not evidence:
        return state, ()
    facts = tuple(EvidenceNoted(_headline(piece), piece) for piece in evidence)
    return replace(state, evidence=(*state.evidence, *evidence)), facts


def _headline(piece: Evidence) -> str:
    of = f"{piece.kind} of {piece.about}" + (f"/{piece.container}" if piece.container else "")
    return f"{of}: missed, {piece.missed}" if piece.missed else of


def _notice_spelling(state: State, view: RunView) -> Ingested:
    """Accept T1 in the controller's spelling: it rewrites the template when it makes a revision of it."""
    rollout, after = view.rollout, state.run_spec.after
    if not isinstance(rollout, RolloutView) or rollout.template == state.run_spec.before:
        return state, ()
    if rollout.template == after:
        # The controller's spelling may be seen before the answer to our write, which has ours.
        late = state.stored_template and alike(state.stored_template, after, state.run_spec.places)
        return (replace(state, stored_template=after) if late else state), ()
    if not after or not alike(rollout.template, after, state.run_spec.places):
        return state, ()
    standing = rollout.template if state.stored_template == after else state.stored_template
    return replace(state, run_spec=replace(state.run_spec, after=rollout.template), stored_template=standing), ()


def _notice_adoption(state: State, view: RunView) -> Ingested:
    """Note that the controller has made T1's ReplicaSet.

    It has when one view shows that the spec is T1, our generation is observed, the hash is no longer h0, and the
    ReplicaSet of the new hash holds every edited value. (`observedGeneration` alone proves nothing; the
    ReplicaSet never equals T1, because the API server adds defaults to it.)
    """
    rollout = view.rollout
    if state.adopted or not state.written or not isinstance(rollout, RolloutView):
        return state, ()
    new = _revision(state, view, rollout)
    if isinstance(new, NotFound) or rollout.template != state.stored_template or not rollout.observed:
        return state, ()
    fact = Adopted(f"the controller made revision {new.pod_hash}", new.pod_hash)
    return replace(state, canary_hash=new.pod_hash, adopted_at=view.now), (fact,)


def _revision(state: State, view: RunView, rollout: RolloutView) -> ReplicaSetView | NotFound:
    hash_ = rollout.status.current_pod_hash
    owned = view.world.replicasets(state.run_spec.uid) if hash_ != state.run_spec.base_hash else ()
    return next(
        (replicaset for replicaset in owned if replicaset.pod_hash == hash_ and _carries(state, replicaset)),
        NotFound("revision"),
    )


def _carries(state: State, replicaset: ReplicaSetView) -> bool:
    """Tell whether every edited value in the ReplicaSet's template is what the plan says."""
    return all(edit.stands_in(replicaset.template) for edit in state.run_spec.edits)


def _notice_promotion(state: State, view: RunView) -> Ingested:
    rollout = view.rollout
    if state.promoted or not state.adopted or not isinstance(rollout, RolloutView):
        return state, ()
    if rollout.status.stable_rs != state.canary_hash:
        return state, ()
    fact = Promoted(f"revision {state.canary_hash} is the stable one", state.canary_hash)
    return replace(state, promoted_at=view.now), (fact,)


def _notice_step(state: State, view: RunView) -> Ingested:
    """Note a new step of the adopted canary, with a fact; nothing while the Rollout is aborted or after promotion."""
    rollout = view.rollout
    if not state.adopted or state.promoted or not isinstance(rollout, RolloutView):
        return state, ()
    index = rollout.status.step_index
    if index == state.step or rollout.status.abort or rollout.status.current_pod_hash != state.canary_hash:
        return state, ()
    text = f"step {index} of {len(rollout.steps)}: {_step_text(rollout, index)}"
    return replace(state, step=index), (StepReached(text, index, len(rollout.steps)),)


def _notice_requested_pods(state: State, view: RunView) -> Ingested:
    """Note since when the controller waits for canary pods that it asked for.

    The time starts again when more pods are asked for (the next step, an autoscaler, the replacement of an evicted
    one).
    """
    canary = view.canary
    since = view.now if canary.desired > state.pods_asked else min(state.pods_asked_at, view.now)
    lacking = canary.ready < canary.desired
    return replace(state, pods_asked=canary.desired, pods_asked_at=since if lacking else NEVER), ()


def _step_text(rollout: RolloutView, index: int) -> str:
    if not 0 <= index < len(rollout.steps):
        return "all steps done"
    kind, value = next(iter(rollout.steps[index].items()), ("empty", ""))
    detail = " ".join(f"{key} {part}" for key, part in value.items()) if isinstance(value, Mapping) else str(value)
    return f"{kind} {detail}".strip()


def _notice_stable(state: State, view: RunView) -> Ingested:
    """Note since when stable lacks pods that it had, and since when it has none.

    Pods that an autoscaler asks for and that have not come yet are not lost ones.
    """
    stable = view.stable
    had = min(stable.desired, max(stable.ready, state.stable_had))
    since = min(state.stable_short_since, view.now) if stable.ready < had else NEVER
    gone = min(state.stable_gone_since, view.now) if had and not stable.ready else NEVER
    return replace(state, stable_had=had, stable_short_since=since, stable_gone_since=gone), ()


def _notice_owner(state: State, view: RunView) -> Ingested:
    """Note whether the run is still ours, by the Lease and by the owner that the marks name.

    Marks that are gone were removed by another process that ended the run, or by a person: either way the API server
    would refuse every further write of ours.
    """
    owner = state.run_spec.owner
    if state.taken_over_by or not owner:
        return state, ()
    if isinstance(view.lock, Locked):
        return replace(state, taken_over_by=f"{view.lock.by} took the run over"), ()
    if not state.written or not isinstance(view.rollout, RolloutView):
        return state, ()
    named = view.rollout.meta.annotations.get(OWNER, "")
    if named == owner:
        return state, ()
    lost = f"{named} took the run over" if named else "another process ended the run, or its marks were taken away"
    return replace(state, taken_over_by=lost), ()


def _notice_point_of_no_return(state: State, _: RunView) -> Ingested:
    """Note that the plan's point of no return was passed, once; it stays passed."""
    point = state.run_spec.point_of_no_return
    by_canary = point is PointOfNoReturn.CANARY_READY and any(pod.ever_ready for pod in state.pods.values())
    passed = by_canary or (point is PointOfNoReturn.PROMOTION and state.promoted)
    if state.past_no_return or not passed:
        return state, ()
    fact = Note("the point of no return is passed: from here on nothing automatic points back")
    return replace(state, past_no_return=True), (fact,)


_NOTICES: Final = (
    _notice_spelling,
    notice_lost_write,
    _notice_owner,
    _notice_adoption,
    _notice_promotion,
    _notice_step,
    _notice_requested_pods,
    notice_pods,
    _notice_point_of_no_return,
    _notice_stable,
)
"""What is taken in from an observation, in this order: the canary is known only after its adoption was noticed."""
