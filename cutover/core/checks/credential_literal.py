"""The plan spells out what looks like a credential: it would stand in the Rollout and in every ReplicaSet of it.

Whoever may read those objects reads it, in every revision that is kept. The literal also stands in the plan's own file.
"""

from typing import Final

from cutover.core.base.redaction import credentials_in
from cutover.core.checks.check import Check, CheckContext, CheckResult, Fault
from cutover.core.checks.finding import Severity
from cutover.core.objects.snapshot import Need
from cutover.core.patch.edit import EnvEdit
from cutover.core.podtemplate.env_source import LiteralValue


def _run(context: CheckContext) -> tuple[CheckResult, ...]:
    return tuple(_fault(context, edit) for edit in context.edits.of_variables if _holds_a_credential(edit))


def _holds_a_credential(edit: EnvEdit) -> bool:
    return isinstance(edit.after, LiteralValue) and any(True for _ in credentials_in(edit.variable, edit.after.value))


def _fault(context: CheckContext, edit: EnvEdit) -> Fault:
    message = f"the new value of {edit.variable} in container {edit.container} looks like a credential"
    return Fault(message, context.container_field(edit.container, f"env[{edit.variable}].value", init=edit.init))


CHECK: Final = Check(
    code="C034",
    severity=Severity.WARN,
    title="a literal looks like a credential",
    when="a `value` of the plan stands under a telling name, or has a password in a URL",
    remedy="put it into a Secret, and let the plan refer to it by secretKeyRef",
    needs=frozenset({Need.ROLLOUT}),
    run=_run,
)
