"""The list of runs as text: one line each, the newest first."""

from cutover.core.review.runs import RunLine


def runs_text(runs: tuple[RunLine, ...], unseen: tuple[str, ...]) -> str:
    """A table without rulers, fit for a terminal and for `grep`."""
    if not runs:
        return "".join(_unseen(unseen)) or "no runs\n"
    rows = [("RUN", "TARGET", "PLAN", "OUTCOME", "WHERE", "HELD BY"), *(_row(line) for line in runs)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows)
    return "".join((*(f"{line}\n" for line in lines), *_unseen(unseen)))


def _row(line: RunLine) -> tuple[str, ...]:
    cells = (line.run, line.target, line.plan, line.outcome, line.where, line.holder)
    return tuple(cell or "-" for cell in cells)


def _unseen(unseen: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"not looked at: {what}\n" for what in unseen)
