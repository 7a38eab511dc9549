"""Pods may be missing while the canary is not Ready: a bad canary then costs capacity, and an abort must start pods.

While the weight rises Argo ignores whether stable's pods are available, so it takes them down before the canary's are
(`GetReplicasForScaleDown`). Its default, 25 %, does this from 4 replicas on. Steps behind the first count too: what
they cost is no smaller for coming later.
"""

from typing import Final

from cutover.core.base.documents import at
from cutover.core.checks.check import Check, CheckContext, CheckResult, Fault
from cutover.core.checks.finding import Severity
from cutover.core.objects.canary_steps import Dip, dips, resolve_surge, walks_steps
from cutover.core.objects.snapshot import Need

PATH: Final = "spec.strategy.canary.maxUnavailable"


def _run(context: CheckContext) -> tuple[CheckResult, ...]:
    if not walks_steps(context.rollout):
        return ()
    return tuple(Fault(_why(context, dip), context.field(PATH), _remedy(context)) for dip in dips(context.rollout)[:1])


def _why(context: CheckContext, dip: Dip) -> str:
    rollout = context.rollout
    last = dip.index == len(rollout.steps)
    step = "at the promotion to 100 %" if last else f"at steps[{dip.index}] (setWeight: {dip.weight})"
    missing = resolve_surge(rollout).unavailable
    return (
        f"{PATH} {_spelled(at(rollout.canary, 'maxUnavailable'))}, which lets {missing} of {rollout.replicas} pods be "
        f"missing: {step} only {dip.serving} serve until the new canary pods are Ready"
    )


def _spelled(value: object) -> str:
    return "is not set (Argo's default is 25%)" if value is None else f"is {value}"


def _remedy(context: CheckContext) -> str:
    """Return the patch to `maxUnavailable` 0; it also sets `maxSurge`, if that is 0: both at 0 is an invalid spec."""
    enough = resolve_surge(context.rollout).surge > 0
    fields = '"maxUnavailable":0' if enough else '"maxSurge":1,"maxUnavailable":0'
    return REMEDY.replace("FIELDS", fields)


REMEDY: Final = (
    "set spec.strategy.canary.maxUnavailable to 0; maxSurge must then be 1 or more. This makes no new revision: "
    '`kubectl patch rollout {rollout} {scope} --type=merge -p \'{"spec":{"strategy":{"canary":{FIELDS}}}}\'`'
)

CHECK: Final = Check(
    code="C020",
    severity=Severity.REFUSE,
    title="stable shrinks before the canary is Ready",
    when=(
        "`maxUnavailable` lets fewer than `spec.replicas` pods serve at some step, or at the promotion, until "
        "the new canary pods are Ready; Argo's default (25%) does from 4 replicas on"
    ),
    remedy=REMEDY.replace("FIELDS", '"maxSurge":1,"maxUnavailable":0'),
    needs=frozenset({Need.ROLLOUT}),
    run=_run,
    acceptable=True,
)
