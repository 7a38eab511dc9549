"""Prints the status of a Rollout: as text, and as JSON."""

from typing import Any

from cutover.core.base.cluster_text import shown
from cutover.core.base.harmless_text import one_line
from cutover.core.review.status import PodLine, RevisionLine, Status
from cutover.render.json_parts import document_text, target_document


def status_text(status: Status) -> str:
    """Return a few lines, stable first: what cutover promises is that stable serves."""
    message = f": {one_line(shown(status.phase.message))}" if status.phase.message else ""
    first = f"rollout {status.target}: {one_line(status.phase.name)}{message}\n"
    return first + _step(status) + _run(status) + "".join(_revision(line) for line in status.revisions)


def _step(status: Status) -> str:
    if status.aborted:
        return "  aborted: the canary's values may still stand in the spec\n"
    if status.step >= status.steps:
        return f"  all {status.steps} steps done\n"
    waits = ", waits for a person" if status.at_pause else ""
    return f"  at step {status.step} of {status.steps}{waits}\n"


def _run(status: Status) -> str:
    verbs = f"`cutover resume {status.target.rollout}` or `cutover abort {status.target.rollout}`"
    return f"  run {status.run} is not finished; if nobody is at it: {verbs}\n" if status.run else ""


def _revision(line: RevisionLine) -> str:
    head = f"  {line.role} {line.pod_hash}: {line.ready} of {line.desired} pods Ready\n"
    return head + "".join(
        f"    {one_line(pod.name)}  {one_line(shown(pod.state))}{_restarts(pod.restarts)}\n" for pod in line.pods
    )


def _restarts(restarts: int) -> str:
    return f", {restarts} restarts" if restarts else ""


def status_json(status: Status) -> str:
    """Return one JSON document, with a line break at its end."""
    document = {
        "target": target_document(status.target),
        "phase": status.phase.name,
        "message": shown(status.phase.message),
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
                "pods": [_pod(pod) for pod in line.pods],
            }
            for line in status.revisions
        ],
    }
    return document_text("CutoverStatus", document)


def _pod(pod: PodLine) -> dict[str, Any]:
    return {"name": pod.name, "state": pod.state, "ready": pod.ready, "restarts": pod.restarts}
