"""Prints one line per fact on standard error while a run goes on: no colour, no cursor, fit for a pipeline's log."""

from typing import Final

from cutover.core.engine.record_facts import FactKind, RecordedFact

_QUIET: Final = frozenset({FactKind.EVIDENCE, FactKind.PROVEN, FactKind.UNPROVEN, FactKind.ENDED})
"""Kinds of fact that are not printed: the report shows them, in a better form."""

_MARKS: Final = {
    FactKind.INTENT: "→",
    FactKind.ANSWER: "←",
    FactKind.SUSPECTED: "?",
    FactKind.DECIDED: "!",
}


def progress_line(recorded: RecordedFact) -> str:
    """Return the line for a fact; empty if it is not worth a line."""
    fact = recorded.fact
    if fact.kind in _QUIET or fact.data.get("quiet"):
        return ""
    return f"{recorded.elapsed:7.1f}s {_MARKS.get(fact.kind, ' ')} {fact.text}"
