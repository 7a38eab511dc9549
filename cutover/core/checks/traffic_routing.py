"""A traffic router decides who gets requests: pod counts and readiness then say nothing about exposure."""

from typing import Final

from cutover.core.base.documents import at, mapping
from cutover.core.checks.check import Check, CheckContext, CheckResult, Fault
from cutover.core.checks.finding import Severity
from cutover.core.objects.snapshot import Need


def _run(context: CheckContext) -> tuple[CheckResult, ...]:
    if at(context.rollout.canary, "trafficRouting") is None:
        return ()
    routers = ", ".join(sorted(mapping(context.rollout.canary, "trafficRouting"))) or "empty"
    message = f"spec.strategy.canary.trafficRouting is set ({routers}); cutover works by pod counts only"
    return (Fault(message, context.field("spec.strategy.canary.trafficRouting")),)


CHECK: Final = Check(
    code="C004",
    severity=Severity.REFUSE,
    title="a traffic router is used",
    when="`spec.strategy.canary.trafficRouting` is set",
    remedy="make this change by hand and watch it with "
    "`kubectl argo rollouts get rollout {rollout} {scope} --watch`, or remove spec.strategy.canary.trafficRouting",
    needs=frozenset({Need.ROLLOUT}),
    run=_run,
)
