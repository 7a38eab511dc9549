"""The pod template is in another object.

A patch of `spec.template` would make the Rollout InvalidSpec, and one of the Deployment may also start a plain rolling
update there (argo-rollouts `rollout/templateref.go`).
"""

from typing import Final

from cutover.core.base.errors import Problem, RefusedError
from cutover.core.checks.check import Check, CheckContext, CheckResult, Fault
from cutover.core.checks.finding import Severity
from cutover.core.objects.snapshot import Need, Snapshot
from cutover.core.podtemplate.containers import containers

_MESSAGE: Final = "spec.workloadRef is set; cutover changes spec.template, which must be empty then"


def _run(context: CheckContext) -> tuple[CheckResult, ...]:
    return (Fault(_MESSAGE, context.field("spec.workloadRef")),) if context.rollout.workload_ref else ()


def demand_own_template(snapshot: Snapshot) -> None:
    """Refuse a Rollout whose template is in another object, before a plan is resolved in its empty one.

    Raises:
        RefusedError: it is.
    """
    if snapshot.rollout.workload_ref and not containers(snapshot.rollout.template):
        where = f"{snapshot.target.namespace}/rollout/{snapshot.target.rollout}: spec.workloadRef"
        raise RefusedError(Problem(_MESSAGE, where, remedy=CHECK.remedy, code=CHECK.code))


CHECK: Final = Check(
    code="C003",
    severity=Severity.REFUSE,
    title="the pod template is in another object",
    when="`spec.workloadRef` is set",
    remedy="move the template from the referenced object into spec.template and remove spec.workloadRef",
    needs=frozenset({Need.ROLLOUT}),
    run=_run,
)
