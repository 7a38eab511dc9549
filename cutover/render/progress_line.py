"""Prints one line per fact on standard error while a run goes on: no colour, no cursor, fit for a pipeline's log."""

from typing import Final

from cutover.core.base.cluster_text import shown
from cutover.core.base.harmless_text import one_line
from cutover.core.engine.facts import (
    Answered,
    Decided,
    Ended,
    EvidenceNoted,
    Intent,
    Proven,
    RecordedFact,
    Suspected,
    Unproven,
    Waiting,
)

_QUIET: Final = EvidenceNoted | Proven | Unproven | Ended
"""Facts that are not printed: the report shows them, in a better form."""

_MARKS: Final = {
    Intent.kind: "→",
    Answered.kind: "←",
    Suspected.kind: "?",
    Decided.kind: "!",
    Waiting.kind: "…",
}


def progress_line(recorded: RecordedFact) -> str:
    """Return the line for a fact; empty if it is not worth a line."""
    fact = recorded.fact
    if isinstance(fact, _QUIET) or (isinstance(fact, Intent | Answered) and fact.quiet):
        return ""
    return f"{recorded.elapsed:7.1f}s {_MARKS.get(fact.kind, ' ')} {one_line(shown(fact.text))}"
