"""The status of a Rollout as one JSON document."""

import json
from dataclasses import asdict

from cutover.core.base.documents import API_VERSION
from cutover.core.review.status import Status


def status_json(status: Status) -> str:
    """One document, with a line break at its end."""
    document = {
        "apiVersion": API_VERSION,
        "kind": "CutoverStatus",
        "target": asdict(status.target),
        "phase": status.phase.name,
        "message": status.phase.message,
        "replicas": status.replicas,
        "step": status.step,
        "steps": status.steps,
        "atPause": status.at_pause,
        "aborted": status.aborted,
        "run": status.run,
        "revisions": [
            {
                "hash": line.pod_hash,
                "role": line.role,
                "desired": line.desired,
                "ready": line.ready,
                "pods": [asdict(pod) for pod in line.pods],
            }
            for line in status.revisions
        ],
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
