"""A plan against the live spec, as a value for review: what changes, where, and what a reviewer should know.

Everything printable in it has been through the redactor.
"""

from collections.abc import Iterable, Sequence
from dataclasses import field, replace
from typing import Final

from cutover.core.base.documents import Json
from cutover.core.base.frozen import frozen
from cutover.core.base.redaction import Redactor
from cutover.core.base.target import Target
from cutover.core.checks.finding import Finding, refusals
from cutover.core.patch.consumers import Consumer
from cutover.core.patch.edit import Edits
from cutover.core.plan.model import Plan
from cutover.core.review.coverage import Coverage
from cutover.core.review.describe import Act, CopyLine, Entry, Meaning, copy_line, described
from cutover.core.review.forecast import Forecast, NoForecast
from cutover.core.review.parts import ChangedPart, changed_parts, copied_parts
from cutover.core.review.reviewer_notes import missed_removals, notes_of
from cutover.core.review.rollback_readiness import BackLine

UNASKED: Final = NoForecast("it was not asked for")
UNCHANGED: Final = NoForecast("there is nothing to change")


@frozen
class Diff:
    """What a plan does to a Rollout.

    `patch` is the JSON Patch without the guards, `parts` what changes in the template and in copied objects, all
    redacted; `masked` tells whether the patch holds a value that is never shown, or a name that is not known yet, so
    that it is for reading only.
    """

    plan: Plan
    target: Target
    entries: tuple[Entry, ...]
    copies: tuple[CopyLine, ...]
    findings: tuple[Finding, ...]
    notes: tuple[str, ...]
    forecast: Forecast | NoForecast
    coverage: tuple[Coverage, ...]
    way_back: tuple[BackLine, ...]
    masked: bool
    patch: Sequence[Json] = field(repr=False)
    parts: tuple[ChangedPart, ...] = field(repr=False)
    consumers: tuple[Consumer, ...] = ()

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
        """How many places are changed, added and removed, in words."""
        told = ", ".join(f"{self.count(act)} {act}" for act in Act)
        made = f", {len(self.copies)} config {'object' if len(self.copies) == 1 else 'objects'} copied"
        return f"{told}, 0 other fields{made if self.copies else ''}"

    def about(self, meaning: Meaning) -> tuple[Entry, ...]:
        """The edits of that meaning."""
        return tuple(entry for entry in self.entries if entry.meaning is meaning)

    def count(self, act: Act) -> int:
        """How many places are changed, added, or removed."""
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
    way_back: tuple[BackLine, ...] = (),
    consumers: tuple[Consumer, ...] = (),
    notes: tuple[str, ...] = (),
) -> Diff:
    """The diff of resolved edits. That nothing but these differs has been proven when they were resolved."""
    patch = redactor.document(edits.operations)
    return Diff(
        plan=plan,
        target=target,
        entries=tuple(described(edit, redactor, plan.changes, edits.copies) for edit in edits.edits),
        copies=tuple(copy_line(copy, redactor) for copy in edits.copies),
        findings=tuple(finding.cleaned(redactor.text) for finding in findings),
        notes=tuple(dict.fromkeys((*notes_of(edits, redactor), *missed_removals(plan, edits), *notes))),
        forecast=forecast if edits.edits else UNCHANGED,
        coverage=coverage if edits.edits else (),
        way_back=tuple(replace(line, said=redactor.text(line.said)) for line in way_back if edits.edits),
        masked=patch != list(edits.operations) or any(copy.kind == "Secret" for copy in edits.copies),
        patch=patch,
        parts=(*changed_parts(edits, redactor), *copied_parts(edits.copies, redactor)),
        consumers=tuple(replace(each, uses=tuple(map(redactor.text, each.uses))) for each in consumers),
    )
