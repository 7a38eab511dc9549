"""Git, Helm or a controller owns the Rollout: what a run writes there is theirs to undo, during the run or long after.

A sync during the run puts the old values back under the canary; one after a failure brings the bad values back, if they
stand in Git. Where nobody syncs for a while the change stays, and is lost without a word with the next commit.
"""

from typing import Final

from cutover.core.checks.check import Check, CheckContext, CheckResult, Fault
from cutover.core.checks.finding import Severity
from cutover.core.checks.ownership import Owner, owners
from cutover.core.objects.snapshot import Need


def _run(context: CheckContext) -> tuple[CheckResult, ...]:
    return tuple(_fault(context, owner) for owner in owners(context.rollout))


def _fault(context: CheckContext, owner: Owner) -> Fault:
    message = (
        f"{owner.name} owns the Rollout: its next {owner.act} can undo the cutover, or the restore of a failed one"
    )
    remedy = f"{_ELSEWHERE}; or {owner.stop} until they say the same, and accept this in spec.allow of the plan"
    return Fault(message, context.field(f"metadata.{owner.mark}"), remedy)


_ELSEWHERE: Final = (
    "make the change in the files that the Rollout is made from (`cutover diff PLAN -o kustomize` prints it)"
)

CHECK: Final = Check(
    code="C036",
    severity=Severity.REFUSE,
    title="somebody else owns the Rollout",
    when="the Rollout carries the mark of Argo CD (`argocd.argoproj.io/tracking-id` or `…/instance`), of Flux "
    "(`kustomize.toolkit.fluxcd.io/name`, `helm.toolkit.fluxcd.io/name`) or of Helm (`meta.helm.sh/release-name` with "
    "`app.kubernetes.io/managed-by: Helm`); Argo CD tracks by label and has written it (field manager "
    "`argocd-controller`); or it has an "
    "owner that is its controller",
    remedy=f"{_ELSEWHERE}; or stop the syncs until they say the same, and accept this in spec.allow of the plan",
    needs=frozenset({Need.ROLLOUT}),
    run=_run,
    acceptable=True,
)
