"""A defect of our own after the write: the first leads to the way back, the second to a human."""

from collections.abc import Callable

import pytest

from cutover.core.base.outcomes import Attribution, Cause, Ending, Outcome, SpecState
from cutover.core.engine.internal_error import after_defect, last_resort
from cutover.core.engine.observation import FreshRead, Observation
from cutover.core.engine.state import Phase
from cutover.core.objects.rollout import rollout_view
from cutover.core.writes.write import Accepted, Answer
from tests.core.checks.documents import TEMPLATE
from tests.core.engine.play import Play, applied
from tests.core.engine.stage import AFTER, ClusterStage

SAID = "a defect in cutover itself: KeyError"


def breaks(play: Play, *answers: Answer, fresh_reads: tuple[FreshRead, ...] = ()) -> Play:
    """The machine breaks at the next observation, and what came with it is lost."""
    observation = Observation(play.instant, play.stage.world(play.now), answers, fresh_reads=fresh_reads)
    play.state, play.decision = after_defect(play.state, "KeyError", observation)
    return play


@pytest.mark.parametrize(
    ("when", "way"),
    [
        (Play.writes_the_plan, ["restore"]),
        (Play.starts_a_canary, ["abort", "restore"]),
        (Play.comes_to_the_pause, ["abort", "restore"]),
    ],
    ids=["before adoption", "at the canary", "at the pause"],
)
def test_a_defect_is_a_failure_like_any_other(when: Callable[[Play], Play], way: list[str]) -> None:
    play = breaks(when(Play()))
    assert play.decision.ending is None
    play.sees()
    if "abort" in way:
        play.aborts()
    play.restores().looks()
    assert (play.ending.outcome, play.code, play.sent) == (Outcome.HELD, "defect", ["cutover", *way])
    assert play.ending.cause == Cause(Attribution.UNKNOWN, "defect", SAID)


def test_an_answer_that_is_lost_to_the_defect_is_not_waited_for() -> None:
    """The cutover was done, and the observation that said so broke the machine: the watch tells it once more."""
    play = Play().begins()
    write = play.under_way("cutover")
    play.stage = ClusterStage(applied(play.stage.rollout, write), play.stage.replicasets, play.stage.pods)
    breaks(play, Accepted(write, rollout_view(play.stage.rollout))).sees()
    assert play.phase is Phase.RESTORE
    play.restores().looks()
    assert (play.ending.outcome, play.ending.spec) == (Outcome.HELD, SpecState.RESTORED)


def test_a_look_that_is_lost_to_the_defect_is_taken_again() -> None:
    play = Play().bakes().waits(20.0)
    assert (play.phase, play.looks_wanted) == (Phase.CONFIRM, 1)
    breaks(play, fresh_reads=(FreshRead(play.stage.world(play.now), play.instant),))
    assert play.state.fresh_read_asked_at == float("inf")


def test_a_second_defect_puts_the_old_template_back_without_the_phases_and_calls_a_human() -> None:
    play = breaks(breaks(Play().starts_a_canary()))
    assert isinstance(play.decision.ending, Ending)
    assert (play.ending.outcome, play.ending.spec, play.code) == (Outcome.UNVERIFIED, SpecState.UNKNOWN, "defect")
    assert play.ending.unproven == ("nothing could be verified: cutover itself failed twice",)
    assert len(play.ending.next) == 3
    assert applied(play.stage.rollout, last_resort(play.state))["spec"]["template"] == TEMPLATE


def test_the_last_resort_is_guarded_on_what_was_computed_where_it_is_not_known_what_was_stored() -> None:
    play = Play().begins()
    tested = {operation["path"]: operation.get("value") for operation in last_resort(play.state).operations[:2]}
    assert tested["/spec/template"] == AFTER
