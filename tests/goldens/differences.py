"""Comparing what is seen with what is kept, and saying it so that a person sees what and where."""

import difflib
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Final

from tests.goldens import store

LINES: Final = 12
CASES: Final = 40
"""So many cases and lines of each are shown; the rest is counted."""


def report(files: Mapping[str, str], absent: Iterable[str]) -> int:
    """Print what differs; 1 where anything does."""
    kept = store.read()
    for section in absent:
        print(f"{section}: not compared: ../shared is not here")
        kept = {name: text for name, text in kept.items() if store.section_of(name) != section}
    found = [text for name in sorted(files.keys() | kept.keys()) for text in _file(name, kept, files)]
    print("\n".join(found[:CASES]) or "nothing differs")
    if found[CASES:]:
        print(f"... and {len(found) - CASES} more")
    return 1 if found else 0


def _file(name: str, kept: Mapping[str, str], files: Mapping[str, str]) -> Iterator[str]:
    old, new = kept.get(name, ""), files.get(name, "")
    if old != new:
        yield from _blocks(name, old, new) if name.startswith("texts/") else _digests(old, new)


def _blocks(name: str, old: str, new: str) -> Iterator[str]:
    """The cases of a text that differ, each with its first lines that do."""
    before, after = (dict(_split(text)) for text in (old, new))
    for case in before | after:
        if before.get(case) != after.get(case):
            lines = difflib.unified_diff(
                before.get(case, "").splitlines(), after.get(case, "").splitlines(), "kept", "now", n=1, lineterm=""
            )
            yield f"{name}: {case}\n" + "\n".join(f"    {line}" for line in islice(lines, 2, LINES))


def _split(text: str) -> Iterator[tuple[str, str]]:
    for block in text.split("\n=== "):
        name, _, rest = block.partition("\n")
        yield (name, rest) if rest else ("input", name)


def _digests(old: str, new: str) -> Iterator[str]:
    """The lines of digests that differ, each with what is printed now."""
    before, after = (dict(_keyed(text)) for text in (old, new))
    for key in sorted(before.keys() | after.keys()):
        if before.get(key) != after.get(key):
            group, case = key
            yield f"{group} {case}: kept {before.get(key, 'nothing')}, now {after.get(key, 'nothing')}"


def _keyed(text: str) -> Iterator[tuple[tuple[str, str], str]]:
    for line in text.splitlines():
        group, case, rest = line.split(" ", 2)
        yield (group, case), rest
