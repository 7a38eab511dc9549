"""The old value, or the host in it, still stands somewhere else in the template once the plan's edits are made.

A pod that gets the new address in one variable and the old one in another (an argument, a second container, a job that
migrates) talks to both sides. What belongs to this very pod, plain words and numbers are not looked for.
"""

from typing import Final

from cutover.core.checks.check import Check, CheckContext, CheckResult, Fault
from cutover.core.checks.finding import Severity
from cutover.core.objects.snapshot import Need
from cutover.core.patch.edit import single
from cutover.core.patch.old_value_search import OldValue, old_values
from cutover.core.podtemplate.address_fields import AddressText, address_texts


def _run(context: CheckContext) -> tuple[CheckResult, ...]:
    sought = old_values(context.edits, context.snapshot.configs)
    return tuple(
        _fault(context, text, values)
        for text in address_texts(context.edits.after)
        if (values := tuple(value for value in sought if value.stands_in(text.text))) and not _edited(context, text)
    )


def _edited(context: CheckContext, text: AddressText) -> bool:
    return any(text.place[: len(place)] == place for place in single(context.edits.places))


def _fault(context: CheckContext, text: AddressText, values: tuple[OldValue, ...]) -> Fault:
    whats = ", ".join(dict.fromkeys(value.what for value in values))
    message = f"{whats} stands here, too, and the plan leaves it as it is"
    return Fault(message, context.field(f"spec.template.{text.words}"))


CHECK: Final = Check(
    code="C051",
    severity=Severity.WARN,
    title="the old value stands elsewhere in the template",
    when="a literal that the plan replaces, or the host in an old URL, is part of an argument, another variable, a "
    "probe, an annotation or another container of the new template",
    remedy="let the plan change this place, too; or accept it in spec.allow of the plan, if it is meant to stay",
    needs=frozenset({Need.ROLLOUT}),
    run=_run,
)
