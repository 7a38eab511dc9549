"""The change leads back to an older revision inside a rollback window: Argo then skips all steps and all analysis.

Argo finds the old ReplicaSet by its template, and looks at how many revisions lie between (argo-rollouts
`isRollbackWithinWindow`). Here any older one counts that holds what the plan wants and otherwise is what stable is: how
far the window reaches is left open, as are labels, annotations and affinity, into which Argo writes itself. So this can
refuse where the window is too small for a hit, never the other way round.
"""

from typing import Final

from cutover.core.base.documents import Json, mapping
from cutover.core.checks.check import Check, CheckContext, CheckResult, Fault
from cutover.core.checks.finding import Severity
from cutover.core.objects.read_results import NotFound
from cutover.core.objects.replicaset import ReplicaSetView
from cutover.core.objects.snapshot import Need
from cutover.core.podtemplate.compare import same
from cutover.core.podtemplate.field_paths import FieldPath, Value, copied, drop, part_at


def _run(context: CheckContext) -> tuple[CheckResult, ...]:
    stable = context.snapshot.replicaset(context.rollout.status.stable_rs)
    if not context.rollout.rollback_window or context.edits.unchanged or isinstance(stable, NotFound):
        return ()
    older = (each for each in context.snapshot.owned_replicasets() if each.meta.created < stable.meta.created)
    return tuple(_fault(context, each) for each in older if _is_target(context, each, stable))


def _is_target(context: CheckContext, older: ReplicaSetView, stable: ReplicaSetView) -> bool:
    edits = context.edits.edits
    places = tuple(edit.place for edit in edits)
    wanted = all(edit.stands_in(older.template) for edit in edits)
    return wanted and same(_without(older.template, places), _without(stable.template, places))


def _without(template: Json, places: tuple[FieldPath, ...]) -> Json:
    """Return the pod spec without the edited fields and affinity; both templates hold the API's defaults already."""
    bare = copied({"spec": {**mapping(template, "spec"), "affinity": {}}})
    for place in places:
        drop(bare, place)
        home = part_at(bare, place[:-1])
        if isinstance(home, Value) and home.document == []:
            drop(bare, place[:-1])
    return bare


def _fault(context: CheckContext, older: ReplicaSetView) -> Fault:
    message = (
        f"spec.rollbackWindow is set, and replicaset {older.meta.name} is an older revision with just these values: "
        "Argo would take the change for a rollback and skip every step and analysis"
    )
    return Fault(message, context.field("spec.rollbackWindow"))


CHECK: Final = Check(
    code="C021",
    severity=Severity.REFUSE,
    title="the change would skip the steps as a rollback",
    when=(
        "`spec.rollbackWindow` is set, and an older ReplicaSet of the Rollout is what the plan would make: "
        "Argo would skip steps and analysis"
    ),
    remedy="remove spec.rollbackWindow; this makes no new revision: "
    '`kubectl patch rollout {rollout} {scope} --type=json -p \'[{"op":"remove","path":"/spec/rollbackWindow"}]\'`',
    needs=frozenset({Need.ROLLOUT, Need.STATUS, Need.REPLICASETS}),
    run=_run,
)
