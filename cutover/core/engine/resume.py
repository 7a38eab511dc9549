"""Make the run spec and the state with which a process goes on with a run that another process began.

What the cluster is, is read; what the dead run intended is in the marks and, once the run had failed, on the Lease.
Where they disagree with the cluster, the cluster wins; an intent that cannot be read means restore.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from cutover.core.base.documents import Json, digest
from cutover.core.engine.run_spec import RunSpec, spec_without_plan, start_exits
from cutover.core.engine.state import Phase, PodMemory, State, Verdict, start
from cutover.core.objects.read_results import NotFound
from cutover.core.objects.replicaset import ReplicaSetView
from cutover.core.objects.snapshot import Snapshot
from cutover.core.patch.edit import Edit, edits_at
from cutover.core.plan.deadlines import Deadlines
from cutover.core.plan.model import OnFailure, PointOfNoReturn, Promotion
from cutover.core.podtemplate.compare import common
from cutover.core.podtemplate.probes import probes
from cutover.core.writes.restore_template import old_template, template_of_base
from cutover.core.writes.run_annotations import PASSED, Marks, UnreadableMarks
from cutover.core.writes.stored_verdict import StoredVerdict

_BLIND_LIMITS: Final = Deadlines(60.0, 60.0, 30.0, 300.0, 30.0, 60.0)
"""The time limits of a run whose marks cannot be read; such a run only goes back."""


def resumed_spec(
    marks: Marks | UnreadableMarks, snapshot: Snapshot, *, owner: str, timeout: float, follow: bool
) -> RunSpec:
    """Return the run spec to go on with a run: templates from the cluster, the plan's intent from the marks."""
    if isinstance(marks, UnreadableMarks):
        return _spec_to_restore(marks, snapshot, owner)
    rollout = snapshot.rollout
    before, after = _templates(marks, snapshot)
    edits = _edits(marks, before, after or _newest_other(snapshot, marks.base))
    changed = frozenset(name for edit in edits for name in edit.containers)
    stable = snapshot.stable_pods()
    return RunSpec(
        run=marks.run,
        target=snapshot.target,
        uid=rollout.meta.uid,
        base_hash=marks.base,
        base_revision=marks.base_revision,
        before=before,
        after=after,
        strategy=rollout.strategy if digest(rollout.strategy) == marks.strategy_digest else {},
        edits=edits,
        cutover=(),
        promotion=Promotion(marks.promotion),
        on_failure=OnFailure(marks.on_failure),
        deadlines=_timing(marks, timeout),
        start_exits=start_exits(stable, changed, rollout.progress_deadline_seconds),
        probes=probes(after, changed),
        follow=follow,
        owner=owner,
        armed=marks.armed,
        point_of_no_return=PointOfNoReturn(marks.point_of_no_return),
    )


def _edits(marks: Marks, before: Json, after: Json) -> tuple[Edit, ...]:
    """Return the edits of the run, as far as both templates are known."""
    return edits_at(tuple(mark.difference for mark in marks.edits), before, after)


def _templates(marks: Marks, snapshot: Snapshot) -> tuple[Json, Json]:
    """Return T0 and T1 as far as the spec tells them; a template that is neither is somebody else's."""
    template, base = snapshot.rollout.template, _base_template(snapshot, marks.base)
    if digest(template) == marks.before_digest:
        return template, {}
    if digest(common(template, (mark.place for mark in marks.edits))) == marks.after_digest:
        return (old_template(template, base, marks.edits) if base else {}), template
    return {}, {}


def _newest_other(snapshot: Snapshot, base: str) -> Json:
    """Return the template of the newest revision besides the base: the plan's, where the spec no longer holds it."""
    others = [replicaset for replicaset in snapshot.owned_replicasets() if replicaset.pod_hash != base]
    return max(others, key=lambda replicaset: replicaset.meta.created).template if others else {}


def _base_template(snapshot: Snapshot, base: str) -> Json:
    replicaset = snapshot.replicaset(base)
    return replicaset.template if isinstance(replicaset, ReplicaSetView) else {}


def _spec_to_restore(marks: UnreadableMarks, snapshot: Snapshot, owner: str) -> RunSpec:
    """Return the run spec to go back to stable, for a template written by a run whose marks cannot be read."""
    rollout = snapshot.rollout
    settled = bool(rollout.settled_hash)
    before = rollout.template if settled else template_of_base(_base_template(snapshot, rollout.status.stable_rs))
    run = marks.run or "unknown"
    return spec_without_plan(snapshot, _BLIND_LIMITS, OnFailure.RESTORE, run=run, before=before, owner=owner)


def _timing(marks: Marks, timeout: float) -> Deadlines:
    limits = marks.deadlines
    return Deadlines(limits.adopt, limits.ready, limits.hold, limits.bake, limits.relapse, limits.verify, timeout)


# -- the state ---------------------------------------------------------------------------------------------------------


def resumed_state(run_spec: RunSpec, snapshot: Snapshot, noted: StoredVerdict | None, now: float) -> State:
    """Return the state in which the rest of a run begins, as if it had never stopped; `now` in monotonic seconds."""
    rollout, marks_passed = snapshot.rollout, PASSED in snapshot.rollout.meta.annotations
    restored = rollout.template == run_spec.before != {}
    written = replace(
        start(run_spec, now),
        phase=Phase.ADOPT,
        stored_template={} if restored else run_spec.after,
        generation=rollout.meta.generation,
        written_at=now,
        sent_writes=frozenset({"resumed"}),
        past_no_return=marks_passed,
        pods=_seen_ready(run_spec, snapshot, now),
    )
    state = _promoted(written, snapshot, now)
    if noted is None:
        return state
    condemned = replace(state, verdict=Verdict(noted.reaction, noted.cause, now), restoring=restored)
    return replace(condemned, phase=_phase(condemned, noted, restored=restored))


def _seen_ready(run_spec: RunSpec, snapshot: Snapshot, now: float) -> Mapping[str, PodMemory]:
    """Return the canary pods that were Ready before this process watched; one that is not Ready now has relapsed."""
    others = {
        replicaset.meta.uid for replicaset in snapshot.owned_replicasets() if replicaset.pod_hash != run_spec.base_hash
    }
    ready = (pod for pod in snapshot.pods if pod.meta.owner_uid in others and pod.was_ready)
    return {pod.meta.uid: PodMemory(pod.meta.name, first_seen=now, ever_ready=True) for pod in ready}


def _promoted(state: State, snapshot: Snapshot, now: float) -> State:
    """Note whether the plan's revision was promoted already: the stable revision is not the base."""
    stable, current = snapshot.rollout.status.stable_rs, snapshot.rollout.status.current_pod_hash
    canary = stable if stable != state.run_spec.base_hash else current
    if canary == state.run_spec.base_hash or isinstance(snapshot.replicaset(canary), NotFound):
        return state
    if state.stored_template == {}:  # the spec is restored: only a revision that was promoted is still the plan's
        return replace(state, canary_hash=canary, adopted_at=now, promoted_at=now) if canary == stable else state
    return state


def _phase(state: State, noted: StoredVerdict, *, restored: bool) -> Phase:
    """Return the phase in which the way back goes on; a forward phase if the spec still holds the new template.

    From a forward phase the way back starts from its beginning, because of the verdict.
    """
    if not restored:
        return Phase.ADOPT
    if state.promoted:
        return Phase.READOPT
    return Phase.REVERIFY if noted.promoted else Phase.VERIFY
