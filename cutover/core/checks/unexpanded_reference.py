"""`$(VAR)` stays in a value as it is written: Kubernetes expands only what is defined earlier in the same list.

A variable that is added goes to the end, so that nothing before it can use it; one that is removed leaves its users
with the bare text (Kubernetes `pkg/kubelet/kubelet_pods.go: makeEnvironmentVariables`). Variables of `envFrom` come
first: where a container has some, nothing is said about names that are not in its `env`.
"""

from collections.abc import Iterator
from typing import Final

from cutover.core.base.documents import at
from cutover.core.checks.check import Check, CheckContext, CheckResult, Fault
from cutover.core.checks.finding import Severity
from cutover.core.objects.snapshot import Need
from cutover.core.podtemplate.containers import Container, containers
from cutover.core.podtemplate.variable_expansion import literal_text, variable_references


def _run(context: CheckContext) -> tuple[CheckResult, ...]:
    """Report only references that the plan breaks, or that name a variable that it edits."""
    before = {(container.init, container.name): container for container in containers(context.edits.before)}
    after = (container for container in containers(context.edits.after) if (container.init, container.name) in before)
    return tuple(
        _fault(context, container, variable, named)
        for container in after
        for variable, named in _new(container, before[container.init, container.name], context)
    )


def _new(container: Container, before: Container, context: CheckContext) -> Iterator[tuple[str, str]]:
    edited = {
        e.variable for e in context.edits.of_variables if (e.init, e.container) == (container.init, container.name)
    }
    old = set(_unexpanded(before))
    return (pair for pair in _unexpanded(container) if pair[1] in edited or pair not in old)


def _unexpanded(container: Container) -> Iterator[tuple[str, str]]:
    """Yield pairs: a variable whose literal names another by `$(VAR)` that is not defined before it, and that other."""
    names, seen = set(container.variables), set[str]()
    for entry in container.env:
        for named in variable_references(literal_text(container, entry)):
            if named not in seen and (named in names or at(container.document, "envFrom") is None):
                yield entry.name, named
        seen.add(entry.name)


def _fault(context: CheckContext, container: Container, variable: str, named: str) -> Fault:
    why = "stands behind it" if named in container.variables else "is not there"
    message = (
        f"{variable} of container {container.name} names $({named}), which {why}: the application would get the text "
        f"$({named})"
    )
    return Fault(message, context.container_field(container.name, f"env[{variable}].value", init=container.init))


CHECK: Final = Check(
    code="C035",
    severity=Severity.WARN,
    title="a $(VAR) would not be expanded",
    when="with the plan's values a literal names by `$(VAR)` a variable that is not defined before it",
    remedy="let the plan say the whole value, or define the variable before the one that names it",
    needs=frozenset({Need.ROLLOUT}),
    run=_run,
)
