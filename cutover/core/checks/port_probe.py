"""A changed container is Ready as soon as a port is open: what it depends on is not asked for.

With a wrong address or password most applications still open their port. Then the canary becomes Ready, and nothing of
what a readiness probe is for protects the users.
"""

from typing import Final

from cutover.core.base.documents import at
from cutover.core.checks.check import Check, CheckContext, CheckResult, Fault
from cutover.core.checks.finding import Severity
from cutover.core.objects.snapshot import Need
from cutover.core.podtemplate.containers import Container


def _run(context: CheckContext) -> tuple[CheckResult, ...]:
    containers = context.changed_containers
    return tuple(
        _fault(context, each) for each in containers if at(each.document, "readinessProbe", "tcpSocket") is not None
    )


def _fault(context: CheckContext, container: Container) -> Fault:
    message = f"the readinessProbe of container {container.name} only asks whether a port is open"
    return Fault(message, context.container_field(container.name, "readinessProbe.tcpSocket"))


CHECK: Final = Check(
    code="C032",
    severity=Severity.WARN,
    title="readiness asks only whether a port is open",
    when="the `readinessProbe` of a container that the plan changes is a `tcpSocket`",
    remedy="give it a readinessProbe that fails while what it depends on cannot be used, "
    "for instance httpGet: {path: /readyz, port: 8080}; this is a new revision: roll it out first",
    needs=frozenset({Need.ROLLOUT}),
    run=_run,
)
