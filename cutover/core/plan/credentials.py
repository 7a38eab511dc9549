"""The credentials that a plan spells out itself, so that they are masked wherever they turn up."""

from cutover.core.plan.change import literals_of
from cutover.core.plan.model import Plan
from cutover.core.redact import credentials_in
from cutover.core.sealed import Sealed


def plan_credentials(plan: Plan) -> tuple[Sealed, ...]:
    """What is secret in the plan's own literals, new and old: those under a telling name, passwords inside of URLs."""
    literals = (literal for change in plan.changes for literal in literals_of(change))
    return tuple(part for name, value in literals for part in credentials_in(name, value))
