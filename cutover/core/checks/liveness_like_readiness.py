"""Liveness asks the same as readiness: who loses a dependency is then killed instead of taken out of service.

The kubelet restarts a container whose livenessProbe fails. If that asks for the database, too, the loss of the database
restarts every pod of stable at once, and none of them comes back before it does.
"""

from typing import Final

from cutover.core.base.documents import at
from cutover.core.checks.check import Check, CheckContext, CheckResult, Fault
from cutover.core.checks.finding import Severity
from cutover.core.objects.snapshot import Need
from cutover.core.podtemplate.containers import Container
from cutover.core.podtemplate.probes import http_request


def _run(context: CheckContext) -> tuple[CheckResult, ...]:
    return tuple(_fault(context, each) for each in context.changed_containers if _asks_the_same(each))


def _asks_the_same(container: Container) -> bool:
    alive = http_request(container, "livenessProbe")
    return alive is not None and alive == http_request(container, "readinessProbe")


def _fault(context: CheckContext, container: Container) -> Fault:
    path = at(container.document, "livenessProbe", "httpGet", "path")
    message = (
        f"livenessProbe and readinessProbe of container {container.name} both ask for {path}: "
        "without what it depends on its pods are restarted, those of stable too"
    )
    return Fault(message, context.container_field(container.name, "livenessProbe.httpGet.path"))


CHECK: Final = Check(
    code="C033",
    severity=Severity.WARN,
    title="liveness asks the same as readiness",
    when="`livenessProbe` and `readinessProbe` of a container that the plan changes ask for the same path and port",
    remedy="let livenessProbe ask for a path that answers without any dependency, "
    "and keep readinessProbe as it is; this is a new revision: roll it out first",
    needs=frozenset({Need.ROLLOUT}),
    run=_run,
)
