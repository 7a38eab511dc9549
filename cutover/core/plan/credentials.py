"""The credentials that a plan spells out itself, so that they are masked wherever they turn up."""

from cutover.core.base.redaction import Redactor, credentials_in
from cutover.core.base.secret_text import Sealed
from cutover.core.plan.changes import PatchChange, literals_of
from cutover.core.plan.model import Plan


def spells_out_a_secret(plan: Plan, redactor: Redactor) -> bool:
    """Whether anything that the plan spells out itself is never shown."""
    literals = (literal for change in plan.changes for literal in literals_of(change))
    patches = (change for change in plan.changes if isinstance(change, PatchChange))
    values = (value for patch in patches for operation in patch.operations for value in operation.value)
    return any(redactor.hides(*literal) for literal in literals) or any(
        redactor.document(value) != value for value in values
    )


def plan_credentials(plan: Plan) -> tuple[Sealed, ...]:
    """What is secret in the plan's own literals, new and old: those under a telling name, passwords inside of URLs."""
    literals = (literal for change in plan.changes for literal in literals_of(change))
    return tuple(part for name, value in literals for part in credentials_in(name, value))
