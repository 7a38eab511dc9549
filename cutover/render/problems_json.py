"""Prints the JSON document of a command that could not do its work, and that of `cutover validate` for valid plans."""

import json

from cutover.core.base.documents import API_VERSION
from cutover.core.base.errors import Problem
from cutover.core.base.outcomes import EXIT_CODES, Outcome
from cutover.core.plan.model import Plan
from cutover.render.json_parts import document_text, problem_document


def problems_json(kind: str, outcome: Outcome, problems: tuple[Problem, ...]) -> str:
    """Return one document, with a line break at its end; `kind` is that of the command's document on success."""
    document = {
        "outcome": outcome.value,
        "exitCode": EXIT_CODES[outcome],
        "problems": [problem_document(problem) for problem in problems],
    }
    return document_text(kind, document)


def valid_json(plans: tuple[Plan, ...]) -> str:
    """Return the document for plans without problems; it has the key `plan` only if there is just one plan."""
    lines = [{"file": plan.file, "name": plan.name, "digest": plan.digest} for plan in plans]
    document = {
        "apiVersion": API_VERSION,
        "kind": "CutoverValidation",
        "outcome": "valid",
        "exitCode": 0,
        "problems": [],
        "plans": lines,
        **({"plan": {"name": plans[0].name, "digest": plans[0].digest}} if len(plans) == 1 else {}),
    }
    return json.dumps(document, indent=2) + "\n"
