"""The name of a run becomes the name of a file, and is printed: what has not its form is none, wherever it stands."""

import json
from dataclasses import replace
from typing import Final

import pytest

from cutover.adapters.run_identity import run_id
from cutover.core.base.run_name import is_run_name
from cutover.core.objects.lease import lease_view
from cutover.core.review.runs import run_of
from cutover.core.writes.lock_holder import ANNOTATION, holder_of
from cutover.core.writes.run_annotations import MARKS, RUN, UnreadableMarks, marks_of, marks_text
from tests.core.writes.test_run_annotations import WHOLE
from tests.runtime.leases import lease

HOSTILE: Final = (
    "../../../etc/cron.d/x",
    "/etc/passwd",
    "..",
    ".",
    ".hidden",
    "",
    "a/b",
    "a\\b",
    "run 1",
    "run-1\n",
    "run\x1b[2J",
    "run\u202e1",
    "RUN-1",
    "-run",
    "run-",
    "x" * 64,
    "r\u00fcn",
    "run-1.json",
)


def test_the_names_that_we_make_are_names() -> None:
    assert is_run_name(run_id())
    assert is_run_name("run-1")


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_name_is_unknown_in_marks_and_lease_and_no_run_of_a_journal(name: str) -> None:
    assert not is_run_name(name)
    in_marks = marks_of({RUN: "run-1", MARKS: marks_text(replace(WHOLE, run=name))})
    assert (type(in_marks), getattr(in_marks, "run", "")) == (UnreadableMarks, "run-1")
    beside = marks_of({RUN: name, MARKS: "{"})
    assert getattr(beside, "run", "") == "unknown"
    document = lease()
    document["metadata"]["annotations"] = {ANNOTATION: json.dumps({"run": name})}
    assert holder_of(lease_view(document)).run == "unknown"
    assert run_of([{"kind": "begin", "run": name, "command": "apply", "target": "a/b", "at": 1.0}]) == ()
