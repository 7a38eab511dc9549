"""While the canary runs, pods write to two databases: every second of a healthy canary may be split brain.

Readiness does not see it. Where the new database follows the old one, what is written to it is refused or lost; where
both take writes, somebody has to be able to merge them.
"""

from types import MappingProxyType
from typing import Final

from cutover.core.checks.check import Check, CheckContext, CheckResult, Fault
from cutover.core.checks.finding import Severity
from cutover.core.objects.snapshot import Need
from cutover.core.plan.changes import DatabaseChange, DataRelation

_WHY: Final = MappingProxyType(
    {
        DataRelation.REPLICA: "follows the old one: a canary pod that writes is refused, or its writes are lost",
        DataRelation.BIDIRECTIONAL: "takes writes like the old one: the application must be safe against conflicts",
        DataRelation.DUAL_WRITE: "is written by the application beside the old one: both have to stay alike",
    }
)


def _run(context: CheckContext) -> tuple[CheckResult, ...]:
    changes = (change for change in context.plan.changes if isinstance(change, DatabaseChange))
    return tuple(_fault(change) for change in changes if context.edits.edits and not change.relation.harmless)


def _fault(change: DatabaseChange) -> Fault:
    message = f"the new database of {change.env.variable} {_WHY[change.relation]} (dataRelation: {change.relation})"
    return Fault(message, f"plan: {change.env.at.path or 'spec.changes'}")


CHECK: Final = Check(
    code="C073",
    severity=Severity.WARN,
    title="two databases at once",
    when="a `database` change whose `dataRelation` is neither `same` nor `independent`",
    remedy="switch below the application (a pooler, a name) or within a write freeze; or be sure that the data bears "
    "writes on both sides at once, and let the plan allow this finding with the reason",
    needs=frozenset({Need.ROLLOUT}),
    run=_run,
)
