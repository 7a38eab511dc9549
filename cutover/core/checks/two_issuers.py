"""While the canary runs, tokens of two issuers are in use, and pods of either side meet tokens of the other.

Who logged in at the old provider is sent to a pod that knows only the new one, and the other way round: the pods are
Ready, and users are refused. Applications that take both issuers' tokens for the time of the change have no such users.
"""

from typing import Final

from cutover.core.checks.check import Check, CheckContext, CheckResult, Fault
from cutover.core.checks.finding import Severity
from cutover.core.objects.snapshot import Need
from cutover.core.plan.changes import OidcChange

_BOTH: Final = frozenset({"old", "new"})


def _run(context: CheckContext) -> tuple[CheckResult, ...]:
    changes = (change for change in context.plan.changes if isinstance(change, OidcChange))
    return tuple(_fault(change) for change in changes if context.edits.edits and set(change.accepts) != _BOTH)


def _fault(change: OidcChange) -> Fault:
    statement = (
        f"accepts {' and '.join(change.accepts)} only" if change.accepts else "does not say whose tokens it accepts"
    )
    message = (
        f"two issuers are in use while the canary runs, and the plan {statement}: users of the other would be refused"
    )
    return Fault(message, f"plan: {change.env.at.path or 'spec.changes'}")


CHECK: Final = Check(
    code="C072",
    severity=Severity.WARN,
    title="two issuers at once",
    when="an `oidc` change whose `accepts` is not both of `old` and `new`",
    remedy="let the application accept the tokens of both issuers first, then let the plan say `accepts: [old, new]`",
    needs=frozenset({Need.ROLLOUT}),
    run=_run,
)
