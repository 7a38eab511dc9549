"""The plan wants a failed canary held, and nothing in the steps would hold it.

Without an indefinite pause between the first `setWeight` and 100 % the controller promotes any canary that becomes
Ready, however it behaves afterwards.
"""

from typing import Final

from cutover.core.checks.check import Check, CheckContext, CheckResult, Fault
from cutover.core.checks.finding import Severity
from cutover.core.objects.canary_steps import has_indefinite_pause_before_full, walks_steps
from cutover.core.objects.snapshot import Need
from cutover.core.plan.model import OnFailure, Plan, PointOfNoReturn


def _run(context: CheckContext) -> tuple[CheckResult, ...]:
    rollout = context.rollout
    asks = _asks(context.plan)
    if not asks or not walks_steps(rollout) or has_indefinite_pause_before_full(rollout):
        return ()
    message = (
        f"the plan's {asks}, and spec.strategy.canary.steps have no `pause: {{}}` between the first setWeight "
        "and 100 %: the controller would promote the canary as soon as it is Ready"
    )
    return (Fault(message, context.field("spec.strategy.canary.steps")),)


def _asks(plan: Plan) -> str:
    """Name the field of the plan that needs the canary to be stopped at a pause; empty if none does."""
    if plan.on_failure is OnFailure.HOLD:
        return "onFailure is hold"
    point = plan.point_of_no_return
    return "" if point is PointOfNoReturn.NONE else f"pointOfNoReturn is {point.value}"


CHECK: Final = Check(
    code="C023",
    severity=Severity.REFUSE,
    title="nothing would hold a failed canary",
    when=(
        "the plan says `onFailure: hold` or has a `pointOfNoReturn`, and no step is an indefinite `pause: {}` "
        "between the first weight and 100 %"
    ),
    remedy="put `pause: {}` behind the first setWeight in spec.strategy.canary.steps, "
    "or set onFailure: restore and pointOfNoReturn: none in the plan",
    needs=frozenset({Need.ROLLOUT}),
    run=_run,
)
