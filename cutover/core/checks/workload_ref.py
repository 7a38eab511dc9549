"""The pod template is in another object.

A patch of `spec.template` would make the Rollout InvalidSpec, and one of the Deployment may also start a plain rolling
update there (argo-rollouts `rollout/templateref.go`).
"""

from typing import Final

from cutover.core.checks.check import Check, CheckContext, CheckResult, Fault
from cutover.core.checks.finding import Severity
from cutover.core.objects.snapshot import Need


def _run(context: CheckContext) -> tuple[CheckResult, ...]:
    if not context.rollout.workload_ref:
        return ()
    message = "spec.workloadRef is set; cutover changes spec.template, which must be empty then"
    return (Fault(message, context.field("spec.workloadRef")),)


CHECK: Final = Check(
    code="C003",
    severity=Severity.REFUSE,
    title="the pod template is in another object",
    when="`spec.workloadRef` is set",
    remedy="move the template from the referenced object into spec.template and remove spec.workloadRef",
    needs=frozenset({Need.ROLLOUT}),
    run=_run,
)
