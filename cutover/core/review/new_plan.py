"""Makes a new plan from the live Rollout: the requested changes, guarded by the live values, as a commented text.

The text is read back before it is returned, which proves that it is valid and says what was meant.
"""

from dataclasses import field, replace

from cutover.core.base.errors import InvalidPlanError, UsageError
from cutover.core.base.frozen import frozen
from cutover.core.base.redaction import Redactor
from cutover.core.base.target import Target
from cutover.core.objects.snapshot import Snapshot
from cutover.core.plan.deadlines import deadlines_of, ready_limit
from cutover.core.plan.load import load
from cutover.core.plan.model import Plan
from cutover.core.review.forecast import forecast_of
from cutover.core.review.new_plan_changes import PlacedChange, placed_changes
from cutover.core.review.new_plan_flags import NewPlanRequest
from cutover.core.review.new_plan_text import plan_text


@frozen
class NewPlan:
    """A new plan and its text, which nobody has reviewed yet; reading the text gives this plan."""

    plan: Plan
    text: str = field(repr=False)


def new_plan(asked: NewPlanRequest, snapshot: Snapshot, redactor: Redactor, file: str) -> NewPlan:
    """Make the plan for this Rollout; `file` is where it will be kept, for the commands that it names.

    Raises:
        RefusedError: the Rollout has no containers of its own.
        UsageError: a container is missing or ambiguous, or no plan can hold what is requested.
    """
    changes = placed_changes(asked, snapshot.rollout.template, redactor)
    plan = Plan(asked.name, asked.target, tuple(one.change for one in changes), digest="", file=file)
    homes = frozenset(change.container for change in plan.variables)
    about = f"A plan for {place_of(snapshot.target)}, made from what stood there. Nothing was written to it."
    return written_plan(plan, snapshot, changes, homes, (about,))


def place_of(target: Target) -> str:
    """Return `rollout NAMESPACE/NAME`, with the kubeconfig context if that is known."""
    return f"rollout {target}{f' in context {target.context}' if target.context else ''}"


def written_plan(
    plan: Plan, snapshot: Snapshot, changes: tuple[PlacedChange, ...], homes: frozenset[str], about: tuple[str, ...]
) -> NewPlan:
    """Write the plan, whose changes are these, as a text; `homes` are the containers that it changes.

    Raises:
        UsageError: no plan can hold it.
    """
    deadlines = deadlines_of(plan, snapshot, homes, timeout=float("inf"))
    text = plan_text(
        plan, about, changes, deadlines, forecast_of(plan, snapshot.rollout, deadlines, ready_limit(plan, snapshot))
    )
    return NewPlan(_read_back(plan, text), text)


def _read_back(plan: Plan, text: str) -> Plan:
    try:
        loaded = load(text, plan.file)
    except InvalidPlanError as error:
        raise UsageError(*error.problems) from None
    if loaded != replace(plan, digest=loaded.digest):
        raise ValueError("the text of a new plan does not say what was meant")
    return loaded
