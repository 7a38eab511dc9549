"""A run that died, or waits for a person, left its marks on the Rollout: it has to be finished first."""

from typing import Final

from cutover.core.checks.check import Check, CheckContext, CheckResult, Fault
from cutover.core.checks.finding import Severity
from cutover.core.objects.snapshot import Need
from cutover.core.writes.deadman import is_armed
from cutover.core.writes.run_annotations import MARKS, Marks, marks_of


def _run(context: CheckContext) -> tuple[CheckResult, ...]:
    rollout = context.rollout
    marks = marks_of(rollout.meta.annotations)
    if marks is None:
        return ()
    place = context.field(f"metadata.annotations[{MARKS}]")
    if not rollout.settled_hash:
        return (Fault(f"run {marks.run} is not finished: its canary is still under way", place),)
    if isinstance(marks, Marks) and is_armed(rollout, marks.armed):
        return (Fault(f"run {marks.run} is not finished: its dead-man is still armed", place),)
    return ()


CHECK: Final = Check(
    code="C027",
    severity=Severity.REFUSE,
    title="another run is not finished",
    when=(
        "a run that died, or waits for a person, left its marks (`cutover.dev/…`), and its canary is under "
        "way or its dead-man armed"
    ),
    remedy="`cutover resume {rollout} {scope}` finishes it; `kubectl get lease {scope}` names who holds it, if anybody",
    needs=frozenset({Need.ROLLOUT, Need.STATUS}),
    run=_run,
)
