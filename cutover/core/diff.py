"""A plan against the live spec, as a value for review: what changes, where, and what a reviewer should know.

Everything printable in it has been through the redactor.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import StrEnum
from typing import Final

from cutover.core.checks.finding import Finding, refusals
from cutover.core.coverage import Coverage
from cutover.core.edit import Edit, Edits
from cutover.core.forecast import Forecast, NoForecast
from cutover.core.plan.model import Plan
from cutover.core.redact import Redactor
from cutover.core.template.env import LISTS, containers
from cutover.core.template.references import arguments_naming, users_of
from cutover.core.template.source import Absent
from cutover.core.template.words import words
from cutover.core.views.fields import Json
from cutover.core.world import Target

UNASKED: Final = NoForecast("it was not asked for")
UNCHANGED: Final = NoForecast("there is nothing to change")

_NEAR: Final = 0.8
"""How alike two names are that may be one name and a misspelling of it (difflib's ratio)."""


class Act(StrEnum):
    """What happens to a variable."""

    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Entry:
    """One edit in words: the variable of a container, from what to what."""

    act: Act
    container: str
    init: bool
    variable: str
    pointer: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Diff:
    """What a plan does to a Rollout.

    `patch` is the JSON Patch without the guards, `before` and `after` the containers that change, all redacted;
    `masked` tells whether the patch holds a value that is never shown, so that it is for reading only.
    """

    plan: Plan
    target: Target
    entries: tuple[Entry, ...]
    findings: tuple[Finding, ...]
    notes: tuple[str, ...]
    forecast: Forecast | NoForecast
    coverage: tuple[Coverage, ...]
    masked: bool
    patch: Sequence[Json] = field(repr=False)
    before: Json = field(repr=False)
    after: Json = field(repr=False)

    @property
    def differs(self) -> bool:
        """Whether the plan changes anything."""
        return bool(self.entries)

    @property
    def refused(self) -> tuple[Finding, ...]:
        """The findings because of which `apply` would write nothing."""
        return refusals(self.findings)

    @property
    def refused_codes(self) -> str:
        """Their codes, each once."""
        return ", ".join(dict.fromkeys(finding.code for finding in self.refused))

    @property
    def size(self) -> str:
        """How many edits there are, in words."""
        number = len(self.entries)
        return "1 edit" if number == 1 else f"{number} edits" if number else "nothing to change"

    @property
    def counts(self) -> str:
        """How many variables are changed, added and removed, in words."""
        return f"{', '.join(f'{self.count(act)} {act}' for act in Act)}, 0 other fields"

    def count(self, act: Act) -> int:
        """How many variables are changed, added, or removed."""
        return sum(entry.act is act for entry in self.entries)


def diff_of(
    plan: Plan,
    target: Target,
    edits: Edits,
    findings: Iterable[Finding],
    redactor: Redactor,
    *,
    forecast: Forecast | NoForecast = UNASKED,
    coverage: tuple[Coverage, ...] = (),
) -> Diff:
    """The diff of resolved edits. That nothing but these differs has been proven when they were resolved."""
    patch = redactor.document(edits.operations)
    return Diff(
        plan=plan,
        target=target,
        entries=tuple(_entry(edit, redactor) for edit in edits.edits),
        findings=tuple(finding.cleaned(redactor.text) for finding in findings),
        notes=tuple(dict.fromkeys((*_notes(edits), *_missed_removals(plan, edits)))),
        forecast=forecast if edits.edits else UNCHANGED,
        coverage=coverage if edits.edits else (),
        masked=patch != list(edits.operations),
        patch=patch,
        before=redactor.document(_changed_containers(edits.before, edits)),
        after=redactor.document(_changed_containers(edits.after, edits)),
    )


def _entry(edit: Edit, redactor: Redactor) -> Entry:
    return Entry(
        act=_act(edit),
        container=edit.container,
        init=edit.init,
        variable=edit.variable,
        pointer=edit.pointer,
        before=words(edit.variable, edit.before, redactor),
        after=words(edit.variable, edit.after, redactor),
    )


def _act(edit: Edit) -> Act:
    if isinstance(edit.before, Absent):
        return Act.ADDED
    return Act.REMOVED if isinstance(edit.after, Absent) else Act.CHANGED


def _changed_containers(template: Json, edits: Edits) -> Json:
    """The containers of a template that any edit touches, under their lists."""
    touched = {(edit.init, edit.container) for edit in edits.edits}
    return {
        listed: [held.document for held in containers(template) if held.init is init and (init, held.name) in touched]
        for listed, init in LISTS
    }


def _notes(edits: Edits) -> Iterator[str]:
    """What a reviewer should see of the edits and no check refuses."""
    for edit in edits.edits:
        held = next(found for found in containers(edits.before) if found.name == edit.container)
        where = f"in container {edit.container}"
        others = tuple(name for name in held.variables if name != edit.variable)
        near = get_close_matches(edit.variable, others, n=1, cutoff=_NEAR)
        if near and isinstance(edit.before, Absent):
            yield f"{edit.variable} is new {where}, where {near[0]} exists: is the name right?"
        users = (*users_of(held, edit.variable), *arguments_naming(held, edit.variable))
        if users:
            yield f"{edit.variable} {where} is also part of {', '.join(users)} (by $({edit.variable}))"


def _missed_removals(plan: Plan, edits: Edits) -> Iterator[str]:
    """Variables that the plan removes and no container has, where one of nearly that name exists."""
    present = {name for held in containers(edits.before) for name in held.variables}
    for change in plan.changes:
        near = get_close_matches(change.variable, present, n=1, cutoff=_NEAR)
        if isinstance(change.to, Absent) and change.variable not in present and near:
            yield f"{change.variable} is in no container, where {near[0]} exists: is the name right?"
