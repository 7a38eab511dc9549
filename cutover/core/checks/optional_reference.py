"""A reference of the plan is `optional`: without its key the pods start with no variable at all.

The application then takes its own default, often `localhost`, and can be Ready with it.
"""

from typing import Final

from cutover.core.checks.check import Check, Fault, Ground, Need, Verdict
from cutover.core.checks.finding import Severity
from cutover.core.edit import Edit
from cutover.core.template.source import FromConfigMap, FromSecret
from cutover.core.views.config import ConfigView
from cutover.core.world import ConfigKey, Missing, Unreadable


def _run(ground: Ground) -> tuple[Verdict, ...]:
    return tuple(
        _fault(ground, edit, edit.after)
        for edit in ground.edits.edits
        if isinstance(edit.after, FromSecret | FromConfigMap) and edit.after.optional
    )


def _fault(ground: Ground, edit: Edit, reference: FromSecret | FromConfigMap) -> Fault:
    kind = "Secret" if isinstance(reference, FromSecret) else "ConfigMap"
    state = _state(ground, (kind, reference.name), reference.key)
    message = (
        f"{edit.variable} of container {edit.container} refers to key {reference.key} of {kind} {reference.name} with "
        f"optional: true, and {state}: without it the application starts without the variable"
    )
    return Fault(message, ground.container_field(edit.container, f"env[{edit.variable}]", init=edit.init))


def _state(ground: Ground, key: ConfigKey, wanted: str) -> str:
    match ground.snapshot.configs.get(key, Unreadable("", "it was not read")):
        case Missing():
            return "the object does not exist"
        case Unreadable(_, reason):
            return f"whether it exists is not known ({reason})"
        case ConfigView(keys=keys):
            return "the key exists now" if wanted in keys else "the key does not exist"


CHECK: Final = Check(
    code="C018",
    severity=Severity.WARN,
    title="a reference is optional",
    when=("a new value comes from a reference with `optional: true`: without its key there is no variable at all"),
    remedy="leave out `optional: true`: new pods then do not start without the key, and the canary is held",
    needs=frozenset({Need.CONFIGS}),
    run=_run,
)
