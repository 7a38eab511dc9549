"""A changed container has no readiness probe: Kubernetes then takes it for ready as soon as it runs.

Init containers are left out: they have no readiness, a bad value makes them fail.
"""

from typing import Final

from cutover.core.base.documents import mapping
from cutover.core.checks.check import Check, CheckContext, CheckResult, Fault
from cutover.core.checks.finding import Severity
from cutover.core.objects.snapshot import Need
from cutover.core.podtemplate.containers import Container


def _run(context: CheckContext) -> tuple[CheckResult, ...]:
    return tuple(_fault(context, each) for each in context.changed_containers if not _probed(each))


def _probed(container: Container) -> bool:
    return bool(mapping(container.document, "readinessProbe"))


def _fault(context: CheckContext, container: Container) -> Fault:
    message = f"container {container.name} has no readinessProbe: it counts as ready whatever its new value does"
    return Fault(message, context.container_field(container.name, "readinessProbe"))


CHECK: Final = Check(
    code="C019",
    severity=Severity.REFUSE,
    title="a changed container has no readiness probe",
    when="a container that the plan changes has no `readinessProbe`; init containers need none",
    remedy="give it a readinessProbe that fails while what it depends on cannot be used, "
    "for instance httpGet: {path: /readyz, port: 8080}; this is a new revision: roll it out first",
    needs=frozenset({Need.ROLLOUT}),
    run=_run,
    acceptable=True,
)
