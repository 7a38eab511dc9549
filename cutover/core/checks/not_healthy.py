"""The Rollout is not Healthy by Argo's own rules: a cutover would add to trouble, or be judged by it."""

from typing import Final

from cutover.core.base.cluster_text import sentence
from cutover.core.checks.check import Check, CheckContext, CheckResult, Fault
from cutover.core.checks.finding import Severity
from cutover.core.objects.rollout import phase_of
from cutover.core.objects.snapshot import Need


def _run(context: CheckContext) -> tuple[CheckResult, ...]:
    phase = phase_of(context.rollout)
    if phase.name == "Healthy":
        return ()
    why = sentence(" (", phase.message, ")") if phase.message else ""
    return (Fault(sentence(f"the phase is {phase.name}", why, ", not Healthy"), context.field("status.phase")),)


CHECK: Final = Check(
    code="C006",
    severity=Severity.REFUSE,
    title="the Rollout is not Healthy",
    when="the phase by Argo's own rules is anything else",
    remedy="see why with `kubectl argo rollouts get rollout {rollout} {scope}`; "
    "`kubectl argo rollouts status {rollout} {scope}` waits until it is Healthy",
    needs=frozenset({Need.ROLLOUT, Need.STATUS}),
    run=_run,
)
