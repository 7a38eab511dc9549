"""A run that died at its very end left its marks on a Rollout that stands still: they are replaced."""

from typing import Final

from cutover.core.checks.check import Check, CheckContext, CheckResult, Fault
from cutover.core.checks.finding import Severity
from cutover.core.objects.snapshot import Need
from cutover.core.writes.deadman import is_armed
from cutover.core.writes.run_annotations import MARKS, Marks, marks_of


def _run(context: CheckContext) -> tuple[CheckResult, ...]:
    rollout = context.rollout
    marks = marks_of(rollout.meta.annotations)
    if marks is None or not rollout.settled_hash:
        return ()
    if isinstance(marks, Marks) and is_armed(rollout, marks.armed):
        return ()
    message = f"run {marks.run} left its marks; the Rollout stands still, so they are replaced"
    return (Fault(message, context.field(f"metadata.annotations[{MARKS}]")),)


CHECK: Final = Check(
    code="C028",
    severity=Severity.WARN,
    title="a dead run left its marks",
    when="a run that died left its marks (`cutover.dev/…`), and the Rollout stands still: the marks are replaced",
    remedy="nothing has to be done; `kubectl argo rollouts get rollout {rollout} {scope}` shows what it left behind",
    needs=frozenset({Need.ROLLOUT, Need.STATUS}),
    run=_run,
)
