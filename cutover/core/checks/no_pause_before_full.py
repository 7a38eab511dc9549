"""No step waits for anybody: the controller promotes any canary that becomes Ready, and can outrun the judgement."""

from typing import Final

from cutover.core.checks.check import Check, CheckContext, CheckResult, Fault
from cutover.core.checks.finding import Severity
from cutover.core.objects.canary_steps import has_indefinite_pause_before_full, walks_steps
from cutover.core.objects.snapshot import Need


def _run(context: CheckContext) -> tuple[CheckResult, ...]:
    if not walks_steps(context.rollout) or has_indefinite_pause_before_full(context.rollout):
        return ()
    message = (
        "spec.strategy.canary.steps have no `pause: {}` between the first setWeight and 100 %: "
        "a canary that is Ready and yet wrong is promoted by the controller itself"
    )
    return (Fault(message, context.field("spec.strategy.canary.steps")),)


CHECK: Final = Check(
    code="C024",
    severity=Severity.WARN,
    title="no step waits before full promotion",
    when=(
        "no step is an indefinite `pause: {}` between the first weight and 100 %: the controller promotes "
        "whatever becomes Ready"
    ),
    remedy="put `pause: {}` behind the first setWeight in spec.strategy.canary.steps",
    needs=frozenset({Need.ROLLOUT}),
    run=_run,
)
