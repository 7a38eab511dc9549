"""A run that an earlier version began is resumed and aborted by this one: its marks and its verdict are kept here.

`tests/recordings/begun` holds the Rollout as the version before the names of marks were spelled out had left it, at
three moments of a run; the stage adds what else stands in the cluster.
"""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest

from cutover.core.base.causes import Reaction
from cutover.core.base.outcomes import Attribution, Cause, Outcome
from cutover.core.engine.requested_abort import requested_abort
from cutover.core.objects.lease import lease_view
from cutover.core.writes.run_annotations import MARKS, RUN, Marks, UnreadableMarks, marks_of
from cutover.core.writes.stored_verdict import StoredVerdict, stored_verdict
from tests.core.checks.documents import TEMPLATE
from tests.core.engine.stage import ClusterStage
from tests.core.engine.test_resume import Rest, died, over

RECORDINGS: Final = Path(__file__).parents[1] / "recordings"


def begun(name: str, stage: ClusterStage) -> ClusterStage:
    """The stage with the Rollout that the earlier version left there."""
    rollout = json.loads((RECORDINGS / "begun" / f"{name}.json").read_text(encoding="utf-8"))
    assert rollout["spec"] == stage.rollout["spec"], "the stage is not the one of that run"
    return replace(stage, rollout=rollout)


def kept_verdict() -> StoredVerdict:
    annotations: dict[str, Any] = {
        "cutover.dev/verdict": (RECORDINGS / "wire" / "verdict.json").read_text(encoding="utf-8"),
        "cutover.dev/because": "it was late",
    }
    noted = stored_verdict(lease_view({"metadata": {"name": "l", "annotations": annotations}, "spec": {}}))
    assert isinstance(noted, StoredVerdict)
    return noted


@pytest.mark.parametrize("name", ["written", "paused", "baking"])
def test_its_marks_are_read_whole(name: str) -> None:
    rollout = json.loads((RECORDINGS / "begun" / f"{name}.json").read_text(encoding="utf-8"))
    marks = marks_of(rollout["metadata"]["annotations"])
    assert isinstance(marks, Marks)
    assert (marks.run, marks.promotion, marks.on_failure) == ("run-1", "auto", "restore")
    assert (marks.deadlines.ready, marks.deadlines.hold, marks.deadlines.bake) == (30.0, 10.0, 20.0)


def test_written_by_the_version_before_it_is_resumed_to_its_promotion() -> None:
    rest = Rest(begun("written", died().writes_the_plan().stage))
    rest.sees(ClusterStage.adopted).sees(ClusterStage.canary).sees(ClusterStage.canary_ready).sees(
        lambda stage: stage.paused_at(1)
    )
    rest.waits(11.0).accepts("promote-pause").sees(lambda stage: stage.at_step(2)).sees(ClusterStage.just_promoted)
    rest.sees(ClusterStage.promoted).waits(25.0).looks()
    assert over(rest) is Outcome.PROMOTED


def test_promoted_by_the_version_before_it_is_baked_and_its_marks_are_taken_away() -> None:
    rest = Rest(begun("baking", died().bakes().stage)).waits(25.0).looks()
    assert over(rest) is Outcome.PROMOTED
    assert rest.sent == ["unmark"]
    assert not any(key.startswith("cutover.dev/") for key in rest.stage.rollout["metadata"]["annotations"])


def test_failed_under_the_version_before_it_goes_back_and_keeps_its_cause() -> None:
    rest = Rest(begun("paused", died().comes_to_the_pause().stage), kept_verdict())
    assert over(rest.goes_back()) is Outcome.HELD
    assert rest.ending.cause == Cause(Attribution.CONFIG, "deadline", "it was late")
    assert rest.stage.rollout["spec"]["template"] == TEMPLATE


def test_aborted_by_this_version_it_goes_back_to_the_letter() -> None:
    asked = StoredVerdict(Reaction.FAIL, requested_abort("bob@laptop", "no"), promoted=False)
    rest = Rest(begun("paused", died().comes_to_the_pause().stage), asked)
    assert over(rest.goes_back()) is Outcome.HELD
    assert rest.stage.rollout["spec"]["template"] == TEMPLATE


@pytest.mark.parametrize(
    ("key", "value"),
    [("began", 10**400), ("plan", "\ud800"), ("edits", ""), ("edits", {}), ("armed", {}), ("gates", "abc")],
)
def test_marks_that_no_version_writes_are_unreadable_and_nothing_breaks(key: str, value: object) -> None:
    kept = json.loads((RECORDINGS / "wire" / "marks.json").read_text(encoding="utf-8"))
    assert isinstance(marks_of({RUN: "run-1", MARKS: json.dumps({**kept, key: value})}), UnreadableMarks)
