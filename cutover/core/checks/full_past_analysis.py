"""`promotion: full` cancels every analysis: a gate that somebody set up would be passed without a word."""

from typing import Final

from cutover.core.base.documents import at
from cutover.core.checks.check import Check, CheckContext, CheckResult, Fault
from cutover.core.checks.finding import Severity
from cutover.core.objects.snapshot import Need
from cutover.core.objects.step_kinds import StepKind, step_kind
from cutover.core.plan.model import Promotion


def _run(context: CheckContext) -> tuple[CheckResult, ...]:
    if context.plan.promotion is not Promotion.FULL:
        return ()
    return tuple(
        Fault(f"{path} would be cancelled by promotion: full", context.field(path)) for path in _gates(context)
    )


def _gates(context: CheckContext) -> tuple[str, ...]:
    rollout = context.rollout
    background = ("spec.strategy.canary.analysis",) if at(rollout.canary, "analysis") is not None else ()
    gates = {StepKind.ANALYSIS, StepKind.EXPERIMENT}
    steps = (index for index, step in enumerate(rollout.steps) if step_kind(step) in gates)
    return (*background, *(f"spec.strategy.canary.steps[{index}]" for index in steps))


CHECK: Final = Check(
    code="C026",
    severity=Severity.REFUSE,
    title="a full promotion would cancel an analysis",
    when="the plan says `promotion: full`, and the strategy has an analysis or an experiment",
    remedy="let the plan say `promotion: auto` or `promotion: steps`",
    needs=frozenset({Need.ROLLOUT}),
    run=_run,
    acceptable=True,
)
