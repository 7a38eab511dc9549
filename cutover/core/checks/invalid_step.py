"""A step is invalid by Argo's rules: the controller would call the Rollout InvalidSpec, and adopt nothing any more.

The API server takes such a spec. Only the controller judges steps, and only when it handles the Rollout; with an
invalid one it does nothing, not even an abort (`ValidateRolloutStrategyCanary`).
"""

from typing import Final

from cutover.core.checks.check import Check, CheckContext, CheckResult, Fault
from cutover.core.checks.finding import Severity
from cutover.core.objects.canary_steps import is_plain_canary
from cutover.core.objects.snapshot import Need
from cutover.core.objects.step_kinds import invalid_because


def _run(context: CheckContext) -> tuple[CheckResult, ...]:
    if not is_plain_canary(context.rollout):
        return ()
    problems = ((index, invalid_because(step)) for index, step in enumerate(context.rollout.steps))
    return tuple(_fault(context, index, problem) for index, problem in problems if problem)


def _fault(context: CheckContext, index: int, problem: str) -> Fault:
    place = f"spec.strategy.canary.steps[{index}]"
    return Fault(f"{place} is invalid: {problem}", context.field(place))


CHECK: Final = Check(
    code="C046",
    severity=Severity.REFUSE,
    title="Argo calls a step invalid",
    when="a step has no kind or several, a weight outside of 0 to 100, a pause without a length that Argo can read, or "
    "needs a traffic router and there is none",
    remedy="correct the step; `kubectl argo rollouts lint --filename FILE` says what Argo thinks of it",
    needs=frozenset({Need.ROLLOUT}),
    run=_run,
)
