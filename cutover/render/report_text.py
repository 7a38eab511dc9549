"""Prints the report as text, in the order in which somebody who was woken up needs it."""

import textwrap
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final

from cutover.core.base.cluster_text import shown
from cutover.core.base.harmless_text import one_line
from cutover.core.base.outcomes import Cause, Outcome
from cutover.core.review.detection_coverage import Covered
from cutover.core.review.report import EvidenceLine, Report

LAST_LINES: Final = 12
"""Lines that the text shows of a log; the JSON report has all of them."""

WIDTH: Final = 118

_HEADLINES: Final = {
    Outcome.PROMOTED: "the plan's values are promoted and serve",
    Outcome.UNCHANGED: "the live spec already is what the plan wants; nothing was written",
    Outcome.PLANNED: "a dry run: everything that can be known speaks for the plan; nothing was written",
    Outcome.DONE: "done, and the controller was seen to react",
    Outcome.REFUSED: "a precondition does not hold; nothing was written",
    Outcome.STALE: "the live state has moved; nothing was written",
    Outcome.HELD: "the cutover failed; the old values stand again, and stable is verified",
    Outcome.UNVERIFIED: "A HUMAN IS NEEDED NOW: not everything could be proven",
    Outcome.HOLDING: "the canary is proven; the run waits for a person at a pause",
    Outcome.SUPERSEDED: "somebody else changed the Rollout; nothing of theirs was overwritten",
    Outcome.UNOBSERVABLE: "A HUMAN IS NEEDED: the cluster could not be read after the write",
    Outcome.CONTAINED: "the cutover failed; stable is verified, and by policy the plan's values still stand",
    Outcome.REVERTED: "the cutover failed after promotion and was moved back by a new rollout",
    Outcome.INTERRUPTED: "stopped on request",
}


_WITHOUT_PLAN: Final = {
    Outcome.UNCHANGED: "there is nothing to do; nothing was written to the Rollout",
    Outcome.PLANNED: "a dry run; nothing was written",
}
"""The headlines of these outcomes for a command without a plan."""


def report_text(report: Report) -> str:
    """Return the whole report, with a line break at its end."""
    sections = (
        _headline(report),
        _section("Edits", (f"{e.container}  {e.variable}: {e.before} → {e.after}" for e in report.edits)),
        _section("Config objects", (line for copy in report.copies for line in copy.lines)),
        _section("Findings", (line for finding in report.findings for line in finding.lines)),
        _section("Timeline (UTC)", _timeline(report)),
        _section("Evidence", (line for piece in report.evidence for line in _evidence(piece)) if report.failed else ()),
        _section("Proven", report.proven),
        _section("Not proven", report.unproven),
        _section("Not covered by this run", _uncovered(report)),
        _section("Dead-man", report.deadman),
        _section("Next", report.next),
    )
    return "\n".join(section for section in sections if section)


def _headline(report: Report) -> str:
    words = _HEADLINES | (_WITHOUT_PLAN if not report.plan.name else {})
    first = f"{report.outcome.value.upper()}: {words.get(report.outcome, report.outcome.value)}\n"
    seconds = f"{report.ended - report.started:.1f} s"
    plan = f"plan {report.plan.name}, " if report.plan.name else ""
    run = f", run {report.run}" if report.run else ""
    where = f"  {one_line(plan)}rollout {report.target}{run}, {seconds}\n"
    spec = f"  spec: {report.spec.value}, exit code {report.exit_code}\n"
    return f"{first}{_cause(report)}{where}{spec}{_exposure(report)}"


def _exposure(report: Report) -> str:
    """Return what a failure can have cost users at most: for how long canary pods were Ready."""
    if not report.failed:
        return ""
    exposed = report.exposure
    if not exposed.pods:
        return "  exposure: no canary pod was seen Ready: Services send requests to Ready pods only\n"
    return f"  exposure: {exposed.pods} canary pods were Ready, for {exposed.seconds:.1f} s in all at the most\n"


def _cause(report: Report) -> str:
    cause = report.cause
    if not isinstance(cause, Cause):
        return ""
    return _wrapped(f"cause: {shown(cause.message)} ({cause.attribution.value}, {cause.code})")


def _section(title: str, lines: Iterable[str]) -> str:
    body = "".join(_wrapped(line) for line in lines)
    return f"{title}\n{body}" if body else ""


def _wrapped(line: str) -> str:
    """Indent a line; wrap long prose, but leave quoted text (indented further) as it is."""
    if line.startswith("  "):
        return f"  {line}\n"
    return textwrap.fill(line, WIDTH, initial_indent="  ", subsequent_indent="    ", break_long_words=False) + "\n"


def _timeline(report: Report) -> tuple[str, ...]:
    moments = sorted(report.timeline.items(), key=lambda item: item[1])
    return tuple(f"{_clock(at)}  +{at - report.started:.1f} s  {name}" for name, at in moments)


def _clock(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%H:%M:%S.%f")[:-3]


def _evidence(piece: EvidenceLine) -> tuple[str, ...]:
    of = f" container {piece.container}" if piece.container else ""
    head = f"{piece.kind} of {', '.join(piece.pods)}{of}"
    if piece.missed:
        return (f"{head}: missed, {piece.missed}",)
    lines = _worth_reading(piece.text.strip().splitlines())
    shown = lines[-LAST_LINES:]
    more = f" (last {len(shown)} of {len(lines)} lines)" if len(lines) > len(shown) else ""
    return (f"{head}{more}:", *(f"  | {line}" for line in shown)) if lines else (f"{head}: empty",)


def _worth_reading(lines: list[str]) -> list[str]:
    """Return the lines; of Events only the warnings, if there are any."""
    warnings = [line for line in lines if line.startswith("Warning ")]
    return warnings if warnings and all(line.startswith(("Warning ", "Normal ")) for line in lines) else lines


def _uncovered(report: Report) -> tuple[str, ...]:
    rows = (row for row in report.coverage if row.covered is not Covered.YES)
    return tuple(f"{row.letter} ({row.covered.value}): {row.title}: {row.by}" for row in rows)
