"""The Rollout has no pods: with 0 replicas every `setWeight` is satisfied at once and the change goes in untested."""

from typing import Final

from cutover.core.checks.check import Check, CheckContext, CheckResult, Fault
from cutover.core.checks.finding import Severity
from cutover.core.objects.snapshot import Need


def _run(context: CheckContext) -> tuple[CheckResult, ...]:
    if context.rollout.replicas > 0:
        return ()
    message = f"spec.replicas is {context.rollout.replicas}: the change would be promoted without one pod having run it"
    return (Fault(message, context.field("spec.replicas")),)


CHECK: Final = Check(
    code="C011",
    severity=Severity.REFUSE,
    title="the Rollout has no replicas",
    when="`spec.replicas` is 0: every weight is reached at once, untested",
    remedy="set spec.replicas to 2 or more: `kubectl scale rollout/{rollout} {scope} --replicas=2` "
    "(where an autoscaler owns it, raise its minimum)",
    needs=frozenset({Need.ROLLOUT}),
    run=_run,
)
