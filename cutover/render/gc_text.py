"""What became of the copies of a namespace as text: one line each, and their number."""

from typing import Final

from cutover.core.review.copy_gc import Collection, CopyLine, Fate

_LAST: Final = (
    (Fate.REMOVABLE, "to be removed"),
    (Fate.REMOVED, "removed"),
    (Fate.GONE, "gone already"),
    (Fate.KEPT, "kept"),
    (Fate.REFUSED, "refused"),
    (Fate.UNCLEAR, "unclear"),
    (Fate.LEFT, "not tried"),
)


def gc_text(collection: Collection) -> str:
    """A table without rulers, fit for a terminal and for `grep`, and a line that says how it ended."""
    if not collection.lines:
        return f"{collection.outcome}: no copies in namespace {collection.namespace}\n"
    rows = [("FATE", "COPY", "COPY OF", "RUN", "WHY"), *(_row(line) for line in collection.lines)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows)
    return "".join((*(f"{line}\n" for line in lines), _sum(collection)))


def _row(line: CopyLine) -> tuple[str, ...]:
    cells = (line.fate.value, f"{line.kind.lower()}/{line.name}", line.copy_of, line.run, line.reason)
    return tuple(cell or "-" for cell in cells)


def _sum(collection: Collection) -> str:
    counted = ((words, len(collection.of(fate))) for fate, words in _LAST)
    said = ", ".join(f"{number} {words}" for words, number in counted if number)
    nothing = "; nothing was removed" if collection.dry_run else ""
    return f"{collection.outcome}: {said} in namespace {collection.namespace}{nothing}\n"
