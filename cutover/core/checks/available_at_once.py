"""Nothing waits between the first canary pod and full promotion, not even for a pod to stay Ready.

With `minReadySeconds: 0` a pod counts as available in the instant in which it first is Ready. Where no step waits
either, one good answer of each pod promotes the change, and a canary that fails a moment later is stable by then.
"""

from typing import Final

from cutover.core.checks.check import Check, CheckContext, CheckResult, Fault
from cutover.core.checks.finding import Severity
from cutover.core.objects.canary_steps import FULL, steps_table, walks_steps
from cutover.core.objects.rollout import RolloutView
from cutover.core.objects.snapshot import Need
from cutover.core.objects.step_kinds import StepKind


def _run(context: CheckContext) -> tuple[CheckResult, ...]:
    rollout = context.rollout
    if rollout.min_ready_seconds or not walks_steps(rollout) or _waits(rollout):
        return ()
    message = (
        "spec.minReadySeconds is 0, and no step waits between the first setWeight and 100 %: "
        "a pod that was Ready for an instant counts, and the Rollout goes on"
    )
    return (Fault(message, context.field("spec.minReadySeconds")),)


def _waits(rollout: RolloutView) -> bool:
    """Whether any step other than `setWeight` is at a weight above 0 and below 100."""
    return any(step.kind is not StepKind.SET_WEIGHT and 0 < step.weight < FULL for step in steps_table(rollout))


CHECK: Final = Check(
    code="C037",
    severity=Severity.WARN,
    title="a pod counts as available at once",
    when="`spec.minReadySeconds` is 0, and no pause, analysis or experiment comes between the first weight and 100 %",
    remedy="set spec.minReadySeconds to two or three periods of the readinessProbe; this makes no new revision",
    needs=frozenset({Need.ROLLOUT}),
    run=_run,
)
