"""What a plan changes as a unified diff of YAML, for people: the changed parts of `env`, container by container.

That nothing else differs has been proven when the plan was resolved.
"""

from collections.abc import Iterator
from difflib import unified_diff
from typing import Any, Final

import yaml

from cutover.core.diff import Diff

CONTEXT_LINES: Final = 4
"""Lines around a change: enough to see the name of the variable that a key or name belongs to."""


def hunks(diff: Diff) -> Iterator[str]:
    """The lines of the diff, without line breaks."""
    for listed, after in diff.after.items():
        for old, new in zip(diff.before[listed], after, strict=True):
            place = f"{listed}/{new['name']}/env"
            yield from unified_diff(_yaml(old), _yaml(new), f"live {place}", f"plan {place}", "", "", CONTEXT_LINES, "")


def _yaml(container: dict[str, Any]) -> list[str]:
    env = container.get("env") or []
    return str(yaml.safe_dump(env, sort_keys=True, allow_unicode=True, width=1000)).splitlines() if env else []
