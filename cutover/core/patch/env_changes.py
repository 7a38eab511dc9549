"""Resolve a change of a variable, for every kind of change that sets one: the edits, or the rejection."""

from collections.abc import Iterator
from typing import Final

from cutover.core.base.errors import Problem
from cutover.core.base.outcomes import Outcome
from cutover.core.base.redaction import Redactor
from cutover.core.patch.edit import EnvEdit, env_edit
from cutover.core.patch.planned import Rejection, ResolveContext
from cutover.core.plan.changes import EnvChange, EnvMode, EveryContainer, OneContainer, OnlyContainer
from cutover.core.podtemplate.containers import Container, EnvEntry, containers
from cutover.core.podtemplate.env_source import describe_source

MISSING_CONTAINER: Final = "C012"
AMBIGUOUS_CONTAINER: Final = "C013"
DUPLICATE_VARIABLE: Final = "C014"


def env_edits(change: EnvChange, context: ResolveContext) -> tuple[EnvEdit | Rejection, ...]:
    """Return what the change does to this template; nothing where it has been made already."""
    chosen = _chosen(change, containers(context.template))
    if isinstance(chosen, Rejection):
        return (chosen,)
    return tuple(result for container in chosen for result in _env_edit(change, container, context.redactor))


def _chosen(change: EnvChange, present: tuple[Container, ...]) -> tuple[Container, ...] | Rejection:
    """Return the containers that the change is about, or a rejection if there is none, or more than one to choose."""
    if isinstance(change.where, EveryContainer):
        return present or _no_container(change, present)
    one = change.where
    named = (
        present
        if isinstance(one, OnlyContainer)
        else tuple(container for container in present if container.name == one.name)
    )
    if not named:
        return _no_container(change, present)
    return named if len(named) == 1 else _several(change, named)


def _env_edit(change: EnvChange, container: Container, redactor: Redactor) -> Iterator[EnvEdit | Rejection]:
    """Yield the change of the variable in one container, or why it must not be made.

    A change that has been made already needs nothing, whatever the plan says of the old value: so a plan can be applied
    twice.
    """
    if change.variable in container.duplicates:
        yield _duplicates(change, container)
        return
    entry = container.entry(change.variable)
    if entry.source == change.to:
        return
    live_value = describe_source(change.variable, entry.source, redactor)
    unmet = tuple(_unmet(change, entry, redactor))
    yield from (_stale(change, container, field, wanted, live_value) for field, wanted in unmet)
    if not unmet:
        yield env_edit(container, change.variable, entry.source, change.to)


def _unmet(change: EnvChange, entry: EnvEntry, redactor: Redactor) -> Iterator[tuple[str, str]]:
    """Yield what the plan demands of the old value and does not find: the plan's field, and the demand in words."""
    absent = entry.source is None
    if change.mode is EnvMode.REPLACE and absent:
        yield "mode", "to exist (mode: replace)"
    if change.mode is EnvMode.ADD and not absent:
        yield "mode", "not to exist (mode: add)"
    if change.expects and entry.source != change.expects.source:
        yield "from", f"to be {describe_source(change.variable, change.expects.source, redactor)}"


def _stale(change: EnvChange, container: Container, field: str, wanted: str, live_value: str) -> Rejection:
    message = f"expected {change.variable} in container {container.name} {wanted}, found {live_value}"
    remedy = "look at what changed it (cutover diff shows the live values), then correct the plan"
    return Rejection(Outcome.STALE, _problem(change, field, message, remedy))


def _no_container(change: EnvChange, present: tuple[Container, ...]) -> Rejection:
    message = f"expected {_wanted(change)} in the Rollout's template, found {_names(present)}"
    remedy = f"set container to one of: {_names(present)}" if present else "put a pod template into the Rollout's spec"
    return Rejection(Outcome.REFUSED, _problem(change, "container", message, remedy, MISSING_CONTAINER))


def _several(change: EnvChange, present: tuple[Container, ...]) -> Rejection:
    message = f"expected {_wanted(change)}, found {len(present)}: {_names(present)}"
    remedy = f"set container to one of: {_names(present)}; or set allContainers: true"
    return Rejection(Outcome.REFUSED, _problem(change, "container", message, remedy, AMBIGUOUS_CONTAINER))


def _duplicates(change: EnvChange, container: Container) -> Rejection:
    times = sum(entry.name == change.variable for entry in container.env)
    message = (
        f"expected {change.variable} at most once in the env of container {container.name}, "
        f"found it {times} times; the last one wins"
    )
    remedy = "remove the entries without effect from the Rollout first"
    return Rejection(Outcome.REFUSED, _problem(change, "name", message, remedy, DUPLICATE_VARIABLE))


def _wanted(change: EnvChange) -> str:
    match change.where:
        case OneContainer(name):
            return f'a container "{name}"'
        case OnlyContainer():
            return "exactly one container"
        case EveryContainer():
            return "containers"


def _names(present: tuple[Container, ...]) -> str:
    return ", ".join(map(str, present)) or "none"


def _problem(change: EnvChange, field: str, message: str, remedy: str, code: str = "") -> Problem:
    at = change.at
    path = f"{at.path}.{field}" if at.path else field
    return Problem(message, path=path, file=at.file, line=at.line, remedy=remedy, code=code)
