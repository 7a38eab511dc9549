"""The plan's values have been rolled out before, and were taken back: by an abort, a rollback, or somebody's hand.

A ReplicaSet that was made after what is stable now holds them, so the Rollout went there and came back. Why it did, no
object tells: a canary that was aborted looks like one that was promoted and undone later.
"""

from typing import Final

from cutover.core.checks.check import Check, CheckContext, CheckResult, Fault
from cutover.core.checks.finding import Severity
from cutover.core.objects.read_results import NotFound
from cutover.core.objects.replicaset import ReplicaSetView
from cutover.core.objects.snapshot import Need
from cutover.core.patch.edit import Edit, EnvEdit
from cutover.core.podtemplate.field_paths import Value


def _run(context: CheckContext) -> tuple[CheckResult, ...]:
    stable = context.snapshot.replicaset(context.rollout.settled_hash)
    if isinstance(stable, NotFound) or context.edits.unchanged:
        return ()
    later = (each for each in context.snapshot.owned_replicasets() if each.meta.created > stable.meta.created)
    holders = sorted((each for each in later if _holds(context, each)), key=lambda each: each.meta.created)
    return tuple(_fault(context, each) for each in holders[-1:])


def _holds(context: CheckContext, replicaset: ReplicaSetView) -> bool:
    return all(_is_known(edit) and edit.stands_in(replicaset.template) for edit in context.edits.edits)


def _is_known(edit: Edit) -> bool:
    """Whether the ReplicaSet can show the edit: if a field is removed, it shows a default in its place."""
    return isinstance(edit, EnvEdit) or isinstance(edit.after, Value)


def _fault(context: CheckContext, replicaset: ReplicaSetView) -> Fault:
    message = (
        f"ReplicaSet {replicaset.meta.name} (revision {replicaset.meta.revision or 'unknown'}) holds all that the plan "
        "wants and is newer than the stable one: the Rollout went there once, and came back"
    )
    return Fault(message, context.place("replicaset", replicaset.meta.name))


CHECK: Final = Check(
    code="C057",
    severity=Severity.INFO,
    title="these values were taken back before",
    when="a ReplicaSet of the Rollout that is newer than the stable one holds the plan's values at every edited place",
    remedy="find out why first: `cutover runs {scope}` and `kubectl argo rollouts get rollout {rollout} {scope}` show "
    "what became of it",
    needs=frozenset({Need.ROLLOUT, Need.STATUS, Need.REPLICASETS}),
    run=_run,
)
