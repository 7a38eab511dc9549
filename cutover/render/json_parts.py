"""The parts that several JSON documents share. Each key is spelled out, because readers of the documents rely on it."""

import json
from typing import Any

from cutover.core.base.cluster_text import shown
from cutover.core.base.documents import API_VERSION
from cutover.core.base.errors import Problem
from cutover.core.base.target import Target
from cutover.core.checks.finding import Finding


def document_text(kind: str, members: dict[str, Any]) -> str:
    """Return one JSON document of that kind, with a line break at its end."""
    return json.dumps({"apiVersion": API_VERSION, "kind": kind, **members}, indent=2, ensure_ascii=False) + "\n"


def target_document(target: Target) -> dict[str, str]:
    """Return the object `rollout`, `namespace`, `app`, `context`; `context` may be empty."""
    return {
        "rollout": target.rollout,
        "namespace": target.namespace,
        "app": target.app,
        "context": target.context,
    }


def finding_document(finding: Finding) -> dict[str, Any]:
    """Return a finding's object in a document; its keys are the same in every document."""
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "title": finding.title,
        "message": shown(finding.message),
        "where": finding.where,
        "remedy": finding.remedy,
        "verified": finding.verified,
        "allowed": finding.allowed,
    }


def problem_document(problem: Problem) -> dict[str, Any]:
    """Return one problem, with its code, path, file and line. The message begins with the code, as it always has."""
    return {
        "code": problem.code,
        "message": problem.sentence,
        "path": problem.path,
        "file": problem.file,
        "line": problem.line,
        "remedy": problem.remedy,
    }
