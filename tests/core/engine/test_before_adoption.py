"""From the write to the adoption: the API server's answers, lost ones too, and a controller that does not follow."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from cutover.core.base.outcomes import Attribution, Cause, Outcome, SpecState
from cutover.core.engine.facts import Suspected, Written
from cutover.core.engine.observation import OperatorRequest
from cutover.core.engine.state import Phase
from tests.core.checks.documents import TEMPLATE
from tests.core.engine.play import Play, See
from tests.core.engine.stage import AFTER, BASE, NEW, OTHER, OTHERS, ClusterStage
from tests.quotations import unmasked

UNTOUCHED = ("nothing was written",)


# -- the answer to the cutover -----------------------------------------------------------------------------------------


MOVED: dict[str, See] = {
    "somebody else's template": lambda stage: stage.spec(template=OTHERS),
    "another strategy": lambda stage: stage.spec(strategy__canary__maxSurge=2),
    "an update under way": lambda stage: stage.status(currentPodHash=OTHER),
    "another stable revision": lambda stage: stage.status(stableRS=OTHER, currentPodHash=OTHER),
    "another object": ClusterStage.made_anew,
    "no object": ClusterStage.deleted,
}


@pytest.mark.parametrize("status", [422, 409, 404])
@pytest.mark.parametrize("moved", MOVED.values(), ids=MOVED)
def test_a_write_that_meets_what_was_not_reviewed_is_stale_and_nothing_was_written(moved: See, status: int) -> None:
    play = Play().begins()
    play.stage = moved(play.stage)
    play.refuses("cutover", status, "the guard does not hold")
    assert play.ending.outcome is Outcome.STALE
    assert play.ending.proven == (f"the API server refused the write ({status}): the guard does not hold", *UNTOUCHED)
    assert (play.ending.unproven, play.ending.next, play.sent) == ((), (), ["cutover"])


@pytest.mark.parametrize("status", [403, 400, 401, 422])
def test_a_write_that_is_refused_though_nothing_has_moved_is_refused(status: int) -> None:
    play = Play().begins().refuses("cutover", status, "denied by policy")
    assert (play.ending.outcome, play.ending.spec) == (Outcome.REFUSED, SpecState.UNCHANGED)
    assert play.ending.proven == (f"the API server refused the write ({status}): denied by policy", *UNTOUCHED)


def test_a_lost_answer_whose_effect_the_watch_shows_goes_on() -> None:
    play = Play().begins().loses("cutover", stored=True).sees()
    assert (play.phase, play.said(Written)) == (Phase.ADOPT, ["the plan's values stand in the spec"])
    assert play.sees(ClusterStage.adopted).phase is Phase.CANARY


def test_a_lost_answer_without_effect_ends_held_and_unchanged() -> None:
    play = Play().begins().loses("cutover").waits(9.9)
    assert not play.state.failing
    play.waits(0.2).refuses("restore").looks()
    assert (play.ending.outcome, play.ending.spec) == (Outcome.HELD, SpecState.UNCHANGED)
    assert play.ending.cause == Cause(
        Attribution.INFRASTRUCTURE,
        "answer-lost",
        "the answer to the write was lost, and no effect was seen within 10 s",
    )


def test_a_lost_write_that_lands_while_the_run_gives_up_is_taken_back() -> None:
    """Nothing was seen for ten seconds because the watch was silent, too: what it last showed is no proof."""
    play = Play().begins().goes_blind().loses("cutover", stored=True).waits(10.0)
    play.accepts("restore").sees_again(ClusterStage.restored_and_healthy).looks()
    assert (play.ending.outcome, play.ending.spec, play.code) == (Outcome.HELD, SpecState.UNCHANGED, "answer-lost")


def test_a_lost_answer_over_somebody_elses_template_leaves_it_alone() -> None:
    play = Play().begins().loses("cutover").sees(lambda stage: stage.spec(template=OTHERS)).waits(10.0)
    assert (play.ending.outcome, play.sent) == (Outcome.SUPERSEDED, ["cutover"])


# -- adoption ----------------------------------------------------------------------------------------------------------

NOT_ADOPTED: dict[str, Callable[[ClusterStage], ClusterStage]] = {
    "another generation was observed": lambda stage: stage.adopted().status(observedGeneration="7"),
    "the hash has not moved": lambda stage: stage.adopted().status(currentPodHash=BASE),
    "the ReplicaSet is not there": lambda stage: stage.adopted().status(currentPodHash=OTHER),
    "the ReplicaSet does not carry the plan's values": lambda stage: stage.adopted().replicaset(
        NEW, spec__template=TEMPLATE
    ),
    "the ReplicaSet belongs to another Rollout": lambda stage: stage.adopted().replicaset(
        NEW, metadata__ownerReferences__0__uid="another"
    ),
    "the old ReplicaSet carries them already": lambda stage: stage.observed().replicaset(BASE, spec__template=AFTER),
    "Healthy by a scale event": lambda stage: stage.observed().phase("Healthy"),
}


@pytest.mark.parametrize("half", NOT_ADOPTED.values(), ids=NOT_ADOPTED)
def test_half_of_an_adoption_is_none(half: Callable[[ClusterStage], ClusterStage]) -> None:
    play = Play().writes_the_plan().sees(half).waits(59.0)
    assert (play.phase, play.state.adopted) == (Phase.ADOPT, False)
    assert play.waits(1.1).state.failing


def test_what_the_controller_says_of_a_template_that_was_taken_back_is_no_adoption() -> None:
    play = Play().writes_the_plan().is_asked_to(OperatorRequest.ABORT).accepts("restore").sees(ClusterStage.adopted)
    assert not play.state.adopted


def test_a_generation_that_somebody_else_raised_further_is_adopted_as_well() -> None:
    play = Play().writes_the_plan().sees(lambda stage: stage.spec(replicas=5).adopted())
    assert play.state.canary_hash == NEW


WHY_NOT: dict[str, tuple[Callable[[Play], Play], Cause]] = {
    "the controller is slow or gone": (
        lambda play: play.waits(60.0),
        Cause(
            Attribution.INFRASTRUCTURE,
            "not-adopted",
            "the controller did not take up the new template within 60 s",
        ),
    ),
    "the spec is invalid": (
        lambda play: play.sees(
            lambda stage: stage.observed().condition("InvalidSpec", "True", "InvalidSpec", "no such template")
        ),
        Cause(Attribution.CONFIG, "invalid-spec", "the controller calls the new spec invalid: no such template"),
    ),
    "a quota on ReplicaSets": (
        lambda play: play.sees(
            lambda stage: stage.observed().condition(
                "Progressing", "False", "ReplicaSetCreateError", "exceeded quota: count/replicasets.apps=1"
            )
        ),
        Cause(
            Attribution.CAPACITY,
            "replicaset-refused",
            "the new ReplicaSet could not be created: exceeded quota: count/replicasets.apps=1",
        ),
    ),
    "a webhook against ReplicaSets": (
        lambda play: play.sees(
            lambda stage: stage.observed().condition("Progressing", "False", "ReplicaSetCreateError", "denied")
        ),
        Cause(Attribution.INFRASTRUCTURE, "replicaset-refused", "the new ReplicaSet could not be created: denied"),
    ),
}


@pytest.mark.parametrize("why", WHY_NOT)
def test_what_is_not_adopted_is_restored_without_an_abort_and_the_reason_named(why: str) -> None:
    happens, cause = WHY_NOT[why]
    play = happens(Play().writes_the_plan()).restores().looks()
    assert (play.ending.outcome, play.sent) == (Outcome.HELD, ["cutover", "restore"])
    assert play.ending.cause is not None
    assert replace(play.ending.cause, message=unmasked(play.ending.cause.message)) == cause


def test_a_condition_of_an_earlier_attempt_is_none_of_ours() -> None:
    """The controller has not looked at this generation yet."""
    play = Play()
    play.stage = play.stage.condition("Progressing", "False", "ReplicaSetCreateError", "exceeded quota")
    play.writes_the_plan().sees()
    assert not play.state.failing
    assert play.sees(ClusterStage.adopted).phase is Phase.CANARY


def test_a_slow_adoption_is_worth_a_word_before_it_is_too_late() -> None:
    play = Play().writes_the_plan().waits(30.0)
    assert play.said(Suspected) == ["the controller is slow to take up the new template, it has 60 s"]


def test_the_timeout_of_the_whole_run_before_promotion_is_a_failure() -> None:
    play = Play(timeout=20.0).starts_a_canary().waits(20.0).goes_back()
    assert (play.ending.outcome, play.ending.cause) == (
        Outcome.HELD,
        Cause(
            Attribution.UNKNOWN,
            "timeout",
            "the run was not over within 20 s: it was waiting for the canary's pods: 0 of 1 are Ready, 0 available",
        ),
    )


def test_an_earlier_failed_analysis_of_the_very_same_template_says_nothing_about_this_rollout() -> None:
    """The same template has the same hash, so its old AnalysisRuns carry it too; only their revision differs."""
    play = Play()
    play.stage = play.stage.analysis("Failed", "assessed Failed", revision="2")
    play.comes_to_the_pause().waits(10.0)
    assert play.sent == ["cutover", "promote-pause"]


def test_the_cutover_is_guarded_on_all_that_was_reviewed() -> None:
    play = Play().begins()
    tested = [operation["path"] for operation in play.under_way("cutover").operations if operation["op"] == "test"]
    assert tested[:5] == [
        "/metadata/uid",
        "/spec/template",
        "/spec/strategy",
        "/status/stableRS",
        "/status/currentPodHash",
    ]
    assert play.accepts("cutover").stage.rollout["spec"]["template"] == AFTER
