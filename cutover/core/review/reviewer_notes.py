"""Notes on a plan's edits that a reviewer should see, though no check refuses them."""

from collections.abc import Iterator
from typing import TypeGuard

from cutover.core.base.redaction import Redactor
from cutover.core.base.similar_names import near_names
from cutover.core.objects.config_object import ConfigView
from cutover.core.objects.snapshot import Snapshot
from cutover.core.patch.edit import Edits, EnvEdit
from cutover.core.plan.model import Plan
from cutover.core.podtemplate.config_references import config_references
from cutover.core.podtemplate.containers import Container, containers
from cutover.core.podtemplate.variable_expansion import arguments_naming, expanded


def reviewer_notes(edits: Edits, redactor: Redactor) -> Iterator[str]:
    """Yield new names that look misspelled, and what else is read differently because of an edit."""
    for edit in edits.of_variables:
        container = next(
            (candidate for candidate in containers(edits.before) if candidate.name == edit.container), None
        )
        if container is not None:
            yield from _of_variable(edit, container)
    yield from _expansions(edits, redactor)


def _of_variable(edit: EnvEdit, container: Container) -> Iterator[str]:
    where = f"in container {edit.container}"
    for alike in near_names(edit.variable, container.variables) if edit.before is None else ():
        yield f"{edit.variable} is new {where}, where {alike} exists: is the name right?"
    users = arguments_naming(container, edit.variable)
    if users:
        yield f"{edit.variable} {where} is also part of {', '.join(users)} (by $({edit.variable}))"


def _expansions(edits: Edits, redactor: Redactor) -> Iterator[str]:
    """Yield the variables whose value changes because `$(VAR)` in it is expanded differently."""
    before = {(container.init, container.name): expanded(container, redactor) for container in containers(edits.before)}
    for container in containers(edits.after):
        old = before.get((container.init, container.name), {})
        for variable, now in expanded(container, redactor).items():
            if old.get(variable, "") != now:
                was = f'"{old[variable]}"' if variable in old else "nothing that is expanded"
                yield f'{variable} in container {container} will read "{now}"; it reads {was}'


def missed_removals(plan: Plan, edits: Edits) -> Iterator[str]:
    """Yield the variables that the plan removes and no container has, if one of a similar name exists."""
    present = {name for container in containers(edits.before) for name in container.variables}
    for change in plan.variables:
        if change.to is None and change.variable not in present:
            for alike in near_names(change.variable, sorted(present)):
                yield f"{change.variable} is in no container, where {alike} exists: is the name right?"


def editable(snapshot: Snapshot, edits: Edits) -> Iterator[str]:
    """Yield a note on the newly referenced config objects that anybody can edit in place.

    It is no finding, because nearly every plan would have it.
    """
    before = frozenset(config_references(edits.before))
    new = dict.fromkeys((ref.kind, ref.name) for ref in config_references(edits.after) if ref not in before)
    read = (snapshot.configs.get(key) for key in new)
    names = tuple(f"{config.kind} {config.meta.name}" for config in read if _is_editable(config))
    if names:
        warning = "an edit of it in place reaches pods as they restart, and no abort takes that back"
        yield f"not immutable: {', '.join(names)}; {warning}"


def _is_editable(config: object) -> TypeGuard[ConfigView]:
    return isinstance(config, ConfigView) and not config.immutable
