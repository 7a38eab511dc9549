"""A Secret, a ConfigMap or a key that the plan refers to does not exist: the new pods could not even start."""

from collections.abc import Iterator
from typing import Final

from cutover.core.checks.check import Check, Fault, Ground, Need, Unverified, Verdict
from cutover.core.checks.finding import Severity
from cutover.core.edit import Edit
from cutover.core.template.source import FromConfigMap, FromSecret
from cutover.core.views.config import ConfigView
from cutover.core.world import Missing, Unreadable

Reference = FromSecret | FromConfigMap


def _run(ground: Ground) -> tuple[Verdict, ...]:
    return tuple(verdict for reference in _references(ground) for verdict in _judged(ground, reference))


def _references(ground: Ground) -> tuple[Reference, ...]:
    """Each key that the plan wants, once; optional ones may be absent, and have a check of their own."""
    wanted = (edit.after for edit in ground.edits.edits)
    return tuple(
        dict.fromkeys(source for source in wanted if isinstance(source, Reference) and not source.optional),
    )


def _judged(ground: Ground, reference: Reference) -> Iterator[Verdict]:
    thing, where = _named(reference), ground.place(_kind(reference).lower(), reference.name, reference.key)
    match ground.snapshot.configs.get((_kind(reference), reference.name), Unreadable(thing, "it was not read")):
        case Missing():
            yield Fault(f"{thing} does not exist; {_users(ground, reference)}", where, _create(reference))
        case Unreadable(_, reason):
            yield Unverified(f"whether {thing} has the key {reference.key}: {reason}", where, _look(reference))
        case ConfigView(keys=keys) if reference.key not in keys:
            there = ", ".join(sorted(keys)) or "none"
            message = f"{thing} has no key {reference.key} (it has: {there}); {_users(ground, reference)}"
            yield Fault(message, where, _add_key(reference))


def _users(ground: Ground, reference: Reference) -> str:
    users = [_user(edit) for edit in ground.edits.edits if edit.after == reference]
    return f"{', '.join(users)} would have no value"


def _user(edit: Edit) -> str:
    return f"{edit.variable} of container {edit.container}"


def _kind(reference: Reference) -> str:
    return "Secret" if isinstance(reference, FromSecret) else "ConfigMap"


def _named(reference: Reference) -> str:
    return f"{_kind(reference)} {reference.name}"


def _create(reference: Reference) -> str:
    kind = "secret generic" if isinstance(reference, FromSecret) else "configmap"
    return (
        f"create it (`kubectl create {kind} {reference.name} {{scope}} --from-file={reference.key}=FILE`), "
        "or correct the name in the plan"
    )


def _add_key(reference: Reference) -> str:
    edit = f"`kubectl edit {_kind(reference).lower()} {reference.name} {{scope}}`"
    return f"correct the key in the plan, or add it ({edit})"


def _look(reference: Reference) -> str:
    return (
        f"look yourself: `kubectl describe {_kind(reference).lower()} {reference.name} {{scope}}` shows key names only"
    )


CHECK: Final = Check(
    code="C017",
    severity=Severity.REFUSE,
    title="a referenced Secret, ConfigMap or key does not exist",
    when="one that the plan's new values come from",
    remedy="create the object or the key, or correct the reference in the plan; "
    "`kubectl describe secret NAME {scope}` shows key names only",
    needs=frozenset({Need.CONFIGS}),
    run=_run,
)
