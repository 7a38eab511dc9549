"""A PodDisruptionBudget lets none of the application's pods be evicted now: whoever drains a node waits for it.

Canary pods count as the budget's, too, and their number changes with each step. A drain that begins during the run
waits, holds its node without new pods meanwhile, and goes on at whatever moment the run has a pod to spare.
"""

from typing import Final

from cutover.core.base.documents import strings
from cutover.core.checks.check import Check, CheckContext, CheckResult, Fault
from cutover.core.checks.finding import Severity
from cutover.core.objects.disruption_budget import BudgetView
from cutover.core.objects.snapshot import Need


def _run(context: CheckContext) -> tuple[CheckResult, ...]:
    labels = strings(context.edits.after, "metadata", "labels")
    budgets = (each for each in context.snapshot.namespace_objects.budgets if each.selects(labels))
    return tuple(_fault(context, each) for each in budgets if _lets_nobody(each))


def _lets_nobody(budget: BudgetView) -> bool:
    """Whether the budget allows no eviction; false until its controller has counted the pods, as it shows 0 then."""
    return budget.current and budget.expected > 0 and budget.allowed == 0


def _fault(context: CheckContext, budget: BudgetView) -> Fault:
    message = (
        f"PodDisruptionBudget {budget.meta.name} allows no disruption now ({budget.healthy} pods are healthy, "
        f"{budget.desired} have to be): a node that is drained during the run waits"
    )
    return Fault(message, context.place("poddisruptionbudget", budget.meta.name, "status.disruptionsAllowed"))


CHECK: Final = Check(
    code="C054",
    severity=Severity.INFO,
    title="no pod may be evicted",
    when="a PodDisruptionBudget that selects the pods has `status.disruptionsAllowed: 0`",
    remedy="let no node be drained during the run, or give it room first: `kubectl edit pdb {scope}`",
    needs=frozenset({Need.ROLLOUT, Need.BUDGETS}),
    run=_run,
)
