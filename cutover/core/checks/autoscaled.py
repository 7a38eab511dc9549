"""An autoscaler scales the Rollout: `spec.replicas` can change in the middle of the run, and with it every count.

Argo works out the canary's pods anew from each number. Scaled down far enough, a weight rounds to no canary pod at all,
and the gate behind it is passed with nothing of the change having run. Slow canary pods can also be what scales it.
"""

from dataclasses import replace
from typing import Final

from cutover.core.checks.check import Check, CheckContext, CheckResult, Fault
from cutover.core.checks.finding import Severity
from cutover.core.objects.autoscaler import AutoscalerView
from cutover.core.objects.canary_steps import StepCounts, steps_table, walks_steps
from cutover.core.objects.snapshot import Need


def _run(context: CheckContext) -> tuple[CheckResult, ...]:
    name = context.snapshot.target.rollout
    scalers = (each for each in context.snapshot.namespace_objects.autoscalers if each.scales_rollout(name))
    return tuple(_fault(context, each) for each in scalers if each.least != each.most)


def _fault(context: CheckContext, scaler: AutoscalerView) -> Fault:
    who = f"ScaledObject {scaler.keda}" if scaler.keda else f"HorizontalPodAutoscaler {scaler.meta.name}"
    message = f"{who} scales this Rollout between {scaler.least} and {scaler.most} replicas, during the run, too"
    kind = "scaledobject" if scaler.keda else "horizontalpodautoscaler"
    where = context.place(kind, scaler.keda or scaler.meta.name, "spec")
    remedy = _KEDA.replace("NAME", scaler.keda) if scaler.keda else ""
    return Fault(message + _empty(context, scaler.least), where, remedy)


def _empty(context: CheckContext, least: int) -> str:
    """Name the weights that give no canary pod when the Rollout has `least` replicas; empty if there are none."""
    rollout = replace(context.rollout, replicas=least)
    empty = [step for step in steps_table(rollout) if _is_empty(step)] if walks_steps(rollout) else []
    return f"; with {least}, {_named(empty)} no canary pod" if empty else ""


def _is_empty(step: StepCounts) -> bool:
    return step.weight > 0 and step.canary == 0


def _named(steps: list[StepCounts]) -> str:
    weights = ", ".join(dict.fromkeys(f"{step.weight} %" for step in steps))
    return f"a weight of {weights} is"


_KEDA: Final = (
    "keep it still for the run: `kubectl annotate scaledobject NAME {scope} autoscaling.keda.sh/paused=true`, and take "
    "the annotation away afterwards"
)

CHECK: Final = Check(
    code="C053",
    severity=Severity.WARN,
    title="an autoscaler scales the Rollout",
    when="a HorizontalPodAutoscaler (KEDA's, too) names the Rollout, and its `minReplicas` is not its `maxReplicas`",
    remedy="keep it still for the run: `kubectl edit hpa {scope}`, spec.minReplicas and spec.maxReplicas both at "
    "the number that there is now",
    needs=frozenset({Need.ROLLOUT, Need.AUTOSCALERS}),
    run=_run,
)
