"""Ctrl-C, SIGTERM and SIGHUP: the first is the wish to stop, the second the wish to leave."""

from collections.abc import Callable

import pytest

from cutover.core.base.outcomes import Attribution, Cause, Outcome, SpecState
from cutover.core.engine.decision import ConfirmStop
from cutover.core.engine.facts import Decided, Suspected
from cutover.core.engine.observation import OperatorRequest
from cutover.core.engine.state import Phase
from cutover.core.plan.model import OnFailure, Promotion
from tests.core.engine.play import Play
from tests.core.engine.stage import ClusterStage
from tests.quotations import unmasked

STOP, LEAVE = OperatorRequest.ABORT, OperatorRequest.LEAVE
INTERRUPTED = Cause(Attribution.PERSON, "interrupted", "the run was asked to stop")


def test_before_the_write_nothing_is_written() -> None:
    play = Play().is_asked_to(STOP)
    assert (play.ending.outcome, play.ending.spec, play.sent) == (Outcome.INTERRUPTED, SpecState.UNCHANGED, [])
    assert (play.ending.cause, play.ending.proven) == (INTERRUPTED, ("nothing was written",))


@pytest.mark.parametrize("wishes", [(LEAVE,), (STOP, LEAVE)], ids=["leave", "both at once"])
def test_leaving_before_the_write_is_an_interruption_too(wishes: tuple[OperatorRequest, ...]) -> None:
    play = Play().is_asked_to(*wishes)
    assert (play.ending.outcome, play.sent) == (Outcome.INTERRUPTED, [])


def test_while_the_write_is_under_way_its_answer_is_waited_for_and_then_taken_back() -> None:
    play = Play().begins().is_asked_to(STOP).waits(5.0)
    assert (play.phase, play.sent) == (Phase.WRITE, ["cutover"])
    play.accepts("cutover").restores().looks()
    assert (play.ending.outcome, play.sent) == (Outcome.INTERRUPTED, ["cutover", "restore"])


def test_together_with_the_answer_to_the_write() -> None:
    play = Play().begins().accepts("cutover", requests=(STOP,)).restores().looks()
    assert (play.ending.outcome, play.ending.spec) == (Outcome.INTERRUPTED, SpecState.RESTORED)


def test_while_the_write_is_under_way_that_is_then_refused_nothing_was_written() -> None:
    play = Play().begins().is_asked_to(STOP).refuses("cutover")
    assert (play.ending.outcome, play.ending.proven[-1]) == (Outcome.INTERRUPTED, "nothing was written")


def test_while_nobody_knows_whether_the_write_will_land_the_run_stays_to_take_it_back() -> None:
    play = Play().begins().loses("cutover", stored=True).is_asked_to(STOP)
    assert play.sees().phase is Phase.RESTORE
    play.restores().looks()
    assert (play.ending.outcome, play.sent) == (Outcome.INTERRUPTED, ["cutover", "restore"])


def test_a_write_that_can_no_longer_land_is_not_waited_for() -> None:
    play = Play().begins().loses("cutover").is_asked_to(STOP).waits(9.9)
    assert play.phase is Phase.WRITE
    play.waits(0.2).refuses("restore").looks()
    assert (play.ending.outcome, play.ending.spec) == (Outcome.INTERRUPTED, SpecState.UNCHANGED)


BEFORE_PROMOTION: dict[str, Callable[[Play], Play]] = {
    "canary": Play.starts_a_canary,
    "ready canary": Play.has_a_ready_canary,
    "pause": Play.comes_to_the_pause,
    "after the pause": Play.passes_the_pause,
}


@pytest.mark.parametrize("when", BEFORE_PROMOTION.values(), ids=BEFORE_PROMOTION)
@pytest.mark.parametrize("policy", list(OnFailure))
def test_from_adoption_to_promotion_it_is_aborted_restored_and_verified_whatever_the_policy(
    when: Callable[[Play], Play], policy: OnFailure
) -> None:
    play = when(Play(Promotion.AUTO, policy)).is_asked_to(STOP).goes_back()
    assert (play.ending.outcome, play.ending.spec) == (Outcome.INTERRUPTED, SpecState.RESTORED)
    assert play.ending.cause == INTERRUPTED
    assert play.sent[-2:] == ["abort", "restore"]


def test_before_adoption_there_is_nothing_to_abort() -> None:
    play = Play().writes_the_plan().is_asked_to(STOP).restores().looks()
    assert (play.ending.outcome, play.sent) == (Outcome.INTERRUPTED, ["cutover", "restore"])


def test_while_a_promotion_is_under_way_its_answer_comes_first() -> None:
    play = Play(Promotion.AUTO).comes_to_the_pause().waits(10.0).is_asked_to(STOP)
    assert play.sent == ["cutover", "promote-pause"]
    play.accepts("promote-pause").sees(lambda stage: stage.at_step(2)).goes_back()
    assert (play.ending.outcome, play.sent[-2:]) == (Outcome.INTERRUPTED, ["abort", "restore"])


def test_while_the_run_confirms_that_it_holds() -> None:
    play = Play(Promotion.STEPS).comes_to_the_pause().waits(10.0).is_asked_to(STOP).goes_back()
    assert play.ending.outcome is Outcome.INTERRUPTED


def test_a_run_that_fails_already_does_not_change_its_mind() -> None:
    play = Play().starts_a_canary().waits(30.0).is_asked_to(STOP).goes_back()
    assert (play.ending.outcome, play.code) == (Outcome.HELD, "deadline")


def test_an_interruption_is_no_bad_signal() -> None:
    play = Play().starts_a_canary().is_asked_to(STOP).goes_back()
    assert play.said(Suspected) == []
    assert play.said(Decided) == ["stopping: the run was asked to stop"]


# -- at a terminal the first Ctrl-C asks -------------------------------------------------------------------------------

ASK, GO_ON = OperatorRequest.ASK, OperatorRequest.GO_ON


def asks(play: Play) -> int:
    """How often the last step asked the person."""
    return play.decision.commands.count(ConfirmStop())


@pytest.mark.parametrize("when", BEFORE_PROMOTION.values(), ids=BEFORE_PROMOTION)
def test_a_question_that_nobody_answers_within_ten_seconds_is_a_stop(when: Callable[[Play], Play]) -> None:
    play = when(Play(Promotion.AUTO)).is_asked_to(ASK)
    assert asks(play) == 1
    play.waits(9.9)
    assert not play.state.failing
    play.waits(0.2).goes_back()
    assert (play.ending.outcome, play.ending.cause) == (Outcome.INTERRUPTED, INTERRUPTED)


def test_nothing_is_promoted_while_the_question_is_open_and_the_hold_begins_anew() -> None:
    play = Play(Promotion.AUTO).comes_to_the_pause().waits(5.0).is_asked_to(ASK).waits(8.0)
    assert play.sent == ["cutover"]
    play.is_asked_to(GO_ON).waits(9.9)
    assert play.sent == ["cutover"]
    play.waits(0.2)
    assert play.sent == ["cutover", "promote-pause"]


def test_a_stop_does_not_wait_for_the_answer() -> None:
    play = Play().starts_a_canary().is_asked_to(ASK).waits(2.0).is_asked_to(STOP).goes_back()
    assert play.ending.outcome is Outcome.INTERRUPTED


def test_a_failure_does_not_wait_for_the_answer_either() -> None:
    play = Play().starts_a_canary().waits(25.0).is_asked_to(ASK).waits(5.0).goes_back()
    assert (play.ending.outcome, play.code) == (Outcome.HELD, "deadline")


def test_nothing_is_begun_while_the_question_is_open() -> None:
    play = Play().is_asked_to(ASK).waits(9.0)
    assert play.sent == []
    assert Play().is_asked_to(ASK).waits(2.0).is_asked_to(GO_ON).sent == ["cutover"]
    play.waits(1.1)
    assert (play.ending.outcome, play.ending.spec) == (Outcome.INTERRUPTED, SpecState.UNCHANGED)


def test_a_run_that_holds_does_not_end_while_the_question_is_open() -> None:
    play = Play(Promotion.STEPS).comes_to_the_pause().waits(10.0).is_asked_to(ASK).looks()
    assert not play.over
    play.is_asked_to(GO_ON).waits(10.0).looks()
    assert play.ending.outcome is Outcome.HOLDING


def test_in_the_bake_nobody_is_asked() -> None:
    play = Play().bakes().waits(5.0).is_asked_to(ASK)
    assert asks(play) == 0
    assert play.looks().ending.outcome is Outcome.PROMOTED


def test_a_promotion_by_the_controller_while_the_question_is_open_is_never_taken_back_for_it() -> None:
    play = Play().passes_the_pause().is_asked_to(ASK).sees(ClusterStage.promoted, after=3.0).looks()
    assert (play.ending.outcome, play.sent) == (Outcome.PROMOTED, ["cutover", "promote-pause"])


# -- after the promotion -----------------------------------------------------------------------------------------------


def test_while_the_old_pods_still_go_the_last_look_waits_for_them() -> None:
    play = Play().is_promoted().is_asked_to(STOP)
    play.looks().sees(ClusterStage.promoted, after=2.0).looks()
    assert (play.ending.outcome, play.ending.unproven) == (
        Outcome.PROMOTED,
        ("the watch after promotion was stopped after 2 s of 20 s",),
    )


def test_a_promoted_revision_that_is_not_whole_is_not_called_promoted() -> None:
    play = Play().bakes().waits(5.0).sees(lambda stage: stage.canary(4, ready=3)).is_asked_to(STOP)
    while play.looks_wanted:
        play.looks().waits(30.0)
    assert play.ending.outcome is Outcome.UNVERIFIED
    assert "it is not whole: 3 of 4 pods are Ready, 3 available" in play.ending.unproven


def test_at_the_very_moment_of_the_promotion_it_only_ends_the_watching() -> None:
    play = Play().passes_the_pause()
    play.stage = play.stage.promoted()
    play.is_asked_to(STOP).looks()
    assert (play.ending.outcome, play.sent) == (Outcome.PROMOTED, ["cutover", "promote-pause"])


def test_during_the_way_back_after_the_promotion_it_changes_nothing() -> None:
    play = Play().bakes().sees(lambda stage: stage.canary(4, ready=3)).waits(6.0)
    play.is_asked_to(STOP).reverts()
    assert play.ending.outcome is Outcome.REVERTED


# -- the second signal -------------------------------------------------------------------------------------------------

LEFT: dict[str, Callable[[Play], Play]] = {
    "while it aborts": lambda play: play.accepts("abort"),
    "while it restores": lambda play: play.aborts().accepts("restore"),
    "while it verifies": lambda play: play.aborts().restores(),
}


@pytest.mark.parametrize("when", LEFT.values(), ids=LEFT)
def test_leaving_the_way_back_says_that_nothing_is_proven(when: Callable[[Play], Play]) -> None:
    play = when(Play().starts_a_canary().is_asked_to(STOP)).is_asked_to(LEAVE)
    assert (play.ending.outcome, play.ending.proven) == (Outcome.UNVERIFIED, ())
    assert all(unmasked(each).startswith("not read afresh: ") for each in play.ending.unproven)


def test_leaving_lets_the_request_under_way_finish() -> None:
    play = Play().starts_a_canary().is_asked_to(STOP).is_asked_to(LEAVE).waits(5.0)
    assert (play.phase, play.sent) == (Phase.ABORT, ["cutover", "abort"])
    assert play.accepts("abort").ending.outcome is Outcome.UNVERIFIED
    assert play.sent == ["cutover", "abort"]


def test_leaving_after_a_restore_does_not_tell_to_restore_again() -> None:
    play = Play().starts_a_canary().is_asked_to(STOP).aborts().restores().is_asked_to(LEAVE)
    assert play.ending.next == ("kubectl argo rollouts get rollout payments -n payments",)
