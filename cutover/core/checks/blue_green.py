"""The Rollout is blue-green: it has other gates and no steps, and nothing of a canary holds for it."""

from typing import Final

from cutover.core.base.documents import at
from cutover.core.checks.check import Check, CheckContext, CheckResult, Fault
from cutover.core.checks.finding import Severity
from cutover.core.objects.snapshot import Need


def _run(context: CheckContext) -> tuple[CheckResult, ...]:
    if at(context.rollout.strategy, "blueGreen") is None:
        return ()
    message = "spec.strategy.blueGreen is set; cutover works with spec.strategy.canary and its steps only"
    return (Fault(message, context.field("spec.strategy.blueGreen")),)


CHECK: Final = Check(
    code="C002",
    severity=Severity.REFUSE,
    title="the strategy is blue-green",
    when="`spec.strategy.blueGreen` is set",
    remedy="make this change by hand through previewService and `kubectl argo rollouts promote {rollout} {scope}`, "
    "or give the Rollout spec.strategy.canary with steps",
    needs=frozenset({Need.ROLLOUT}),
    run=_run,
)
