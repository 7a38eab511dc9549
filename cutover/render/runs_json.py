"""The list of runs as the JSON document of the contract: `kind: CutoverRuns`."""

import json
from dataclasses import asdict

from cutover.core.base.documents import API_VERSION
from cutover.core.review.runs import RunLine


def runs_json(runs: tuple[RunLine, ...], unseen: tuple[str, ...]) -> str:
    """One JSON document, with a line break at its end."""
    document = {
        "apiVersion": API_VERSION,
        "kind": "CutoverRuns",
        "runs": [asdict(line) for line in runs],
        "unseen": list(unseen),
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
