"""A key that the plan changes in a config object is taken by no container: the change would change nothing.

`env` decides over `envFrom` (Kubernetes `pkg/kubelet/kubelet_pods.go: makeEnvironmentVariables`), and a volume may pick
other keys. The canary would be Ready, with the old value.
"""

from collections.abc import Iterator
from typing import Final

from cutover.core.checks.check import Check, CheckContext, CheckResult, Fault
from cutover.core.checks.finding import Severity
from cutover.core.objects.snapshot import Need
from cutover.core.patch.edit import ConfigCopy
from cutover.core.podtemplate.config_references import ConfigReference, config_references
from cutover.core.podtemplate.containers import containers


def _run(context: CheckContext) -> tuple[CheckResult, ...]:
    return tuple(_fault(context, copy, key) for copy in context.edits.copies for key in _useless(context, copy))


def _useless(context: CheckContext, copy: ConfigCopy) -> Iterator[str]:
    references = [ref for ref in config_references(context.edits.after) if (ref.kind, ref.name) == copy.key]
    changed = (change.key for change in copy.changes if change.after is not None)
    yield from (key for key in changed if not any(_takes(context, ref, key) for ref in references))


def _takes(context: CheckContext, reference: ConfigReference, key: str) -> bool:
    if isinstance(reference.key, str):
        return reference.key == key
    return bool(reference.volume) or not _overridden(context, reference, key)


def _overridden(context: CheckContext, reference: ConfigReference, key: str) -> bool:
    """Whether the container's `env` has a variable of the key's name: `env` wins over `envFrom`."""
    named = (container for container in containers(context.edits.after) if container.name == reference.container)
    return any(f"{reference.prefix}{key}" in container.variables for container in named)


def _fault(context: CheckContext, copy: ConfigCopy, key: str) -> Fault:
    message = (
        f"key {key} of {copy.kind} {copy.base} is changed, and no container takes it: env overrides it, or no "
        "reference names it"
    )
    return Fault(message, context.place(copy.kind.lower(), copy.base, key))


CHECK: Final = Check(
    code="C075",
    severity=Severity.WARN,
    title="a changed key is used nowhere",
    when="the plan changes a key of a ConfigMap or Secret that no variable and no volume takes",
    remedy="let the plan change the variable that overrides it, or correct the key",
    needs=frozenset({Need.CONFIGS}),
    run=_run,
)
