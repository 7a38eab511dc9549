"""The plan holds the canary for less time than its readiness probe needs to notice a loss.

A canary that is Ready once and then loses what it depends on still counts as Ready when the hold is over, and is
promoted.
"""

from typing import Final

from cutover.core.base.documents import Json, mapping
from cutover.core.checks.check import Check, CheckContext, CheckResult, Fault
from cutover.core.checks.finding import Severity
from cutover.core.objects.canary_steps import has_indefinite_pause_before_full, walks_steps
from cutover.core.objects.snapshot import Need
from cutover.core.plan.model import Auto
from cutover.core.podtemplate.containers import Container
from cutover.core.podtemplate.probes import failures_of, notices_within, period_of


def _run(context: CheckContext) -> tuple[CheckResult, ...]:
    """Judge the plan's hold only if the steps have an indefinite pause: a run holds nowhere else."""
    hold, rollout = context.plan.watch.hold, context.rollout
    if isinstance(hold, Auto) or not walks_steps(rollout) or not has_indefinite_pause_before_full(rollout):
        return ()
    probed = ((each, mapping(each.document, "readinessProbe")) for each in context.changed_containers)
    return tuple(_fault(context, each, probe, hold) for each, probe in probed if probe and hold < notices_within(probe))


def _fault(context: CheckContext, container: Container, probe: Json, hold: float) -> Fault:
    message = (
        f"the plan's hold is {hold:g} s, and the readinessProbe of container {container.name} takes up to "
        f"{notices_within(probe)} s to notice a loss (failureThreshold {failures_of(probe)}, "
        f"periodSeconds {period_of(probe)}): a canary that is lost meanwhile passes the pause"
    )
    remedy = f"let the plan say hold: auto, or {notices_within(probe)}s at least"
    return Fault(message, context.container_field(container.name, "readinessProbe.periodSeconds"), remedy)


CHECK: Final = Check(
    code="C043",
    severity=Severity.WARN,
    title="the hold is shorter than readiness needs to notice a loss",
    when="the plan's `hold` is a time below `periodSeconds` × `failureThreshold` of the `readinessProbe` of a "
    "container that it changes",
    remedy="let the plan say hold: auto, or a time of at least periodSeconds × failureThreshold",
    needs=frozenset({Need.ROLLOUT}),
    run=_run,
)
