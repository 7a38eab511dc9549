"""There is no stable revision: Argo skips every step of a first deploy, and there is nothing to go back to."""

from typing import Final

from cutover.core.checks.check import Check, CheckContext, CheckResult, Fault
from cutover.core.checks.finding import Severity
from cutover.core.objects.snapshot import Need


def _run(context: CheckContext) -> tuple[CheckResult, ...]:
    if context.rollout.status.stable_rs:
        return ()
    message = "status.stableRS is empty: no revision has been promoted yet, so there is none to hold on to"
    return (Fault(message, context.field("status.stableRS")),)


CHECK: Final = Check(
    code="C010",
    severity=Severity.REFUSE,
    title="there is no stable revision",
    when="`status.stableRS` is empty: steps are skipped on a first deploy",
    remedy="finish the first deploy with the configuration as it is: `kubectl argo rollouts status {rollout} {scope}`",
    needs=frozenset({Need.ROLLOUT, Need.STATUS}),
    run=_run,
)
