"""What became of the copies of a namespace as the JSON document of the contract: `kind: CutoverCollection`."""

import json
from typing import Any

from cutover.core.base.documents import API_VERSION
from cutover.core.review.copy_gc import Collection, CopyLine


def gc_json(collection: Collection) -> str:
    """One JSON document, with a line break at its end."""
    document = {
        "apiVersion": API_VERSION,
        "kind": "CutoverCollection",
        "outcome": collection.outcome.value,
        "exitCode": collection.exit_code,
        "namespace": collection.namespace,
        "dryRun": collection.dry_run,
        "copies": [_line(line) for line in collection.lines],
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _line(line: CopyLine) -> dict[str, Any]:
    return {
        "kind": line.kind,
        "name": line.name,
        "copyOf": line.copy_of,
        "plan": line.plan,
        "run": line.run,
        "fate": line.fate.value,
        "reason": line.reason,
    }
