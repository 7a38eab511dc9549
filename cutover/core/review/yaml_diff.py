"""Shows what a plan changes as a unified diff of YAML, one changed part after the other.

Resolving the plan has proven that nothing else differs.
"""

from collections.abc import Iterator
from difflib import unified_diff
from typing import Any, Final

import yaml

from cutover.core.base.harmless_text import one_line
from cutover.core.review.diff import Diff

_DUMPER: Final = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
"""The dumper in C if PyYAML has it: a template may have a megabyte."""

CONTEXT_LINES: Final = 4
"""Lines around a change: enough to see the name of the variable that a key or name belongs to."""


def yaml_diff(diff: Diff) -> Iterator[str]:
    """Yield the lines of the diff, without line breaks."""
    for part in diff.parts:
        old, new = _yaml(part.before), _yaml(part.after)
        yield from unified_diff(
            old, new, f"live {one_line(part.name)}", f"plan {one_line(part.name)}", "", "", CONTEXT_LINES, ""
        )


def _yaml(documents: tuple[Any, ...]) -> list[str]:
    texts = (yaml.dump(each, Dumper=_DUMPER, sort_keys=True, allow_unicode=True, width=1000) for each in documents)
    return [line for text in texts for line in text.splitlines() if line != "..."]
