"""A promoted run as its report tells it, and the Rollout with the ReplicaSets before and after it."""

from collections.abc import Mapping
from typing import Any, Final

from cutover.core.base.redaction import Redactor
from cutover.core.base.target import Target
from cutover.core.objects.rollout import rollout_view
from cutover.core.objects.snapshot import Snapshot
from cutover.core.review.kept_report import KeptReport, kept_report
from tests.core.checks.documents import ROLLOUT, STABLE, Changes, changed, replicaset

REDACTOR: Final = Redactor(b"a key of this run")
BASE: Final = "5c6fdcc44d"
RUN: Final = "20261126-134126-9499b1ac"
CONTAINER: Final = ("spec", "containers", "app")
ENV: Final = (*CONTAINER, "env")


def report(*places: tuple[str | int, ...], **more: Any) -> dict[str, Any]:
    """The JSON report of a promoted run that changed these places; `more` are keys of it."""
    facts = [{"kind": "note", "data": {}}, {"kind": "adopted", "data": {"hash": STABLE}}]
    return {
        "kind": "CutoverReport",
        "run": RUN,
        "plan": {"name": "payments-to-db-b", "file": "good.yaml"},
        "target": {"rollout": "payments", "namespace": "payments", "app": "payments", "context": "prod"},
        "outcome": "promoted",
        "base": {"hash": BASE, "revision": "3"},
        "pointOfNoReturn": {"at": "none", "passed": False},
        "edits": [{"container": "app", "variable": "", "place": list(place)} for place in places],
        "facts": facts,
        **more,
    }


def kept(*places: tuple[str | int, ...], **more: Any) -> KeptReport:
    return kept_report(RUN, report(*places, **more))


def ground(
    before: Mapping[str, Any], after: Mapping[str, Any], *, live: Changes | None = None, current: Changes | None = None
) -> Snapshot:
    """`before` and `after` are whole templates; `live` are changes that somebody made in the Rollout since.

    The ReplicaSets are typed: they have defaults that the Rollout does not have. `current` are changes of the newest.
    """
    rollout = changed(ROLLOUT, {"spec.template": changed(after, live or {})})
    return Snapshot(
        Target("payments", "payments", "payments", "prod"),
        rollout_view(rollout),
        (_typed(BASE, before, {}), _typed(STABLE, after, current or {})),
    )


def _typed(pod_hash: str, template: Mapping[str, Any], changes: Changes) -> Any:
    labels = {**template["metadata"]["labels"], "rollouts-pod-template-hash": pod_hash}
    typed = {"metadata.labels": labels, "metadata.creationTimestamp": None, "spec.dnsPolicy": "ClusterFirst"}
    whole = changed(template, {**typed, **changes})
    return replicaset(pod_hash, spec__template=whole)
