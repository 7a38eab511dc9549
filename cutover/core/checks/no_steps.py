"""There are no canary steps: the update is a plain rolling one, with nothing to hold it."""

from typing import Final

from cutover.core.base.documents import at
from cutover.core.checks.check import Check, CheckContext, CheckResult, Fault
from cutover.core.checks.finding import Severity
from cutover.core.objects.snapshot import Need


def _run(context: CheckContext) -> tuple[CheckResult, ...]:
    rollout = context.rollout
    if rollout.steps or at(rollout.strategy, "blueGreen") is not None:
        return ()
    message = "spec.strategy.canary.steps is empty; without steps every pod is replaced with nothing to stop it"
    return (Fault(message, context.field("spec.strategy.canary.steps")),)


CHECK: Final = Check(
    code="C005",
    severity=Severity.REFUSE,
    title="the canary has no steps",
    when="`spec.strategy.canary.steps` is empty",
    remedy="set spec.strategy.canary.steps, for instance to "
    "[{setWeight: 20}, {pause: {}}, {setWeight: 60}, {pause: {duration: 30s}}]",
    needs=frozenset({Need.ROLLOUT}),
    run=_run,
)
