"""By its path the liveness probe asks for what readiness is for: whether the application's dependencies answer.

The kubelet restarts a container whose livenessProbe fails. With a bad value the canary then crashes instead of standing
unready, and the loss of the old target during the move restarts every pod of stable.
"""

from typing import Final

from cutover.core.base.documents import text
from cutover.core.checks.check import Check, CheckContext, CheckResult, Fault
from cutover.core.checks.finding import Severity
from cutover.core.objects.snapshot import Need
from cutover.core.podtemplate.containers import Container
from cutover.core.podtemplate.probes import http_request

READY: Final = frozenset({"ready", "readyz", "readiness"})
"""Last segments of a path that mean readiness."""

SUMS: Final = frozenset({"/actuator/health", "/q/health"})
"""Paths at which Spring Boot and Quarkus report on every component at once, databases included."""


def _run(context: CheckContext) -> tuple[CheckResult, ...]:
    """Judge by the path; a liveness probe that equals the readiness probe is left to C033, which says more."""
    faulty = (each for each in context.changed_containers if _looks_at_dependencies(_path(each)))
    other = (each for each in faulty if http_request(each, "livenessProbe") != http_request(each, "readinessProbe"))
    return tuple(_fault(context, each) for each in other)


def _path(container: Container) -> str:
    return text(container.document, "livenessProbe", "httpGet", "path")


def _looks_at_dependencies(path: str) -> bool:
    plain = path.partition("?")[0].rstrip("/").lower()
    return plain in SUMS or plain.rpartition("/")[2] in READY


def _fault(context: CheckContext, container: Container) -> Fault:
    message = (
        f"livenessProbe of container {container.name} asks for {_path(container)}, which by its name depends on "
        "others: without them its pods are restarted, those of stable too"
    )
    return Fault(message, context.container_field(container.name, "livenessProbe.httpGet.path"))


CHECK: Final = Check(
    code="C044",
    severity=Severity.WARN,
    title="liveness asks for the dependencies by its name",
    when="the path of the `livenessProbe` of a container that the plan changes ends in `ready`, `readyz` or "
    "`readiness`, or is `/actuator/health` or `/q/health`, and its `readinessProbe` asks for something else",
    remedy="let livenessProbe ask for a path that answers without any dependency (/livez, /actuator/health/liveness), "
    "and leave the others to readinessProbe; this is a new revision: roll it out first",
    needs=frozenset({Need.ROLLOUT}),
    run=_run,
)
