"""A step counts as reached with only some of its canary pods available (Argo's `ReplicaProgressThresholdMet`)."""

from typing import Final

from cutover.core.base.documents import at, text, whole
from cutover.core.checks.check import Check, CheckContext, CheckResult, Fault
from cutover.core.checks.finding import Severity
from cutover.core.objects.snapshot import Need

PATH: Final = "spec.strategy.canary.replicaProgressThreshold"


def _run(context: CheckContext) -> tuple[CheckResult, ...]:
    threshold = at(context.rollout.canary, "replicaProgressThreshold")
    if threshold is None:
        return ()
    threshold_text = f"{text(threshold, 'type') or 'no type'} {whole(threshold, 'value')}"
    message = (
        f"{PATH} is {threshold_text}: steps and the promotion would go on with canary pods that never became Ready"
    )
    return (Fault(message, context.field(PATH)),)


CHECK: Final = Check(
    code="C022",
    severity=Severity.REFUSE,
    title="a step is passed before all its canary pods are available",
    when="`spec.strategy.canary.replicaProgressThreshold` is set",
    remedy="remove spec.strategy.canary.replicaProgressThreshold; this makes no new revision: "
    "`kubectl patch rollout {rollout} {scope} --type=json "
    '-p \'[{"op":"remove","path":"/spec/strategy/canary/replicaProgressThreshold"}]\'`',
    needs=frozenset({Need.ROLLOUT}),
    run=_run,
    acceptable=True,
)
