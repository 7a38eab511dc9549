"""Finds for each change of a new plan its container, its guard, and what a reader of the plan should know."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from cutover.core.base.documents import Json
from cutover.core.base.errors import Problem, RefusedError, UsageError
from cutover.core.base.frozen import frozen
from cutover.core.base.redaction import Redactor
from cutover.core.base.secret_text import SecretText
from cutover.core.base.similar_names import near_names
from cutover.core.plan.changes import EnvChange, ExpectedSource, OneContainer, PatchChange
from cutover.core.podtemplate.containers import Container, containers
from cutover.core.podtemplate.env_source import EnvSource, FromOther, LiteralValue, Settable, entry_of
from cutover.core.review.new_plan_flags import NewPlanRequest, holdable, unfit_env


@frozen
class PlacedChange:
    """A change that names its container and its guard, and sentences about it."""

    change: EnvChange | PatchChange
    notes: tuple[str, ...]


def placed_changes(asked: NewPlanRequest, template: Json, redactor: Redactor) -> tuple[PlacedChange, ...]:
    """Return every requested change with its container and guard from the live template.

    Raises:
        RefusedError: the Rollout has no containers of its own.
        UsageError: containers are missing or ambiguous; all of them are named.
    """
    present = containers(template)
    if not present:
        raise RefusedError(Problem("the Rollout's template has no containers", str(asked.target), code="C012"))
    homes = tuple(_home(change, asked.container, present) for change in asked.changes)
    if problems := [home for home in homes if isinstance(home, Problem)]:
        raise UsageError(*dict.fromkeys(problems))
    pairs = zip(asked.changes, homes, strict=True)
    return tuple(_placed(change, home, present, redactor) for change, home in pairs if isinstance(home, Container))


def _home(change: EnvChange, named: str, present: tuple[Container, ...]) -> Container | Problem:
    """Return the named container; else the one that holds the variable; else the only one."""
    if named:
        container = next((one for one in present if one.name == named), None)
        message = f'expected a container of the Rollout, found "{named}"'
        return container or Problem(message, "--container", remedy=f"name one of: {_names(present)}")
    holders = tuple(one for one in present if change.variable in one.variables)
    possible = holders or present
    return possible[0] if len(possible) == 1 else _ambiguous(change.variable, holders, present)


def _ambiguous(variable: str, holders: tuple[Container, ...], present: tuple[Container, ...]) -> Problem:
    near = near_names(variable, _variables(present))
    meant = f"; or is it {near[0]} that you mean?" if near and not holders else ""
    which = f"stands in several containers: {_names(holders)}" if holders else f"is in none of {_names(present)}"
    return Problem(f"{variable} {which}", "--container", remedy=f"name the one with --container{meant}")


def _placed(change: EnvChange, home: Container, present: tuple[Container, ...], redactor: Redactor) -> PlacedChange:
    source = home.entry(change.variable).source
    one = guarded(replace(change, where=OneContainer(home.name)), source, redactor)
    return replace(one, notes=(*one.notes, *_notes(change, source, home, present)))


def guarded(change: EnvChange, stands: EnvSource | None, redactor: Redactor) -> PlacedChange:
    """Add the live value to the change as its guard; add a sentence instead if a plan cannot name that value."""
    guard = _guard(change, stands, redactor)
    return (
        PlacedChange(change, (guard,)) if isinstance(guard, str) else PlacedChange(replace(change, expects=guard), ())
    )


def _guard(change: EnvChange, source: EnvSource | None, redactor: Redactor) -> ExpectedSource | str | None:
    """Return what the plan demands of the old value, or a sentence why it cannot name that."""
    variable = change.variable
    match source:
        case None:
            return ExpectedSource(None) if change.to else None
        case LiteralValue(value) if is_masked(variable, value, redactor):
            return "No `from`: what stands there now looks like a credential, which belongs into no file."
        case FromOther(what):
            return f"No `from`: a plan cannot name what stands there now ({redactor.text(what)})."
        case _ if fits(variable, source):
            return ExpectedSource(source)
        case _:
            return "No `from`: a plan cannot name what stands there now."


def is_masked(variable: str, value: SecretText, redactor: Redactor) -> bool:
    """Whether the literal of a variable looks like a credential, or is a known one."""
    return SecretText(redactor.literal(variable, value)) != value


def fits(variable: str, source: Settable | None) -> bool:
    """Whether a plan can hold the source; the content of a Rollout was never checked for that."""
    keys = source_keys(variable, source, "absent")
    return holdable(str(keys.get("value", ""))) and not unfit_env({"from": keys})


def _notes(
    change: EnvChange, source: EnvSource | None, home: Container, present: tuple[Container, ...]
) -> Iterator[str]:
    variable, removes = change.variable, change.to is None
    if source == change.to:
        yield "This changes nothing: it is so already."
    if source is None:
        near = near_names(variable, _variables(present) if removes else home.variables)
        new = f"is not in container {home.name}" if removes else f"is new in container {home.name}"
        yield from (f"{variable} {new}, where {name} exists: is the name right?" for name in near)


def _variables(present: tuple[Container, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for one in present for name in one.variables))


def _names(present: tuple[Container, ...]) -> str:
    return ", ".join(map(str, present))


def source_keys(variable: str, source: Settable | None, nothing: str) -> dict[str, Any]:
    """Return the keys with which a plan spells a source; `nothing` is the key for no variable (`remove`, `absent`)."""
    if source is None:
        return {nothing: True}
    entry = entry_of(variable, source)
    keys: dict[str, Any] = entry.get("valueFrom") or {"value": entry["value"]}
    return keys
