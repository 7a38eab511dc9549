"""A reference of the plan is `optional`: without its key the pods start with no variable at all.

The application then takes its own default, often `localhost`, and can be Ready with it.
"""

from typing import Final

from cutover.core.base.cluster_text import Words, sentence
from cutover.core.checks.check import Check, CheckContext, CheckResult, Fault
from cutover.core.checks.finding import Severity
from cutover.core.objects.read_results import NotFound, ReadFailed
from cutover.core.objects.snapshot import Need
from cutover.core.podtemplate.config_references import ConfigReference


def _run(context: CheckContext) -> tuple[CheckResult, ...]:
    return tuple(_fault(context, reference) for reference in context.new_references if reference.optional)


def _fault(context: CheckContext, reference: ConfigReference) -> Fault:
    what = f"key {reference.key} of " if isinstance(reference.key, str) else ""
    message = sentence(
        f"{reference.user} refers to {what}{reference.kind} {reference.name} with optional: true, and ",
        _state(context, reference),
        f": without it the application starts without {_loss(reference)}",
    )
    return Fault(message, context.field(reference.where))


def _loss(reference: ConfigReference) -> str:
    return "the variable" if reference.variable else "what stands in it"


def _state(context: CheckContext, reference: ConfigReference) -> Words:
    what = "key" if isinstance(reference.key, str) else "object"
    match context.keys_of(reference.kind, reference.name):
        case NotFound():
            return "the object does not exist"
        case ReadFailed(_, reason):
            return sentence("whether it exists is not known (", reason, ")")
        case keys:
            there = reference.key in keys if isinstance(reference.key, str) else True
            return f"the {what} exists now" if there else f"the {what} does not exist"


CHECK: Final = Check(
    code="C018",
    severity=Severity.WARN,
    title="a reference is optional",
    when=("a new value comes from a reference with `optional: true`: without its key there is no variable at all"),
    remedy="leave out `optional: true`: new pods then do not start without the key, and the canary is held",
    needs=frozenset({Need.CONFIGS}),
    run=_run,
)
