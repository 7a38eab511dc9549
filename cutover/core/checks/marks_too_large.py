"""The plan changes more leaves than the marks of a run can name: nobody could finish it but the process that began."""

from typing import Final

from cutover.core.checks.check import Check, CheckContext, CheckResult, Fault
from cutover.core.checks.finding import Severity
from cutover.core.objects.snapshot import Need
from cutover.core.plan.deadlines import deadlines_of
from cutover.core.writes.deadman import armed_mark
from cutover.core.writes.make_marks import marks_for
from cutover.core.writes.run_annotations import LONGEST, too_large

_LONGEST_OWNER: Final = "x" * 1024
"""The longest owner that is reckoned with; a real one is made of the names of a user and a host."""


def _run(context: CheckContext) -> tuple[CheckResult, ...]:
    deadlines = deadlines_of(context.plan, context.snapshot, frozenset(), float("inf"))
    seconds = context.plan.deadman
    armed = None if seconds is None else armed_mark(seconds, context.rollout)
    marks = marks_for(
        context.plan, context.snapshot, context.edits, run="x" * 64, deadlines=deadlines, armed=armed, at=0.0
    )
    if not too_large(marks, _LONGEST_OWNER):
        return ()
    message = f"the marks of {len(context.edits.edits)} edits take more than {LONGEST // 1024} KiB of annotations"
    return (Fault(message, "plan: spec.changes"),)


CHECK: Final = Check(
    code="C030",
    severity=Severity.REFUSE,
    title="the plan is too large to be finished by anybody else",
    when="the marks, which name every changed leaf, would take more than 64 KiB",
    remedy="divide the plan into several, one after the other",
    needs=frozenset({Need.ROLLOUT}),
    run=_run,
)
