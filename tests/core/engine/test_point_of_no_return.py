"""The point of no return: before it everything goes back as usual, past it nothing automatic does."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from cutover.core.base.outcomes import EXIT_CODES, Outcome, SpecState
from cutover.core.engine.facts import Note
from cutover.core.engine.judge import ANSWER_WITHIN
from cutover.core.engine.observation import OperatorRequest
from cutover.core.engine.state import NEVER
from cutover.core.plan.model import OnFailure, PointOfNoReturn, Promotion
from cutover.core.writes.lock_state import HELD, Overdue
from cutover.core.writes.run_annotations import PASSED
from tests.core.engine.play import Play
from tests.core.engine.stage import ClusterStage, plan

US = "alice@host/s1"
READY, PROMOTION = PointOfNoReturn.CANARY_READY, PointOfNoReturn.PROMOTION
SAID = "the point of no return is passed: from here on nothing automatic points back"


def to(point: PointOfNoReturn, *, timeout: float = NEVER, promotion: Promotion = Promotion.AUTO) -> Play:
    intent = replace(plan(promotion, OnFailure.RESTORE), point_of_no_return=point)
    return Play(intent=intent, owner=US, timeout=timeout)


def told(play: Play) -> int:
    return play.said(Note).count(SAID)


Happening = Callable[[Play], Play]
POINTS_BACK: dict[str, tuple[str, Happening]] = {
    "a stop": ("interrupted", lambda play: play.is_asked_to(OperatorRequest.ABORT)),
    "a question without an answer": (
        "interrupted",
        lambda play: play.is_asked_to(OperatorRequest.ASK).waits(ANSWER_WITHIN + 1),
    ),
    "a relapse": ("relapse", lambda play: play.sees(lambda stage: stage.canary(1, ready=0)).waits(15.0)),
    "an analysis": ("analysis", lambda play: play.sees(lambda stage: stage.analysis("Failed"))),
    "an abort of somebody's": ("aborted", lambda play: play.sees(ClusterStage.aborted)),
}


@pytest.mark.parametrize("event", POINTS_BACK)
def test_past_a_ready_canary_nothing_is_written_whatever_happens(event: str) -> None:
    code, happens = POINTS_BACK[event]
    play = happens(to(READY).comes_to_the_pause().accepts("no-return")).waits(200.0)
    assert (play.ending.outcome, play.code, play.ending.spec) == (Outcome.UNVERIFIED, code, SpecState.LEFT)
    assert EXIT_CODES[play.ending.outcome] == 11
    assert play.sent == ["cutover", "no-return"]
    assert play.stage.rollout["metadata"]["annotations"][PASSED] == "canaryReady", "the marks stay for a person"


def test_past_a_ready_canary_the_time_for_the_whole_run_ends_it_where_it_stands() -> None:
    play = to(READY, timeout=20.0, promotion=Promotion.STEPS).has_a_ready_canary().accepts("no-return").waits(30.0)
    assert (play.ending.outcome, play.code) == (Outcome.UNVERIFIED, "timeout")
    assert play.sent == ["cutover", "no-return"]


BEFORE: dict[str, tuple[Outcome, str, Happening]] = {
    "a stop": (Outcome.INTERRUPTED, "interrupted", lambda play: play.is_asked_to(OperatorRequest.ABORT)),
    "a canary that is late": (Outcome.HELD, "deadline", lambda play: play.waits(31.0)),
    "an analysis": (Outcome.HELD, "analysis", lambda play: play.sees(lambda stage: stage.analysis("Failed"))),
}


@pytest.mark.parametrize("point", [READY, PROMOTION])
@pytest.mark.parametrize("event", BEFORE)
def test_before_it_the_run_goes_back_as_any_other(event: str, point: PointOfNoReturn) -> None:
    outcome, code, happens = BEFORE[event]
    play = happens(to(point).starts_a_canary()).goes_back().accepts("unmark")
    assert (play.ending.outcome, play.code, play.ending.spec) == (outcome, code, SpecState.RESTORED)
    assert play.sent == ["cutover", "verdict", "abort", "restore", "unmark"]
    assert told(play) == 0


def test_a_ready_canary_is_not_yet_the_promotion() -> None:
    play = to(PROMOTION).comes_to_the_pause().is_asked_to(OperatorRequest.ABORT).goes_back().accepts("unmark")
    assert play.ending.outcome is Outcome.INTERRUPTED


def test_past_the_promotion_a_relapse_is_for_a_person() -> None:
    play = to(PROMOTION).bakes().sees(lambda stage: stage.canary(4, ready=2)).waits(200.0)
    assert (play.ending.outcome, play.code, play.ending.spec) == (
        Outcome.UNVERIFIED,
        "relapse",
        SpecState.PROMOTED,
    )
    assert play.sent == ["cutover", "promote-pause"]


def test_a_promotion_that_overtakes_the_way_back_ends_it() -> None:
    """The abort was under way when the canary became stable: going back would be a rollout of the old value."""
    play = to(PROMOTION).comes_to_the_pause().is_asked_to(OperatorRequest.ABORT).refuses("abort")
    sent = list(play.sent)
    play.stage = play.stage.just_promoted()
    play.refuses("restore").waits(200.0)
    assert (play.ending.outcome, play.ending.spec) == (Outcome.UNVERIFIED, SpecState.PROMOTED)
    assert play.sent == sent


def test_a_good_run_is_the_same_and_its_marks_go() -> None:
    play = to(READY).has_a_ready_canary().accepts("no-return").sees(lambda stage: stage.paused_at(1))
    play.waits(11.0).accepts("promote-pause").sees(lambda stage: stage.at_step(2)).sees(ClusterStage.just_promoted)
    play.sees(ClusterStage.promoted).waits(25.0).looks().accepts("unmark")
    assert (play.ending.outcome, play.ending.unproven) == (Outcome.PROMOTED, ())
    assert play.sent == ["cutover", "no-return", "promote-pause", "unmark"]
    assert PASSED not in play.stage.rollout["metadata"]["annotations"]
    assert told(play) == 1


def test_the_passage_is_noted_once_even_where_the_note_is_refused() -> None:
    play = to(READY).has_a_ready_canary().refuses("no-return", 403).waits(20.0)
    play.sees(lambda stage: stage.canary(1, ready=0)).sees(ClusterStage.canary_ready).waits(1.0)
    assert play.sent.count("no-return") == 1
    assert told(play) == 1


def test_it_is_not_noted_while_the_lock_is_overdue_and_then_it_is() -> None:
    play = to(READY).starts_a_canary().knows_of_its_lock(Overdue("no connection")).sees(ClusterStage.canary_ready)
    assert play.sent == ["cutover"]
    play.knows_of_its_lock(HELD).accepts("no-return")
    assert play.stage.rollout["metadata"]["annotations"][PASSED] == "canaryReady"


def test_it_counts_before_it_is_noted() -> None:
    play = to(READY).starts_a_canary().knows_of_its_lock(Overdue("no connection")).sees(ClusterStage.canary_ready)
    play.is_asked_to(OperatorRequest.ABORT).waits(200.0)
    assert (play.ending.outcome, play.sent) == (Outcome.UNVERIFIED, ["cutover"])
