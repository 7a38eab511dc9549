"""A run that is somebody else's by now writes nothing more, wherever it stands; its lock alone holds up no way back."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from cutover.core.base.outcomes import Outcome
from cutover.core.engine.observation import OperatorRequest
from cutover.core.engine.state import Phase
from cutover.core.plan.model import OnFailure, Promotion
from cutover.core.writes.lock_state import HELD, UNSURE, Overdue, TakenOver
from cutover.core.writes.run_annotations import ALL, OWNER
from cutover.core.writes.write import Write, WriteName
from tests.core.engine.play import Play
from tests.core.engine.stage import ClusterStage, plan

US, THEM = "alice@host/s1", "bob@laptop/s2"
BOB = "run run-1 of bob@laptop"
GONE = "another process ended the run, or its marks were taken away"
Happens = Callable[[Play], Play]


def marked(stage: ClusterStage, owner: str) -> ClusterStage:
    """The stage with that owner in the marks; without any mark where there is none."""
    there = stage.rollout["metadata"]["annotations"]
    kept = {name: value for name, value in there.items() if name not in ALL}
    return stage.meta(annotations={**there, OWNER: owner} if owner else kept)


def owned(promotion: Promotion = Promotion.AUTO, on_failure: OnFailure = OnFailure.RESTORE) -> Play:
    return Play(promotion, on_failure, owner=US)


def reverting() -> Play:
    """Promoted, and on its way back."""
    return owned().bakes().sees(lambda stage: stage.canary(4, ready=2)).waits(8.0)


WHERE: dict[str, tuple[Phase, Callable[[], Play]]] = {
    "adopting": (Phase.ADOPT, lambda: owned().writes_the_plan()),
    "at the pause": (Phase.CANARY, lambda: owned().comes_to_the_pause()),
    "settling": (Phase.SETTLE, lambda: owned().is_promoted()),
    "baking": (Phase.BAKE, lambda: owned().bakes()),
    "aborting": (Phase.ABORT, lambda: owned().starts_a_canary().waits(31.0).accepts("abort")),
    "restoring": (Phase.RESTORE, lambda: owned().starts_a_canary().waits(31.0).aborts().accepts("restore")),
    "verifying": (Phase.VERIFY, lambda: owned().starts_a_canary().waits(31.0).aborts().restores()),
    "reverting": (Phase.READOPT, lambda: reverting().accepts("restore")),
}
LOST: dict[str, tuple[str, Happens]] = {
    "the lease": (f"{BOB} took the run over", lambda play: play.knows_of_its_lock(TakenOver(BOB))),
    "the owner": (f"{THEM} took the run over", lambda play: play.sees(lambda stage: marked(stage, THEM))),
    "no marks": (GONE, lambda play: play.sees(lambda stage: marked(stage, ""))),
}


@pytest.mark.parametrize("where", WHERE)
@pytest.mark.parametrize("how", LOST)
def test_it_ends_at_once_and_writes_nothing_more(where: str, how: str) -> None:
    phase, begins = WHERE[where]
    said, happens = LOST[how]
    play = begins()
    assert play.phase is phase
    sent = list(play.sent)
    happens(play)
    assert (play.ending.outcome, play.code, play.sent) == (Outcome.SUPERSEDED, "taken-over", sent)
    assert getattr(play.ending.cause, "message", "") == said


@pytest.mark.parametrize("how", LOST)
def test_with_a_write_under_way_it_waits_for_the_answer_and_sends_nothing_more(how: str) -> None:
    play = owned().starts_a_canary().waits(31.0)
    sent = list(play.sent)
    LOST[how][1](play)
    assert (play.phase, play.sent) == (Phase.ABORT, sent)
    play.refuses("abort")
    assert (play.ending.outcome, play.code, play.sent) == (Outcome.SUPERSEDED, "taken-over", sent)


def test_the_verdict_of_before_does_not_hide_that_it_was_taken_over() -> None:
    play = owned().starts_a_canary().waits(31.0).accepts("abort").knows_of_its_lock(TakenOver(BOB))
    assert (play.code, play.ending.next) == (
        "taken-over",
        ("kubectl argo rollouts get rollout payments -n payments",),
    )


def test_a_run_without_an_owner_asks_nobody() -> None:
    play = Play().comes_to_the_pause().knows_of_its_lock(TakenOver(BOB)).sees(lambda stage: marked(stage, THEM))
    assert not play.over


# -- a lock that is not renewed ----------------------------------------------------------------------------------------


def test_while_it_is_overdue_the_whole_way_back_goes_on() -> None:
    play = owned().starts_a_canary().knows_of_its_lock(Overdue("no connection")).waits(31.0)
    play.goes_back().accepts("unmark")
    assert (play.ending.outcome, play.sent) == (
        Outcome.HELD,
        ["cutover", "verdict", "abort", "restore", "unmark"],
    )


def test_while_it_is_overdue_a_revert_goes_on() -> None:
    play = reverting().knows_of_its_lock(Overdue("no connection")).reverts().accepts("unmark")
    assert (play.ending.outcome, play.sent[-4:]) == (
        Outcome.REVERTED,
        ["verdict", "restore", "promote-full", "unmark"],
    )


@pytest.mark.parametrize("promotion", [Promotion.AUTO, Promotion.FULL])
def test_a_lock_that_is_renewed_again_lets_the_promotion_through(promotion: Promotion) -> None:
    play = owned(promotion).comes_to_the_pause().knows_of_its_lock(Overdue("no connection")).waits(60.0)
    assert (play.sent, play.over) == (["cutover"], False)
    play.knows_of_its_lock(HELD)
    assert play.sent == ["cutover", "promote-full" if promotion is Promotion.FULL else "promote-pause"]


def test_who_does_not_know_whose_it_is_writes_nothing_neither_forward_nor_back() -> None:
    play = owned().comes_to_the_pause().knows_of_its_lock(UNSURE).waits(60.0)
    play.is_asked_to(OperatorRequest.ABORT).waits(5.0)
    assert (play.sent, play.over) == (["cutover"], False)
    play.knows_of_its_lock(TakenOver(BOB))
    assert (play.ending.outcome, play.sent) == (Outcome.SUPERSEDED, ["cutover"])


# -- the verdict -------------------------------------------------------------------------------------------------------


def test_the_verdict_goes_out_in_the_same_decision_before_the_abort() -> None:
    play = owned().comes_to_the_pause().is_asked_to(OperatorRequest.ABORT)
    writes = [command.name for command in play.decision.commands if isinstance(command, Write)]
    assert writes == [WriteName.VERDICT, WriteName.ABORT]


def test_a_verdict_after_the_promotion_says_so() -> None:
    verdicts = [write for write in reverting().writes if write.name is WriteName.VERDICT]
    assert [write.operations[-1]["value"] for write in verdicts] == [
        '{"attribution": "config", "code": "relapse", "course": "fail", "promoted": true}'
    ]


def test_an_interrupted_run_notes_that_it_was_stopped_and_only_once() -> None:
    play = owned().comes_to_the_pause().is_asked_to(OperatorRequest.ABORT).goes_back().accepts("unmark")
    verdicts = [write.operations[-1]["value"] for write in play.writes if write.name is WriteName.VERDICT]
    assert verdicts == ['{"attribution": "person", "code": "interrupted", "course": "interrupt", "promoted": false}']


def test_a_run_that_yields_notes_nothing() -> None:
    play = owned().comes_to_the_pause().sees(lambda stage: stage.spec(template={"spec": {}})).accepts("unmark")
    assert play.sent == ["cutover", "unmark"]


def test_a_run_that_somebody_else_took_back_notes_nothing_either() -> None:
    play = owned().comes_to_the_pause().sees(ClusterStage.restored_and_healthy).looks().accepts("unmark")
    assert (play.ending.outcome, play.code) == (Outcome.SUPERSEDED, "undone")
    assert play.sent == ["cutover", "unmark"]


# -- the marks stay where somebody has to go on ------------------------------------------------------------------------

STAY: dict[str, tuple[Outcome, Callable[[], Play]]] = {
    "unverified": (
        Outcome.UNVERIFIED,
        lambda: owned().starts_a_canary().waits(31.0).refuses("abort", 403).refuses("restore", 403).waits(60.0),
    ),
    "unobservable": (Outcome.UNOBSERVABLE, lambda: owned().passes_the_pause().goes_blind().waits(400.0)),
    "told to leave": (Outcome.UNVERIFIED, lambda: owned().comes_to_the_pause().is_asked_to(OperatorRequest.LEAVE)),
}


@pytest.mark.parametrize("case", STAY)
def test_the_marks_stay_where_somebody_has_to_go_on(case: str) -> None:
    outcome, happens = STAY[case]
    play = happens()
    assert play.ending.outcome is outcome
    assert "unmark" not in play.sent
    assert play.stage.rollout["metadata"]["annotations"][OWNER] == US
    assert "cutover resume payments" in play.ending.next


def test_the_ending_is_the_same_with_marks_and_without() -> None:
    with_marks = owned().starts_a_canary().waits(31.0).goes_back().accepts("unmark")
    without = Play().starts_a_canary().waits(31.0).goes_back()
    assert with_marks.ending == without.ending


def test_a_run_that_is_lost_while_its_marks_go_sends_no_second_form() -> None:
    intent = replace(plan(Promotion.AUTO, OnFailure.RESTORE), deadman=300)
    play = Play(intent=intent, owner=US).comes_to_the_pause().sees(lambda stage: stage.spec(template={"spec": {}}))
    play.knows_of_its_lock(TakenOver(BOB)).refuses("unmark")
    assert play.sent.count("unmark") == 1
