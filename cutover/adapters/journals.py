"""Reading the journals of this machine's runs."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cutover.adapters.journal import SUFFIX, journal_folder


def journals() -> Iterator[tuple[Any, ...]]:
    """The lines of each journal, oldest first. A line that a full disk cut off is left out."""
    for file in sorted(journal_folder().glob(f"*{SUFFIX}")):
        yield tuple(_lines(file))


def _lines(file: Path) -> Iterator[Any]:
    try:
        text = file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return
    for line in text.splitlines():
        try:
            yield json.loads(line)
        except (ValueError, RecursionError):
            continue
