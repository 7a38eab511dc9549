"""Prints the report as the JSON document `kind: CutoverReport`, a contract: keys are added, never changed."""

from datetime import UTC, datetime
from typing import Any

from cutover.core.base.cluster_text import shown
from cutover.core.base.outcomes import Cause
from cutover.core.engine.facts import RecordedFact, data_json
from cutover.core.review.report import EditLine, Report
from cutover.render.json_parts import document_text, finding_document, target_document


def report_json(report: Report) -> str:
    """Return one JSON document, with a line break at its end."""
    return document_text("CutoverReport", document(report))


def document(report: Report) -> dict[str, Any]:
    """Return the report's document; what does not apply is an empty list or object, never missing."""
    return {
        "run": report.run,
        "plan": {
            "name": report.plan.name,
            "digest": report.plan.digest,
            "file": report.plan.file,
            "description": report.plan.description,
        },
        "target": target_document(report.target),
        "outcome": report.outcome.value,
        "exitCode": report.exit_code,
        "cause": _cause(report),
        "spec": report.spec.value,
        "started": moment(report.started),
        "ended": moment(report.ended),
        "findings": [finding_document(finding) for finding in report.findings],
        "edits": [_edit(edit) for edit in report.edits],
        "copies": [copy.document for copy in report.copies],
        "base": {"hash": report.base.hash, "revision": report.base.revision} if report.base else {},
        "pointOfNoReturn": {"at": report.point.at.value, "passed": report.point.passed} if report.point else {},
        "timeline": {name: moment(at) for name, at in report.timeline.items()},
        "exposure": {"pods": report.exposure.pods, "seconds": round(report.exposure.seconds, 3)},
        "evidence": [
            {
                "kind": piece.kind.value,
                "pods": list(piece.pods),
                "container": piece.container,
                "text": piece.text,
                "missed": piece.missed,
            }
            for piece in report.evidence
        ],
        "coverage": [row.document for row in report.coverage],
        "deadman": list(report.deadman),
        "proven": list(report.proven),
        "unproven": list(report.unproven),
        "next": list(report.next),
        "facts": [_fact(recorded) for recorded in report.facts],
    }


def moment(seconds: float) -> str:
    """Return seconds since the epoch as RFC 3339 in UTC, to the millisecond."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _edit(edit: EditLine) -> dict[str, Any]:
    return {
        "container": edit.container,
        "variable": edit.variable,
        "from": edit.before,
        "to": edit.after,
        "place": list(edit.place),
    }


def _cause(report: Report) -> dict[str, str]:
    cause = report.cause
    if not isinstance(cause, Cause):
        return {}
    return {"attribution": cause.attribution.value, "code": cause.code, "message": shown(cause.message)}


def _fact(recorded: RecordedFact) -> dict[str, Any]:
    return {
        "at": moment(recorded.utc),
        "elapsed": round(recorded.elapsed, 3),
        "kind": recorded.fact.kind,
        "text": recorded.fact.text,
        "data": data_json(recorded.fact),
    }
