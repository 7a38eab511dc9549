"""Stable is scaled down while the canary grows: after an abort it has to grow back before it can serve everything.

Until its pods are Ready again the users stay on the canary, or on too few pods of stable.
"""

from typing import Final

from cutover.core.base.documents import flag
from cutover.core.checks.check import Check, CheckContext, CheckResult, Fault
from cutover.core.checks.finding import Severity
from cutover.core.objects.snapshot import Need

FIELD: Final = "spec.strategy.canary.dynamicStableScale"


def _run(context: CheckContext) -> tuple[CheckResult, ...]:
    if not flag(context.rollout.canary, "dynamicStableScale"):
        return ()
    message = f"{FIELD} is true: stable shrinks as the canary grows, and an abort waits until it has grown back"
    return (Fault(message, context.field(FIELD)),)


CHECK: Final = Check(
    code="C038",
    severity=Severity.WARN,
    title="stable shrinks while the canary grows",
    when="`spec.strategy.canary.dynamicStableScale` is true, which Argo takes together with a traffic router only",
    # Argo refuses the one without the other (argo-rollouts v1.10.1 `ValidateRolloutStrategyCanary`).
    remedy=f"remove {FIELD}, in the same write as spec.strategy.canary.trafficRouting if that goes, too: "
    "without a router Argo takes the Rollout for invalid",
    needs=frozenset({Need.ROLLOUT}),
    run=_run,
)
