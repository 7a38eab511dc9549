"""The Rollout is aborted: any change of its template silently clears the abort (argo-rollouts `resetRolloutStatus`)."""

from typing import Final

from cutover.core.base.cluster_text import sentence
from cutover.core.checks.check import Check, CheckContext, CheckResult, Fault
from cutover.core.checks.finding import Severity
from cutover.core.objects.replicaset import ReplicaSetView
from cutover.core.objects.snapshot import Need

REVISION: Final = "rollout.argoproj.io/revision"


def _run(context: CheckContext) -> tuple[CheckResult, ...]:
    status = context.rollout.status
    if not (status.abort or status.aborted_at):
        return ()
    field = "status.abort" if status.abort else "status.abortedAt"
    cause = status.condition("Progressing")
    why = sentence(": ", cause.message) if cause.reason == "RolloutAborted" and cause.message else ""
    message = sentence(f"{field} is set", why, "; changing the template now would clear somebody's abort")
    return (Fault(message, context.field(field), _remedy(context)),)


def _remedy(context: CheckContext) -> str:
    """Return how to go back to stable; `undo` needs the revision, or it takes the second newest, stable or not."""
    stable = context.snapshot.replicaset(context.rollout.status.stable_rs)
    revision = stable.meta.annotations.get(REVISION, "") if isinstance(stable, ReplicaSetView) else ""
    return BACK_TO_STABLE.replace("REVISION", revision) if revision else BACK_TO_STABLE


BACK_TO_STABLE: Final = (
    "go back to the stable revision with `kubectl argo rollouts undo {rollout} {scope} --to-revision=REVISION` "
    "(`kubectl argo rollouts get rollout {rollout} {scope}` shows which one is stable)"
)

CHECK: Final = Check(
    code="C008",
    severity=Severity.REFUSE,
    title="the Rollout is aborted",
    when="`status.abort` or `status.abortedAt` is set; a change of the template would clear it silently",
    remedy=BACK_TO_STABLE,
    needs=frozenset({Need.ROLLOUT, Need.STATUS, Need.REPLICASETS}),
    run=_run,
)
