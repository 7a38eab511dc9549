"""Prints a plan's diff as the JSON document `kind: CutoverDiff`. Keys are added, never changed."""

from typing import Any

from cutover.core.base.outcomes import Outcome
from cutover.core.review.describe import EditAct, Entry
from cutover.core.review.diff import Diff
from cutover.core.review.forecast import Forecast, NoForecast, Stage
from cutover.render.json_parts import document_text, finding_document, target_document


def diff_json(diff: Diff) -> str:
    """Return one JSON document, with a line break at its end."""
    return document_text("CutoverDiff", document(diff))


def document(diff: Diff) -> dict[str, Any]:
    """Return the diff's document; what does not apply is an empty list, never missing."""
    plan, target = diff.plan, diff.target
    return {
        "plan": {"name": plan.name, "digest": plan.digest, "file": plan.file, "description": plan.description},
        "target": target_document(target),
        "outcome": (Outcome.PLANNED if diff.differs else Outcome.UNCHANGED).value,
        "differs": diff.differs,
        "counts": {**{act.value: diff.count(act) for act in EditAct}, "otherFields": 0},
        "edits": [_edit(entry) for entry in diff.entries],
        "copies": [copy.document for copy in diff.copies],
        "patch": list(diff.patch),
        "findings": [finding_document(finding) for finding in diff.findings],
        "notes": list(diff.notes),
        "forecast": _forecast(diff.forecast),
        "coverage": [row.document for row in diff.coverage],
        "wayBack": [{"works": line.works, "said": line.text} for line in diff.way_back],
        "consumers": [
            {"kind": consumer.kind, "name": consumer.name, "uses": list(consumer.uses)} for consumer in diff.consumers
        ],
    }


def _forecast(forecast: Forecast | NoForecast) -> dict[str, Any]:
    if isinstance(forecast, NoForecast):
        return {"stages": [], "unknown": forecast.reason}
    return {
        "stages": [_stage(stage) for stage in forecast.stages],
        "abortWithinSeconds": forecast.abort_within,
        "serving": forecast.serving,
        "replicas": forecast.replicas,
        "notes": list(forecast.notes),
    }


def _stage(stage: Stage) -> dict[str, Any]:
    return {
        "name": stage.name,
        "weight": stage.weight,
        "canary": stage.canary,
        "stable": stage.stable,
        "then": stage.then,
    }


def _edit(entry: Entry) -> dict[str, Any]:
    return {
        "about": entry.meaning.value,
        "act": entry.act.value,
        "container": entry.container,
        "init": entry.init,
        "variable": entry.variable,
        "field": entry.field,
        "pointer": entry.pointer,
        "from": entry.before,
        "to": entry.after,
    }
