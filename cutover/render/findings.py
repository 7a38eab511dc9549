"""Prints the findings of a plan: as text, as JSON, and as SARIF 2.1.0 for a code host."""

import json
from collections import Counter
from typing import Any, Final

from cutover.core.base.cluster_text import shown
from cutover.core.base.harmless_text import one_line
from cutover.core.checks.catalogue import BY_CODE, PAGES
from cutover.core.checks.finding import Finding, Severity
from cutover.core.review.report import Report
from cutover.render.json_parts import document_text, finding_document, target_document

SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

_LEVELS: Final = {Severity.REFUSE: "error", Severity.WARN: "warning", Severity.INFO: "note"}
"""The level of SARIF for each of our severities."""


def findings_text(report: Report) -> str:
    """Return the lines of each finding and its remedy, and a verdict, with a line break at the end."""
    head = f"plan {one_line(report.plan.name)} on rollout {report.target}: {_counted(report)}"
    lines = (f"  {line}" for finding in report.findings for line in finding.lines)
    verdict = "`cutover apply` would refuse it" if report.exit_code else "nothing keeps `cutover apply` from it"
    return "\n".join((head, *lines, f"{len(PAGES)} conditions were looked at; {verdict}", ""))


def _counted(report: Report) -> str:
    accepted = sum(bool(finding.allowed) for finding in report.findings)
    numbers = Counter(finding.severity for finding in report.findings if not finding.allowed)
    words = [f"{numbers[severity]} {severity}" for severity in Severity if numbers[severity]]
    return ", ".join((*words, *([f"{accepted} allowed"] if accepted else []))) or "no findings"


def findings_json(report: Report) -> str:
    """Return one JSON document, with a line break at its end."""
    document = {
        "plan": {
            "name": report.plan.name,
            "digest": report.plan.digest,
            "file": report.plan.file,
            "description": report.plan.description,
        },
        "target": target_document(report.target),
        "outcome": report.outcome.value,
        "exitCode": report.exit_code,
        "findings": [finding_document(finding) for finding in report.findings],
    }
    return document_text("CutoverFindings", document)


def findings_sarif(report: Report) -> str:
    """Return one SARIF log, with a line break at its end; each finding's location is the plan's file."""
    used = sorted({finding.code for finding in report.findings})
    driver = {"name": "cutover", "rules": [_rule(code) for code in used]}
    run = {"tool": {"driver": driver}, "results": [_result(finding, report) for finding in report.findings]}
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, indent=2, ensure_ascii=False) + "\n"


def _rule(code: str) -> dict[str, Any]:
    page = BY_CODE[code]
    return {
        "id": code,
        "shortDescription": {"text": page.title},
        "fullDescription": {"text": " ".join(page.why.split())},
        "help": {"text": page.remedy},
        "defaultConfiguration": {"level": _LEVELS[page.severity]},
    }


def _result(finding: Finding, report: Report) -> dict[str, Any]:
    place = {
        "physicalLocation": {"artifactLocation": {"uri": report.plan.file or "-"}, "region": {"startLine": 1}},
        "logicalLocations": [{"fullyQualifiedName": finding.where}],
    }
    accepted = [{"kind": "external", "justification": finding.allowed}] if finding.allowed else []
    return {
        "ruleId": finding.code,
        "level": _LEVELS[finding.severity],
        "message": {"text": f"{shown(finding.message)}. {finding.remedy}".strip()},
        "locations": [place],
        "suppressions": accepted,
    }
