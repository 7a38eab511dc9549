"""The dead-man of a run: armed with its values, put back in every ending, and known when it was what aborted."""

from dataclasses import replace
from typing import Any

import pytest

from cutover.core.base.outcomes import Outcome
from cutover.core.engine.state import Phase
from cutover.core.objects.rollout import rollout_view
from cutover.core.plan.model import OnFailure, Promotion
from cutover.core.writes.run_annotations import ArmedMark, Marks, marks_of
from tests.core.engine.play import Play
from tests.core.engine.stage import NEW, ClusterStage, opening, plan
from tests.quotations import unmasked

US = "alice@host/s1"
SECONDS, ABORT = "progressDeadlineSeconds", "progressDeadlineAbort"
PLACES = (f"/spec/{SECONDS}", f"/spec/{ABORT}")
PUT_BACK = "the progress deadline is what it was before the run"
TIMED_OUT = f'ReplicaSet "payments-{NEW}" has timed out progressing.'
BEFORE: dict[str, tuple[dict[str, Any], ArmedMark]] = {
    "nothing": ({}, ArmedMark(300)),
    "both": ({SECONDS: 900, ABORT: False}, ArmedMark(300, 900, previous_abort=False)),
    "the abort": ({ABORT: True}, ArmedMark(300, None, previous_abort=True)),
}


def armed(
    promotion: Promotion = Promotion.AUTO, on_failure: OnFailure = OnFailure.RESTORE, before: str = "nothing"
) -> Play:
    """A run that arms a dead-man of 300 s."""
    intent = replace(plan(promotion, on_failure), deadman=300)
    return Play(intent=intent, owner=US, stage=opening().spec(**BEFORE[before][0]).observed())


def fails(play: Play) -> Play:
    return play.starts_a_canary().waits(31.0)


def fields(play: Play) -> dict[str, Any]:
    """What stands in the two fields of the dead-man."""
    return {name: value for name, value in play.stage.rollout["spec"].items() if name in {SECONDS, ABORT}}


def changed_by(play: Play, name: str) -> list[tuple[str, str]]:
    """What the write under way does to the two fields."""
    operations = play.under_way(name).operations
    return [(op["op"], op["path"]) for op in operations if op["path"] in PLACES]


# -- armed and put back ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("before", BEFORE)
def test_it_is_armed_with_the_values_and_the_marks_keep_what_stood_there(before: str) -> None:
    play = armed(before=before).begins().accepts("cutover")
    marks = marks_of(rollout_view(play.stage.rollout).meta.annotations)
    assert fields(play) == {SECONDS: 300, ABORT: True}
    assert isinstance(marks, Marks)
    assert marks.armed == BEFORE[before][1]


@pytest.mark.parametrize("before", BEFORE)
def test_it_goes_in_the_patch_that_puts_the_old_template_back(before: str) -> None:
    play = fails(armed(before=before)).goes_back()
    assert fields(play) == BEFORE[before][0]
    play.accepts("unmark")
    assert play.sent == ["cutover", "verdict", "abort", "restore", "unmark"]
    assert (play.ending.outcome, play.ending.unproven) == (Outcome.HELD, ())
    assert PUT_BACK in play.ending.proven


@pytest.mark.parametrize("before", BEFORE)
def test_it_is_put_back_before_a_person_is_waited_for(before: str) -> None:
    play = armed(Promotion.STEPS, before=before).comes_to_the_pause().waits(11.0)
    assert play.phase is Phase.HOLDING
    play.accepts("disarm", change=ClusterStage.observed).looks()
    assert (play.ending.outcome, play.sent) == (Outcome.HOLDING, ["cutover", "disarm"])
    assert fields(play) == BEFORE[before][0]
    assert PUT_BACK in play.ending.proven


def test_a_controller_that_has_not_seen_it_put_back_yet_is_waited_for() -> None:
    """The patch makes a generation: until it is observed the Rollout is not known to stand at the pause."""
    play = armed(Promotion.STEPS).comes_to_the_pause().waits(11.0).accepts("disarm")
    assert (play.phase, play.looks_wanted) == (Phase.HOLDING, 0)
    play.sees(ClusterStage.observed).looks()
    assert (play.ending.outcome, play.sent) == (Outcome.HOLDING, ["cutover", "disarm"])


@pytest.mark.parametrize("before", BEFORE)
def test_it_is_put_back_before_the_bake(before: str) -> None:
    play = armed(before=before).is_promoted()
    assert play.phase is Phase.DISARM
    play.accepts("disarm").sees()
    assert (play.phase, fields(play)) == (Phase.SETTLE, BEFORE[before][0])
    play.sees(ClusterStage.promoted).waits(25.0).looks().accepts("unmark")
    assert (play.ending.outcome, play.ending.unproven) == (Outcome.PROMOTED, ())
    assert play.sent == ["cutover", "promote-pause", "disarm", "unmark"]


@pytest.mark.parametrize("policy", [OnFailure.ABORT, OnFailure.HOLD])
def test_where_the_value_stays_by_policy_the_dead_man_does_not(policy: OnFailure) -> None:
    play = fails(armed(on_failure=policy))
    play = play.aborts() if policy is OnFailure.ABORT else play
    assert play.phase is Phase.VERIFY
    play.accepts("disarm").sees().looks().accepts("unmark")
    assert (play.ending.outcome, fields(play)) == (Outcome.CONTAINED, {})
    assert PUT_BACK in play.ending.proven


def test_a_run_without_one_says_nothing_of_it() -> None:
    play = Play(owner=US).starts_a_canary().waits(31.0).goes_back().accepts("unmark")
    assert PUT_BACK not in play.ending.proven


# -- somebody else's ---------------------------------------------------------------------------------------------------


def test_what_somebody_else_set_in_both_fields_is_left() -> None:
    play = armed().passes_the_pause()
    theirs = play.stage.spec(progressDeadlineSeconds=77, progressDeadlineAbort=False).observed()
    play.sees(lambda _: theirs.just_promoted())
    assert play.phase is Phase.SETTLE
    play.sees(ClusterStage.promoted).waits(25.0).looks().accepts("unmark")
    assert (play.ending.outcome, fields(play)) == (Outcome.PROMOTED, {SECONDS: 77, ABORT: False})
    assert "disarm" not in play.sent


def test_what_somebody_else_set_in_one_field_is_left_and_the_other_put_back() -> None:
    play = armed().passes_the_pause()
    theirs = play.stage.spec(progressDeadlineSeconds=77).observed()
    play.sees(lambda _: theirs.just_promoted())
    assert changed_by(play, "disarm") == [("test", PLACES[1]), ("remove", PLACES[1])]
    assert fields(play.accepts("disarm")) == {SECONDS: 77}


def test_what_is_somebody_elses_before_the_restore_is_not_in_it() -> None:
    play = fails(armed())
    play.accepts("abort").sees(lambda stage: stage.spec(progressDeadlineSeconds=77).observed().aborted())
    assert changed_by(play, "restore") == [("test", PLACES[1]), ("remove", PLACES[1])]


def test_whoever_took_the_rollout_over_does_not_inherit_it() -> None:
    play = armed().comes_to_the_pause().sees(lambda stage: stage.spec(template={"spec": {}}))
    assert changed_by(play, "unmark") == [pair for place in PLACES for pair in (("test", place), ("remove", place))]
    play.accepts("unmark")
    assert (play.ending.outcome, fields(play)) == (Outcome.SUPERSEDED, {})


def test_marks_that_cannot_go_together_with_it_go_without() -> None:
    play = armed().comes_to_the_pause().sees(lambda stage: stage.spec(template={"spec": {}}))
    play.stage = play.stage.spec(progressDeadlineSeconds=77)
    play.refuses("unmark")
    assert changed_by(play, "unmark") == []
    play.accepts("unmark")
    assert (play.ending.outcome, play.ending.unproven) == (Outcome.SUPERSEDED, ())
    assert play.sent[-2:] == ["unmark", "unmark"]


# -- refused -----------------------------------------------------------------------------------------------------------


def test_a_restore_that_it_stands_in_the_way_of_goes_out_once_more_without_it() -> None:
    play = fails(armed()).aborts()
    assert len(changed_by(play, "restore")) == 4
    play.refuses("restore")
    assert changed_by(play, "restore") == []
    play.refuses("restore").waits(200.0)
    assert play.sent == ["cutover", "verdict", "abort", "restore", "restore"]
    assert play.ending.outcome is Outcome.UNVERIFIED


@pytest.mark.parametrize("status", [403, 409, 500])
def test_a_restore_that_is_refused_for_another_reason_is_not_sent_again(status: int) -> None:
    play = fails(armed()).aborts().refuses("restore", status).waits(200.0)
    assert play.sent == ["cutover", "verdict", "abort", "restore"]


def test_a_restore_whose_answer_was_lost_is_not_sent_again() -> None:
    play = fails(armed()).aborts().loses("restore", stored=True).sees(ClusterStage.restored_and_healthy).looks()
    play.accepts("unmark")
    assert play.sent == ["cutover", "verdict", "abort", "restore", "unmark"]
    assert (play.ending.outcome, fields(play)) == (Outcome.HELD, {})


def test_what_is_left_of_it_after_a_restore_without_it_is_put_back() -> None:
    play = fails(armed()).aborts()
    play.stage = play.stage.spec(progressDeadlineSeconds=77).observed()
    play.refuses("restore").accepts("restore").sees(ClusterStage.restored_and_healthy)
    play.accepts("disarm").sees(ClusterStage.observed).looks().accepts("unmark")
    assert (play.ending.outcome, fields(play)) == (Outcome.HELD, {SECONDS: 77})


def test_one_that_cannot_be_put_back_is_tried_three_times_and_is_for_a_person() -> None:
    play = armed(Promotion.STEPS).comes_to_the_pause().waits(11.0)
    for _ in range(3):
        play.refuses("disarm", 403)
    play.waits(40.0)
    assert play.sent == ["cutover", "disarm", "disarm", "disarm"]
    assert play.ending.outcome is Outcome.UNVERIFIED


def test_one_that_is_put_back_by_the_second_try_leaves_nothing_to_tell() -> None:
    play = armed().is_promoted().refuses("disarm", 500).accepts("disarm").sees(ClusterStage.promoted)
    play.waits(25.0).looks().accepts("unmark")
    assert (play.ending.outcome, play.ending.unproven, fields(play)) == (Outcome.PROMOTED, (), {})


# -- what aborted ------------------------------------------------------------------------------------------------------


def test_an_abort_of_the_controllers_is_the_dead_mans_where_the_run_armed_it() -> None:
    play = armed().starts_a_canary().sees(lambda stage: stage.aborted(TIMED_OUT)).restores().looks().accepts("unmark")
    said = f"the dead-man aborted it: Rollout aborted update to revision 4: {TIMED_OUT}"
    assert (play.ending.outcome, play.code, unmasked(getattr(play.ending.cause, "message", ""))) == (
        Outcome.HELD,
        "deadman",
        said,
    )


def test_without_one_it_is_the_rollouts_own_deadlines() -> None:
    play = Play(owner=US).starts_a_canary().sees(lambda stage: stage.aborted(TIMED_OUT)).restores().looks()
    assert play.accepts("unmark").code == "progress-deadline"


def test_and_so_it_is_where_somebody_else_changed_both_fields() -> None:
    play = armed().starts_a_canary()
    theirs = play.stage.spec(progressDeadlineSeconds=77, progressDeadlineAbort=False).observed()
    play.sees(lambda _: theirs.aborted(TIMED_OUT)).restores().looks()
    assert play.accepts("unmark").code == "progress-deadline"


def test_an_analysis_that_aborts_is_not_the_dead_man() -> None:
    words = "Step-based analysis phase error/failed"
    play = armed().starts_a_canary().sees(lambda stage: stage.aborted(words)).restores().looks()
    assert play.accepts("unmark").code == "analysis"
