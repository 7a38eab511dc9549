"""Prints rows as columns of text: a table without rulers, fit for a terminal and for `grep`."""

from collections.abc import Sequence

from cutover.core.base.harmless_text import one_line


def table(rows: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """Return the rows as lines with their line breaks, each column as wide as its widest cell."""
    rows = [tuple(map(one_line, row)) for row in rows]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows)
    return tuple(f"{line}\n" for line in lines)
