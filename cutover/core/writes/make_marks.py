"""Make the marks of a run from its plan, its snapshot and its edits."""

from cutover.core.base.documents import Json, digest
from cutover.core.objects.snapshot import Snapshot
from cutover.core.patch.edit import Edits
from cutover.core.plan.deadlines import Deadlines
from cutover.core.plan.model import Plan
from cutover.core.podtemplate.compare import Difference, common, differing
from cutover.core.podtemplate.field_paths import Value, part_at
from cutover.core.podtemplate.template_shape import shape_of
from cutover.core.writes.run_annotations import ArmedMark, DeadlineMark, EditMark, Marks


def marks_for(
    plan: Plan,
    snapshot: Snapshot,
    edits: Edits,
    *,
    run: str,
    deadlines: Deadlines,
    armed: ArmedMark | None,
    at: float,
) -> Marks:
    """Return the marks to be written with the new template; `at` is when the run begins, in seconds since the epoch."""
    rollout, edited = snapshot.rollout, marked_edits(edits)
    return Marks(
        run=run,
        plan=plan.name,
        plan_digest=plan.digest,
        before_digest=digest(edits.before),
        after_digest=digest(common(edits.after, (mark.place for mark in edited))),
        strategy_digest=digest(rollout.strategy),
        base=rollout.status.stable_rs,
        base_revision=rollout.meta.revision,
        edits=edited,
        promotion=plan.promotion.value,
        on_failure=plan.on_failure.value,
        point_of_no_return=plan.point_of_no_return.value,
        deadlines=_deadlines(deadlines),
        began=at,
        armed=armed,
    )


def marked_edits(edits: Edits) -> tuple[EditMark, ...]:
    """Return every field path that the edits change, with the shape of the old value: all that the way back needs."""
    return tuple(_edit_mark(difference, edits.before) for difference in differing(edits.before, edits.after))


def _edit_mark(difference: Difference, before: Json) -> EditMark:
    old = part_at(before, difference.place)
    shape = shape_of(old.document) if isinstance(old, Value) else ""
    return EditMark(difference.place, difference.way, difference.index, shape)


def _deadlines(deadlines: Deadlines) -> DeadlineMark:
    return DeadlineMark(
        adopt=deadlines.adopt_within,
        ready=deadlines.ready_within,
        hold=deadlines.hold,
        bake=deadlines.bake,
        relapse=deadlines.relapse_within,
        verify=deadlines.verify_within,
    )
