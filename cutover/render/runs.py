"""The list of runs, the newest first: as a table, and as JSON."""

import json
from dataclasses import asdict

from cutover.core.base.documents import API_VERSION
from cutover.core.review.runs import RunLine
from cutover.render.columns import table


def runs_text(runs: tuple[RunLine, ...], unseen: tuple[str, ...]) -> str:
    """A table without rulers, fit for a terminal and for `grep`."""
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
    """One JSON document, with a line break at its end."""
    document = {
        "apiVersion": API_VERSION,
        "kind": "CutoverRuns",
        "runs": [asdict(line) for line in runs],
        "unseen": list(unseen),
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
