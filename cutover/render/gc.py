"""Prints what became of the copies of a namespace: as a table, and as JSON."""

from typing import Any, Final

from cutover.core.base.cluster_text import shown
from cutover.core.review.copy_gc import CollectedCopy, Collection, Fate
from cutover.render.columns import table
from cutover.render.json_parts import document_text

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
    """Return a table without rulers, fit for a terminal and for `grep`, and a line that says how it ended."""
    if not collection.lines:
        return f"{collection.outcome}: no copies in namespace {collection.namespace}\n"
    rows = [("FATE", "COPY", "COPY OF", "RUN", "WHY"), *(_row(line) for line in collection.lines)]
    return "".join((*table(rows), _sum(collection)))


def _row(line: CollectedCopy) -> tuple[str, ...]:
    cells = (line.fate.value, f"{line.kind.lower()}/{line.name}", line.copy_of, line.run, shown(line.reason))
    return tuple(cell or "-" for cell in cells)


def _sum(collection: Collection) -> str:
    counted = ((words, len(collection.of(fate))) for fate, words in _LAST)
    counts = ", ".join(f"{number} {words}" for words, number in counted if number)
    nothing = "; nothing was removed" if collection.dry_run else ""
    return f"{collection.outcome}: {counts} in namespace {collection.namespace}{nothing}\n"


def gc_json(collection: Collection) -> str:
    """Return one JSON document, with a line break at its end."""
    document = {
        "outcome": collection.outcome.value,
        "exitCode": collection.exit_code,
        "namespace": collection.namespace,
        "dryRun": collection.dry_run,
        "copies": [_line(line) for line in collection.lines],
    }
    return document_text("CutoverCollection", document)


def _line(line: CollectedCopy) -> dict[str, Any]:
    return {
        "kind": line.kind,
        "name": line.name,
        "copyOf": line.copy_of,
        "plan": line.plan,
        "run": line.run,
        "fate": line.fate.value,
        "reason": shown(line.reason),
    }
