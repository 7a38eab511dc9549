"""With the plan a variable is given twice, or still given after it was removed: by `env` and by a source of `envFrom`.

An entry of `env` wins over every source of `envFrom` (Kubernetes `kubelet_pods.go: makeEnvironmentVariables`). So an
edit of the source changes nothing any more, and a removal from `env` brings the source's value to light.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from cutover.core.base.documents import Json, objects, text
from cutover.core.checks.check import Check, CheckContext, CheckResult, Fault
from cutover.core.checks.finding import Severity
from cutover.core.objects.config_object import ConfigView
from cutover.core.objects.snapshot import Need
from cutover.core.podtemplate.containers import Container, containers

SOURCES: Final = (("Secret", "secretRef"), ("ConfigMap", "configMapRef"))

Origins = Mapping[str, str]
"""The variables that `envFrom` sets, each with its source in words."""


def _run(context: CheckContext) -> tuple[CheckResult, ...]:
    """Judge only overlaps that the plan causes, and only for objects whose keys were read."""
    before = {(container.init, container.name): container for container in containers(context.edits.before)}
    after = (container for container in containers(context.edits.after) if (container.init, container.name) in before)
    return tuple(
        fault for container in after for fault in _faults(context, before[container.init, container.name], container)
    )


def _faults(context: CheckContext, before: Container, after: Container) -> Iterator[Fault]:
    old, new = _origins(context, before), _origins(context, after)
    twice = set(before.variables) & set(old)
    yield from (_hidden(context, after, name, new) for name in after.variables if name in new and name not in twice)
    kept = frozenset(after.variables)
    removed = (name for name in before.variables if name not in kept)
    yield from (_left(context, after, name, new) for name in removed if name in new)


def _origins(context: CheckContext, container: Container) -> Origins:
    """The variables that `envFrom` sets in a container; if two sources have the same key, the later one wins."""
    sources = objects(container.document, "envFrom")
    return {name: origin for source in sources for name, origin in _variables(context, source)}


def _variables(context: CheckContext, source: Json) -> Iterator[tuple[str, str]]:
    for kind, field in SOURCES:
        name = text(source, field, "name")
        config = context.snapshot.configs.get((kind, name))
        keys = config.keys if isinstance(config, ConfigView) else ()
        yield from ((text(source, "prefix") + key, f"key {key} of {kind} {name}") for key in sorted(keys))


def _hidden(context: CheckContext, container: Container, variable: str, origins: Origins) -> Fault:
    message = (
        f"{variable} of container {container.name} comes from env with the plan, and from envFrom too "
        f"({origins[variable]}): env wins, and whoever edits that key later changes nothing"
    )
    return Fault(message, context.container_field(container.name, f"env[{variable}]", init=container.init))


def _left(context: CheckContext, container: Container, variable: str, origins: Origins) -> Fault:
    message = (
        f"the plan removes {variable} from env of container {container.name}, and envFrom still gives it "
        f"({origins[variable]}): the application gets that value"
    )
    remedy = "if that value is not meant, let the plan set the one that is, or take the key out of the source first"
    return Fault(message, context.container_field(container.name, "envFrom", init=container.init), remedy)


CHECK: Final = Check(
    code="C040",
    severity=Severity.WARN,
    title="a variable comes from envFrom as well",
    when="the plan puts a variable into `env` that a source of `envFrom` gives too, or removes one from `env` that a "
    "source still gives; said only of a source whose keys could be read",
    remedy="let one place give the variable: leave it out of the plan and change it in the source, "
    "or take the key out of the source once the cutover is done",
    needs=frozenset({Need.ROLLOUT, Need.CONFIGS}),
    run=_run,
)
