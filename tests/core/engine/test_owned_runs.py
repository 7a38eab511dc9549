"""Runs that leave marks: whose they are, what they note before they go back, and that nothing of them is left."""

from dataclasses import replace

import pytest

from cutover.core.base.outcomes import Outcome
from cutover.core.engine.mark_cleanup import LEFT, WITHIN
from cutover.core.engine.observation import OperatorRequest
from cutover.core.engine.state import Phase
from cutover.core.objects.rollout import rollout_view
from cutover.core.plan.model import OnFailure, Plan, PointOfNoReturn, Promotion
from cutover.core.writes.lock_state import HELD, UNSURE, Overdue, TakenOver
from cutover.core.writes.run_annotations import OWNER, PASSED, Marks, marks_of
from cutover.core.writes.write import Write, WriteName
from tests.core.engine.play import Play
from tests.core.engine.stage import BASE, ClusterStage, plan
from tests.quotations import unmasked

US = "alice@host/s1"
THEM = "bob@laptop/s2"


def owned(intent: Plan | None = None, *, on_failure: OnFailure = OnFailure.RESTORE) -> Play:
    return Play(Promotion.AUTO, on_failure, intent=intent, owner=US)


def fails(play: Play) -> Play:
    """The canary's pod is not Ready in time."""
    return play.starts_a_canary().waits(31.0)


def theirs(stage: ClusterStage, owner: str) -> ClusterStage:
    """Somebody else's name stands in the marks."""
    annotations = {**stage.rollout["metadata"]["annotations"], OWNER: owner}
    if not owner:
        annotations = {name: value for name, value in annotations.items() if not name.startswith("cutover.dev/")}
    return replace(
        stage, rollout={**stage.rollout, "metadata": {**stage.rollout["metadata"], "annotations": annotations}}
    )


def unmarked(play: Play) -> bool:
    return not any(name.startswith("cutover.dev/") for name in play.stage.rollout["metadata"]["annotations"])


# -- the marks ---------------------------------------------------------------------------------------------------------


def test_the_marks_stand_from_the_very_patch_that_writes_the_values() -> None:
    play = owned().begins().accepts("cutover")
    marks = marks_of(rollout_view(play.stage.rollout).meta.annotations)
    assert isinstance(marks, Marks)
    assert (marks.run, marks.base, marks.promotion) == ("run-1", BASE, "auto")
    assert play.stage.rollout["metadata"]["annotations"][OWNER] == US


@pytest.mark.parametrize("outcome", [Outcome.PROMOTED, Outcome.HELD, Outcome.INTERRUPTED, Outcome.REVERTED])
def test_a_run_that_is_over_takes_its_marks_away(outcome: Outcome) -> None:
    play = {
        Outcome.PROMOTED: lambda: owned().bakes().waits(25.0).looks(),
        Outcome.HELD: lambda: fails(owned()).goes_back(),
        Outcome.INTERRUPTED: lambda: owned().comes_to_the_pause().is_asked_to(OperatorRequest.ABORT).goes_back(),
        Outcome.REVERTED: lambda: owned().bakes().sees(lambda s: s.canary(4, ready=2)).waits(8.0).reverts(),
    }[outcome]()
    assert play.phase is Phase.CLOSE, play.told()
    play.accepts("unmark")
    assert (play.ending.outcome, play.ending.unproven) == (outcome, ())
    assert unmarked(play)


def test_a_run_that_by_policy_leaves_its_value_takes_its_marks_away() -> None:
    play = fails(owned(on_failure=OnFailure.ABORT)).aborts().looks()
    play.accepts("unmark")
    assert play.ending.outcome is Outcome.CONTAINED
    assert unmarked(play)


def test_somebody_elses_template_keeps_nothing_of_ours() -> None:
    play = owned().comes_to_the_pause().sees(lambda stage: stage.spec(template={"spec": {}}))
    play.accepts("unmark")
    assert play.ending.outcome is Outcome.SUPERSEDED
    assert unmarked(play)


def test_a_run_that_waits_for_a_person_keeps_its_marks() -> None:
    play = Play(Promotion.STEPS, owner=US).comes_to_the_pause().waits(11.0).looks()
    assert play.ending.outcome is Outcome.HOLDING
    assert not unmarked(play)
    assert play.ending.next[0].startswith("cutover promote payments")


def test_marks_that_could_not_be_taken_away_are_told() -> None:
    refused = owned().bakes().waits(25.0).looks().refuses("unmark", 403)
    assert (refused.ending.outcome, refused.ending.unproven) == (Outcome.PROMOTED, (LEFT,))
    late = owned().bakes().waits(25.0).looks().waits(WITHIN + 1)
    assert (late.ending.outcome, late.ending.unproven) == (Outcome.PROMOTED, (LEFT,))


# -- the verdict -------------------------------------------------------------------------------------------------------


def test_the_verdict_is_noted_before_the_abort_which_does_not_wait_for_it() -> None:
    play = fails(owned())
    names = [write.name for write in play.writes]
    assert names[-2:] == [WriteName.VERDICT, WriteName.ABORT]
    assert play.under_way("abort").name is WriteName.ABORT
    verdict = play.writes[-2]
    assert '"code": "deadline"' in str(verdict.operations)
    assert "was not Ready within" in unmasked(dict(verdict.words)["/metadata/annotations/cutover.dev~1because"])


def test_every_write_but_the_first_is_fenced() -> None:
    play = fails(owned()).goes_back().accepts("unmark")
    fences = [_fence(write) for write in play.writes if write.name not in {WriteName.CUTOVER, WriteName.VERDICT}]
    assert fences == [US, US, US]


def _fence(write: Write) -> str:
    return next(str(op["value"]) for op in write.operations if op["path"].endswith("cutover.dev~1owner"))


# -- whose it is -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("owner", [THEM, ""])
def test_a_run_whose_marks_are_somebody_elses_writes_nothing_more(owner: str) -> None:
    play = owned().comes_to_the_pause()
    sent = len(play.writes)
    play.sees(lambda stage: theirs(stage, owner))
    assert (play.ending.outcome, play.code) == (Outcome.SUPERSEDED, "taken-over")
    assert len(play.writes) == sent


def test_a_run_whose_lock_was_taken_writes_nothing_more() -> None:
    play = owned().comes_to_the_pause().knows_of_its_lock(TakenOver("run run-1 of bob@laptop"))
    assert (play.ending.outcome, play.code) == (Outcome.SUPERSEDED, "taken-over")
    assert "bob@laptop" in str(play.ending.cause)


def test_a_run_that_is_lost_on_its_way_back_stops_there() -> None:
    play = fails(owned()).accepts("abort")
    sent = len(play.writes)
    play.sees(lambda stage: theirs(stage.aborted(), THEM))
    assert (play.ending.outcome, play.code) == (Outcome.SUPERSEDED, "taken-over")
    assert len(play.writes) == sent


def test_a_lock_that_is_overdue_promotes_nothing_and_holds_no_way_back_up() -> None:
    play = owned().comes_to_the_pause().knows_of_its_lock(Overdue("no connection")).waits(60.0)
    assert "promote-pause" not in play.sent
    play.is_asked_to(OperatorRequest.ABORT)
    assert play.sent[-1] == "abort"


def test_a_process_that_just_woke_up_writes_nothing_until_it_knows() -> None:
    play = owned().comes_to_the_pause().knows_of_its_lock(UNSURE).is_asked_to(OperatorRequest.ABORT).waits(1.0)
    assert play.sent == ["cutover"]
    play.knows_of_its_lock(HELD)
    assert play.sent == ["cutover", "verdict", "abort"]


# -- the point of no return --------------------------------------------------------------------------------------------


def to(point: PointOfNoReturn) -> Plan:
    return replace(plan(Promotion.AUTO, OnFailure.RESTORE), point_of_no_return=point)


def test_past_a_ready_canary_nothing_points_back_and_the_marks_say_so() -> None:
    play = owned(to(PointOfNoReturn.CANARY_READY)).has_a_ready_canary().accepts("no-return")
    assert play.stage.rollout["metadata"]["annotations"][PASSED] == "canaryReady"
    play.is_asked_to(OperatorRequest.ABORT)
    assert (play.ending.outcome, play.code) == (Outcome.UNVERIFIED, "interrupted")
    assert play.sent == ["cutover", "no-return"]
    assert any(command.startswith("cutover abort") for command in play.ending.next)


def test_before_it_a_failure_goes_back_as_usual() -> None:
    play = fails(owned(to(PointOfNoReturn.CANARY_READY))).goes_back().accepts("unmark")
    assert play.ending.outcome is Outcome.HELD


def test_past_the_promotion_a_failure_in_the_bake_calls_a_human() -> None:
    play = owned(to(PointOfNoReturn.PROMOTION)).bakes().sees(lambda stage: stage.canary(4, ready=2)).waits(8.0)
    assert play.ending.outcome is Outcome.UNVERIFIED
    assert "restore" not in play.sent
