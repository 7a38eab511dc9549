"""A plan compared with the live spec, as a value that renderers show: what changes, where, and what to know about it.

Everything printable in it has been through the redactor.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from itertools import takewhile
from typing import Any, Final

from cutover.core.base.documents import Json, canonical
from cutover.core.base.frozen import frozen
from cutover.core.base.redaction import Redactor
from cutover.core.base.target import Target
from cutover.core.checks.finding import Finding, refusals
from cutover.core.patch.consumers import Consumer
from cutover.core.patch.edit import ConfigCopy, Edits
from cutover.core.plan.model import Plan
from cutover.core.podtemplate.env_source import LiteralValue
from cutover.core.podtemplate.field_paths import FieldPath, Value, is_list, part_at
from cutover.core.review.describe import CopyEntry, EditAct, Entry, Meaning, copy_entry, describe_edit
from cutover.core.review.detection_coverage import Coverage
from cutover.core.review.forecast import Forecast, NoForecast
from cutover.core.review.reviewer_notes import missed_removals, reviewer_notes
from cutover.core.review.rollback_readiness import ReadinessLine

PartDocuments = tuple[Any, ...]
"""One document, or none if the part does not exist."""


@frozen
class ChangedPart:
    """One part of a template or config object by its name (`containers/app/env`), before and after the plan.

    `before` and `after` hold one document each, or none where the part does not exist.
    """

    name: str
    before: tuple[Any, ...] = field(repr=False)
    after: tuple[Any, ...] = field(repr=False)


def changed_parts(edits: Edits, redactor: Redactor) -> tuple[ChangedPart, ...]:
    """Return the parts of the template in which anything changes, each once."""
    places = dict.fromkeys(_part_of(edit.place) for edit in edits.edits)
    return tuple(_changed(place, edits, redactor) for place in places)


def _part_of(place: FieldPath) -> FieldPath:
    """Return the path of the container's or pod's field around a change: enough to see what the change is about."""
    match place:
        case ("spec", "containers" | "initContainers", *_):
            return place[:4]
        case _:
            return place[:2]


def _changed(place: FieldPath, edits: Edits, redactor: Redactor) -> ChangedPart:
    before, after = (tuple(_documents(template, place)) for template in (edits.before, edits.after))
    before, after = _redacted(str(place[-1]), before, after, redactor)
    return ChangedPart("/".join(map(str, place[1:] if place[0] == "spec" else place)), before, after)


def _documents(template: Json, place: FieldPath) -> Iterator[Any]:
    part = part_at(template, place)
    if isinstance(part, Value) and part.document:
        yield part.document


def _redacted(
    key: str, before: PartDocuments, after: PartDocuments, redactor: Redactor
) -> tuple[PartDocuments, PartDocuments]:
    """Redact both; what two lists have in common at their start and end is redacted once: a megabyte takes a second."""
    cleaned = tuple(redactor.document({key: each})[key] for each in before)
    lists = [each for each in (*before, *after) if is_list(each) and all(isinstance(item, Mapping) for item in each)]
    if len(lists) < 2:  # noqa: PLR2004 -- one before, one after
        return cleaned, tuple(redactor.document({key: each})[key] for each in after)
    old, new = ([canonical(item) for item in listed] for listed in lists)
    head = _alike(old, new)
    tail = _alike(old[head:][::-1], new[head:][::-1])
    between = redactor.document({key: lists[1][head : len(new) - tail]})[key]
    return cleaned, ([*cleaned[0][:head], *between, *cleaned[0][len(old) - tail :]],)


def _alike(one: list[str], other: list[str]) -> int:
    """Count the equal items with which both begin."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def copied_parts(copies: tuple[ConfigCopy, ...], redactor: Redactor) -> Iterator[ChangedPart]:
    """Yield the keys of each copy that differ from its source; of a Secret without their values."""
    for copy in copies:
        pairs = [{change.key: getattr(change, side) for change in copy.changes} for side in ("before", "after")]
        before, after = ({key: _shown(copy, key, source, redactor) for key, source in pair.items()} for pair in pairs)
        names = (copy.source, copy.name)
        yield ChangedPart(f"{copy.kind.lower()}/{' → '.join(names)}", _there(before), _there(after))


def _shown(copy: ConfigCopy, key: str, source: LiteralValue | None, redactor: Redactor) -> str | None:
    if source is None:
        return None
    return "(a value)" if copy.kind == "Secret" else redactor.literal(key, source.value)


def _there(members: dict[str, str | None]) -> tuple[Any, ...]:
    there = {key: value for key, value in members.items() if value is not None}
    return (there,) if there else ()


# -- the diff ----------------------------------------------------------------------------------------------------------


UNASKED: Final = NoForecast("it was not asked for")
UNCHANGED: Final = NoForecast("there is nothing to change")


@frozen
class Diff:
    """What a plan does to a Rollout.

    `patch` is the JSON Patch without the guards, `parts` is what changes in the template and in copied objects; both
    are redacted. `masked`: the patch is for reading only, because it holds a value that is never shown or a name that
    is not known yet.
    """

    plan: Plan
    target: Target
    entries: tuple[Entry, ...]
    copies: tuple[CopyEntry, ...]
    findings: tuple[Finding, ...]
    notes: tuple[str, ...]
    forecast: Forecast | NoForecast
    coverage: tuple[Coverage, ...]
    way_back: tuple[ReadinessLine, ...]
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
        """Return the findings that forbid `apply` to write."""
        return refusals(self.findings)

    @property
    def refused_codes(self) -> str:
        """Return the codes of `refused` in one text, each once."""
        return ", ".join(dict.fromkeys(finding.code for finding in self.refused))

    @property
    def size(self) -> str:
        """Return how many edits there are, in words."""
        number = len(self.entries)
        return "1 edit" if number == 1 else f"{number} edits" if number else "nothing to change"

    @property
    def counts(self) -> str:
        """Return how many edits change, add and remove something, in words."""
        edit_counts = ", ".join(f"{self.count(act)} {act}" for act in EditAct)
        copied = f", {len(self.copies)} config {'object' if len(self.copies) == 1 else 'objects'} copied"
        return f"{edit_counts}, 0 other fields{copied if self.copies else ''}"

    def about(self, meaning: Meaning) -> tuple[Entry, ...]:
        """Return the edits of that meaning."""
        return tuple(entry for entry in self.entries if entry.meaning is meaning)

    def count(self, act: EditAct) -> int:
        """Count the edits of that kind."""
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
    way_back: tuple[ReadinessLine, ...] = (),
    consumers: tuple[Consumer, ...] = (),
    notes: tuple[str, ...] = (),
) -> Diff:
    """Return the diff of resolved edits; resolving them has proven that nothing else differs."""
    patch = redactor.document(edits.operations)
    return Diff(
        plan=plan,
        target=target,
        entries=tuple(describe_edit(edit, redactor, plan.changes, edits.copies) for edit in edits.edits),
        copies=tuple(copy_entry(copy, redactor) for copy in edits.copies),
        findings=tuple(finding.cleaned(redactor.words) for finding in findings),
        notes=tuple(dict.fromkeys((*reviewer_notes(edits, redactor), *missed_removals(plan, edits), *notes))),
        forecast=forecast if edits.edits else UNCHANGED,
        coverage=coverage if edits.edits else (),
        way_back=tuple(replace(line, text=redactor.words(line.text)) for line in way_back if edits.edits),
        masked=patch != list(edits.operations) or any(copy.kind == "Secret" for copy in edits.copies),
        patch=patch,
        parts=(*changed_parts(edits, redactor), *copied_parts(edits.copies, redactor)),
        consumers=tuple(replace(each, uses=tuple(map(redactor.text, each.uses))) for each in consumers),
    )
