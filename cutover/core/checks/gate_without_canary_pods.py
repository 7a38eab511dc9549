"""The first gate would run with no canary pod: it is passed, or waits, with nothing of the change having run.

A weight can round to zero pods, and a pause or an analysis before the first `setWeight` has none at all
(argo-rollouts `GetCurrentSetWeight`).
"""

from typing import Final

from cutover.core.checks.check import Check, CheckContext, CheckResult, Fault
from cutover.core.checks.finding import Severity
from cutover.core.objects.canary_steps import NoGate, StepCounts, first_gate, resolve_surge, walks_steps
from cutover.core.objects.snapshot import Need
from cutover.core.objects.step_kinds import StepKind


def _run(context: CheckContext) -> tuple[CheckResult, ...]:
    if not walks_steps(context.rollout) or context.rollout.replicas == 0:
        return ()
    gate = first_gate(context.rollout)
    if isinstance(gate, NoGate):
        message = f"spec.strategy.canary.steps hold no gate: {gate.reason}"
        return (Fault(message, context.field("spec.strategy.canary.steps"), _remedy(context)),)
    if gate.canary > 0:
        return ()
    return (Fault(_why(context, gate), context.field(f"spec.strategy.canary.steps[{gate.index}]"), _remedy(context)),)


def _why(context: CheckContext, gate: StepCounts) -> str:
    step = f"spec.strategy.canary.steps[{gate.index}]"
    if gate.kind is not StepKind.SET_WEIGHT:
        return f"{step} is {gate.kind} at weight {gate.weight}: no canary pod exists there yet"
    surge = resolve_surge(context.rollout).surge
    return (
        f"{step} is setWeight: {gate.weight}: of {context.rollout.replicas} replicas, maxSurge {surge}, that is 0 pods"
    )


def _remedy(context: CheckContext) -> str:
    """Return the remedy, with a weight that makes one canary pod beside a full stable if `maxSurge` is 1 or more."""
    weight = max(1, 100 // (context.rollout.replicas + 1))
    return REMEDY.replace("WEIGHT", str(weight))


REMEDY: Final = (
    "begin spec.strategy.canary.steps with setWeight: WEIGHT, and set spec.strategy.canary.maxSurge to 1 or more: "
    "that is one canary pod beside a full stable"
)

CHECK: Final = Check(
    code="C015",
    severity=Severity.REFUSE,
    title="the first gate has no canary pod",
    when=(
        "the first weight rounds to 0 pods, a pause or an analysis comes before any weight, or there is no gate at all"
    ),
    remedy=REMEDY,
    needs=frozenset({Need.ROLLOUT}),
    run=_run,
    acceptable=True,
)
