"""The plan spells out what looks like a credential: it would stand in the Rollout and in every ReplicaSet of it.

Whoever may read those objects reads it, in every revision that is kept. The literal also stands in the plan's own file.
"""

from typing import Final

from cutover.core.base.redaction import credentials_in
from cutover.core.checks.check import Check, Fault, Ground, Verdict
from cutover.core.checks.finding import Severity
from cutover.core.objects.snapshot import Need
from cutover.core.patch.edit import EnvEdit
from cutover.core.podtemplate.env_source import Literal


def _run(ground: Ground) -> tuple[Verdict, ...]:
    return tuple(_fault(ground, edit) for edit in ground.edits.of_variables if _holds_a_credential(edit))


def _holds_a_credential(edit: EnvEdit) -> bool:
    return isinstance(edit.after, Literal) and any(True for _ in credentials_in(edit.variable, edit.after.value))


def _fault(ground: Ground, edit: EnvEdit) -> Fault:
    message = f"the new value of {edit.variable} in container {edit.container} looks like a credential"
    return Fault(message, ground.container_field(edit.container, f"env[{edit.variable}].value", init=edit.init))


CHECK: Final = Check(
    code="C034",
    severity=Severity.WARN,
    title="a literal looks like a credential",
    when="a `value` of the plan stands under a telling name, or has a password in a URL",
    remedy="put it into a Secret, and let the plan refer to it by secretKeyRef",
    needs=frozenset({Need.ROLLOUT}),
    run=_run,
)
