"""The Rollout is paused: nothing would be scaled, yet AnalysisRuns may run; an abort would not move a pod (#3756)."""

from collections.abc import Iterator
from typing import Final

from cutover.core.checks.check import Check, CheckContext, CheckResult, Fault
from cutover.core.checks.finding import Severity
from cutover.core.objects.snapshot import Need


def _run(context: CheckContext) -> tuple[CheckResult, ...]:
    return tuple(_faults(context))


def _faults(context: CheckContext) -> Iterator[Fault]:
    status = context.rollout.status
    if context.rollout.paused:
        yield Fault("spec.paused is true", context.field("spec.paused"))
    for index, pause in enumerate(status.pauses):
        path = f"status.pauseConditions[{index}]"
        since = f" since {pause.started}" if pause.started else ""
        yield Fault(f"{path}.reason is {pause.reason}{since}", context.field(path))
    if status.controller_pause and not status.pauses:
        message = "status.controllerPause is true without a pause condition: the controller is about to go on"
        yield Fault(message, context.field("status.controllerPause"))


CHECK: Final = Check(
    code="C007",
    severity=Severity.REFUSE,
    title="the Rollout is paused",
    when="`spec.paused`, a pause condition, or a pause that has just been ended",
    remedy="let it go on with `kubectl argo rollouts promote {rollout} {scope}` (it also clears spec.paused), "
    "and wait until it is Healthy",
    needs=frozenset({Need.ROLLOUT, Need.STATUS}),
    run=_run,
)
