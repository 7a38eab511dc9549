"""Prints the list of runs, the newest first: as a table, and as JSON."""

from typing import Any

from cutover.core.review.runs import RunLine
from cutover.render.columns import table
from cutover.render.json_parts import document_text


def runs_text(runs: tuple[RunLine, ...], unseen: tuple[str, ...]) -> str:
    """Return a table without rulers, fit for a terminal and for `grep`, and lines for what was not looked at."""
    if not runs:
        return "".join(_unseen(unseen)) or "no runs\n"
    rows = [("RUN", "TARGET", "PLAN", "OUTCOME", "WHERE", "HELD BY"), *(_row(line) for line in runs)]
    return "".join((*table(rows), *_unseen(unseen)))


def _row(line: RunLine) -> tuple[str, ...]:
    cells = (line.run, line.target, line.plan, line.outcome, line.where, line.holder)
    return tuple(cell or "-" for cell in cells)


def _unseen(unseen: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"not looked at: {what}\n" for what in unseen)


def runs_json(runs: tuple[RunLine, ...], unseen: tuple[str, ...]) -> str:
    """Return one JSON document, with a line break at its end."""
    return document_text("CutoverRuns", {"runs": [_document(line) for line in runs], "unseen": list(unseen)})


def _document(line: RunLine) -> dict[str, Any]:
    return {
        "run": line.run,
        "target": line.target,
        "plan": line.plan,
        "outcome": line.outcome,
        "where": line.where,
        "holder": line.holder,
        "began": line.began,
    }
