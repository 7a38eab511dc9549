"""The credentials that a plan spells out itself, so that they are masked wherever they turn up."""

from cutover.core.plan.model import Plan
from cutover.core.redact import credentials_in
from cutover.core.sealed import Sealed
from cutover.core.template.source import Literal


def plan_credentials(plan: Plan) -> tuple[Sealed, ...]:
    """What is secret in the plan's own literals, new and old: those under a telling name, passwords inside of URLs."""
    sources = ((change.variable, source) for change in plan.changes for source in (change.to, change.expects))
    literals = ((name, source.value) for name, source in sources if isinstance(source, Literal))
    return tuple(part for name, value in literals for part in credentials_in(name, value))
