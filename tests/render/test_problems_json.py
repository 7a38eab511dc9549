"""The JSON of a command that could not do its work: each problem with its code, and its message as people read it."""

import json

from cutover.core.base.errors import Problem
from cutover.core.base.outcomes import Outcome
from cutover.render.problems_json import problems_json

WITH_CODE = Problem("there is no Rollout 'a'", "b/rollout/a", remedy="check it", code="C001")
WITHOUT = Problem("expected text, found a number", "spec.changes[0]", "plan.yaml", 7)


def test_a_problem_carries_its_code_as_a_field_and_its_message_begins_with_it() -> None:
    assert json.loads(problems_json("CutoverDiff", Outcome.REFUSED, (WITH_CODE, WITHOUT))) == {
        "apiVersion": "cutover.dev/v1alpha1",
        "kind": "CutoverDiff",
        "outcome": "refused",
        "exitCode": 3,
        "problems": [
            {
                "code": "C001",
                "message": "C001: there is no Rollout 'a'",
                "path": "b/rollout/a",
                "file": "",
                "line": 0,
                "remedy": "check it",
            },
            {
                "code": "",
                "message": "expected text, found a number",
                "path": "spec.changes[0]",
                "file": "plan.yaml",
                "line": 7,
                "remedy": "",
            },
        ],
    }


def test_as_text_a_problem_reads_as_ever() -> None:
    assert str(WITH_CODE) == "b/rollout/a: C001: there is no Rollout 'a'\n  → check it"
    assert str(WITHOUT) == "plan.yaml:7: spec.changes[0]: expected text, found a number"
