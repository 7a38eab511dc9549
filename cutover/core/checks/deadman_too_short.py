"""The dead-man would abort a good canary: it has to leave the run itself more time than the run takes."""

from typing import Final

from cutover.core.checks.check import Check, CheckContext, CheckResult, Fault
from cutover.core.checks.finding import Severity
from cutover.core.objects.snapshot import Need
from cutover.core.plan.deadlines import deadlines_of


def _run(context: CheckContext) -> tuple[CheckResult, ...]:
    changed = context.edits.containers
    deadlines = deadlines_of(context.plan, context.snapshot, changed, float("inf"))
    by_itself = max(deadlines.adopt_within, deadlines.ready_within + deadlines.relapse_within)
    # Argo calls a spec invalid whose progress deadline is not longer than minReadySeconds.
    needed = max(by_itself, context.rollout.min_ready_seconds)
    seconds = context.plan.deadman
    if seconds is None or seconds > needed:
        return ()
    return (
        Fault(
            f"the plan's deadman.seconds is {seconds}, and the run itself gives a canary up after {needed:g} s",
            "plan: spec.deadman.seconds",
            f"let the plan say more than {needed:g} in deadman.seconds, or less in watch.readyWithin",
        ),
    )


CHECK: Final = Check(
    code="C029",
    severity=Severity.REFUSE,
    title="the dead-man is not longer than the run's own deadline",
    when="`deadman.seconds` is not more than `adoptWithin`, nor than `readyWithin` and a relapse together",
    remedy="let the plan say more in deadman.seconds",
    needs=frozenset({Need.ROLLOUT, Need.PODS}),
    run=_run,
)
