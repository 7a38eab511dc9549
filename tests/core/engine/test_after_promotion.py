"""After the promotion: the bake, what leads back by a new rollout, and what does not."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from cutover.core.base.outcomes import Attribution, Cause, Outcome, SpecState
from cutover.core.base.resources import Resource
from cutover.core.engine.facts import Note
from cutover.core.engine.observation import OperatorRequest
from cutover.core.engine.state import Phase
from cutover.core.plan.model import OnFailure, Promotion, WatchPolicy
from tests.core.engine.play import Play
from tests.core.engine.signals.test_bad_plans import QUOTA
from tests.core.engine.stage import AFTER, BASE, NEW, ClusterStage, crash_looping, opening, plan, unscheduled, waiting
from tests.quotations import unmasked

HELD = (
    "the spec holds the old template again",
    f"the controller has observed it, and revision {BASE} is both current and stable",
    "the Rollout is Healthy",
    "stable is whole: 4 of 4 pods are Ready and available",
    "4 stable pods receive traffic",
    "no pod of the canary is left",
)
BACK = ("restore", "promote-full")


def readopted(stage: ClusterStage) -> ClusterStage:
    """The controller took the old template up again, as a canary of its own."""
    return stage.at_step(0).observed().status(currentPodHash=BASE)


def one_unready(stage: ClusterStage) -> ClusterStage:
    """A pod of the promoted revision lost its readiness."""
    return stage.canary(4, ready=3)


def goes_bad(play: Play) -> Play:
    """… and does not get it back."""
    return play.sees(one_unready).waits(6.0)


# -- what leads back ---------------------------------------------------------------------------------------------------


def test_a_pod_that_goes_bad_in_the_bake_leads_back_to_the_old_revision() -> None:
    play = goes_bad(Play().bakes()).reverts()
    assert (play.ending.outcome, play.ending.spec, play.code) == (Outcome.REVERTED, SpecState.RESTORED, "relapse")
    assert play.sent == ["cutover", "promote-pause", *BACK]
    assert (play.ending.proven, play.ending.unproven, play.ending.next) == (HELD, (), ())


LEADS_BACK: dict[str, Callable[[Play], Play]] = {
    "relapse": goes_bad,
    "crash-loop": lambda play: play.sees(lambda stage: stage.canary_pod(9, **crash_looping(1, 2))),
    "deadline": lambda play: play.sees(lambda stage: stage.canary_pod(9).replicaset(NEW, spec__replicas=5)).waits(30.0),
    "analysis": lambda play: play.sees(lambda stage: stage.analysis("Failed", "assessed Failed")),
}


@pytest.mark.parametrize("code", LEADS_BACK)
@pytest.mark.parametrize("policy", list(OnFailure))
def test_what_the_plan_did_leads_back_whatever_the_policy_before_promotion(code: str, policy: OnFailure) -> None:
    play = Play(Promotion.AUTO, policy).bakes()
    LEADS_BACK[code](play).reverts()
    assert (play.ending.outcome, play.code) == (Outcome.REVERTED, code)


def test_a_promoted_revision_that_does_not_reach_its_size_leads_back() -> None:
    play = Play().passes_the_pause().sees(lambda stage: stage.just_promoted().canary(4, ready=4))
    play.sees(lambda stage: stage.replicaset(NEW, status__availableReplicas=3)).waits(90.0)
    assert play.phase is Phase.REVERT
    play.reverts()
    assert play.ending.cause == Cause(
        Attribution.UNKNOWN, "not-whole", "3 of 4 pods were available within 90 s of promotion"
    )


# -- what does not -----------------------------------------------------------------------------------------------------

NOT_THE_PLAN: dict[str, Callable[[ClusterStage], ClusterStage]] = {
    "a node that is lost with its pod": lambda stage: stage.canary_pod(
        3, ready=True, status__conditions__1__status="False"
    ),
    "a pod that found no node": lambda stage: stage.without(f"payments-{NEW}-3").canary_pod(9, **unscheduled("full")),
    "pods refused by a quota": lambda stage: stage.without(f"payments-{NEW}-3").replicaset(
        NEW,
        status={
            "replicas": 3,
            "readyReplicas": 3,
            "availableReplicas": 3,
            "conditions": [{"type": "ReplicaFailure", "status": "True", "message": QUOTA}],
        },
    ),
    "an image that a new node does not have": lambda stage: stage.without(f"payments-{NEW}-3").canary_pod(
        9, **waiting("ErrImageNeverPull")
    ),
}


@pytest.mark.parametrize("lacks", NOT_THE_PLAN.values(), ids=NOT_THE_PLAN)
def test_a_lack_that_the_old_revision_would_meet_as_well_leads_nowhere(
    lacks: Callable[[ClusterStage], ClusterStage],
) -> None:
    play = Play().bakes().sees(lacks).waits(60.0)
    assert not play.state.failing, play.told()
    assert play.ending.outcome is Outcome.UNVERIFIED
    assert play.sent == ["cutover", "promote-pause"]
    assert play.ending.next == (
        "kubectl argo rollouts get rollout payments -n payments",
        "kubectl argo rollouts undo payments -n payments --to-revision=3",
    )


def test_old_pods_that_die_while_they_go_are_nobodys_loss() -> None:
    play = Play().passes_the_pause().sees(lambda stage: stage.just_promoted().stable(2))
    play.sees(lambda stage: stage.stable(2, ready=0)).waits(65.0)
    assert not play.state.failing, play.told()


def test_a_pod_that_flaps_while_the_rollout_is_not_seen_leads_back_when_it_is_seen_again() -> None:
    play = Play(intent=plan(watch=WatchPolicy(ready_within=30.0, hold=10.0))).bakes()
    play.goes_blind(Resource.ROLLOUT).waits(31.0)
    for change in (one_unready, ClusterStage.promoted) * 2:
        play.sees(change)
    assert not play.state.failing
    assert play.sees_again().state.failing


def test_what_is_only_remembered_leads_nowhere() -> None:
    """The watch breaks off while the last old pod still goes, for longer than the new pods have to settle."""
    play = (
        Play().passes_the_pause().sees(lambda stage: stage.just_promoted().replicaset(NEW, status__availableReplicas=3))
    )
    play.goes_blind().waits(200.0)
    assert not play.state.failing, play.told()
    play.sees_again(ClusterStage.promoted)
    assert not play.state.failing, play.told()


def test_a_spec_that_somebody_paused_after_the_promotion_leads_nowhere_and_is_named() -> None:
    play = (
        Play().is_promoted().sees(lambda stage: stage.spec(paused=True).observed().phase("Paused", "manually paused"))
    )
    play.waits(90.0)
    assert (play.phase, play.said(Note)) == (Phase.BAKE, ["settle was not complete within 90 s"])
    play.waits(20.0 + 27.5)
    while play.looks_wanted:
        play.looks().waits(1.0)
    assert (play.ending.outcome, play.code) == (Outcome.UNVERIFIED, "")
    assert tuple(map(unmasked, play.ending.unproven)) == (
        "the Rollout is Paused: manually paused",
        "1 pods of the old revision are still there",
    )
    assert play.ending.next[1].startswith("kubectl patch rollout payments -n payments --type=merge")


def test_blind_for_five_minutes_in_the_bake_ends_the_run_with_what_was_to_be_seen() -> None:
    play = Play(intent=plan(watch=WatchPolicy(ready_within=30.0, hold=10.0))).is_promoted().goes_blind().waits(299.0)
    assert not play.over
    play.waits(1.1)
    assert (play.ending.outcome, play.ending.spec, play.code) == (Outcome.UNOBSERVABLE, SpecState.PROMOTED, "blind")
    assert "not read afresh: 1 pods of the old revision are still there" in play.ending.unproven


# -- each rung of the way back -----------------------------------------------------------------------------------------


def looks_in_vain(play: Play) -> Play:
    """Every fresh look shows what the watch shows, until the time is over."""
    play.waits(play.state.entered + 87.5 - play.now)
    while play.looks_wanted:
        play.looks().waits(1.0)
    return play


RUNGS: dict[str, Callable[[Play], Play]] = {
    "restore refused": lambda play: play.refuses("restore", 403, "forbidden"),
    "restore lost": lambda play: play.loses("restore"),
    "restore without effect": lambda play: play.accepts(
        "restore", change=lambda stage: stage.spec(template=AFTER)
    ).waits(30.0),
    "old template not taken up": lambda play: play.accepts("restore").waits(60.0),
    "promotion refused": lambda play: play.accepts("restore").sees(readopted).refuses("promote-full"),
    "promotion lost": lambda play: play.accepts("restore").sees(readopted).loses("promote-full"),
    "promotion without effect": lambda play: (
        play.accepts("restore")
        .sees(readopted)
        .accepts("promote-full", change=lambda stage: stage.status(promoteFull=False))
        .waits(30.0)
    ),
}


@pytest.mark.parametrize("rung", RUNGS.values(), ids=RUNGS)
def test_a_rung_that_fails_calls_a_human_unless_the_end_is_seen(rung: Callable[[Play], Play]) -> None:
    play = rung(goes_bad(Play().bakes()))
    assert play.phase is Phase.REVERIFY
    assert looks_in_vain(play).ending.outcome is Outcome.UNVERIFIED
    assert len(play.sent) == len(set(play.sent))


@pytest.mark.parametrize("rung", RUNGS.values(), ids=RUNGS)
def test_a_rung_that_fails_does_no_harm_where_the_old_revision_comes_back_all_the_same(
    rung: Callable[[Play], Play],
) -> None:
    play = rung(goes_bad(Play().bakes())).sees(ClusterStage.restored_and_healthy).looks()
    assert play.ending.outcome is Outcome.REVERTED


# -- a promotion that is faster than the way back ----------------------------------------------------------------------


@pytest.mark.parametrize("policy", list(OnFailure))
def test_a_promotion_that_overtakes_the_abort_is_reverted(policy: OnFailure) -> None:
    play = Play(Promotion.AUTO, policy).passes_the_pause().sees(lambda stage: stage.analysis("Failed"))
    if policy is OnFailure.HOLD:
        play.sees(ClusterStage.promoted)
    else:
        play.stage = play.stage.promoted()
        play.refuses("abort")
    play.reverts()
    assert (play.ending.outcome, play.code) == (Outcome.REVERTED, "analysis")


def test_a_promotion_that_overtakes_the_restore_is_forced_back() -> None:
    """The restore landed on a Rollout whose canary had just become stable: it is a canary of the old template now."""
    play = Play().passes_the_pause().sees(lambda stage: stage.analysis("Failed"))
    play.refuses("abort")
    play.stage = play.stage.promoted()
    play.accepts("restore")
    assert play.phase is Phase.READOPT
    play.sees(readopted).accepts("promote-full").sees(ClusterStage.restored_and_healthy).looks()
    assert (play.ending.outcome, play.sent[2:]) == (Outcome.REVERTED, ["abort", "restore", "promote-full"])


def test_a_failure_after_the_promotion_is_reverted_even_where_the_watch_repeats_what_was_before_the_write() -> None:
    play = Play().bakes().sees(one_unready)
    play.now += 6.0
    play.hears_late(replace(play.stage, rollout=opening().rollout))
    assert (play.phase, play.sent[-1]) == (Phase.REVERT, "restore")


def test_an_interruption_that_a_promotion_overtakes_leads_back_as_well() -> None:
    play = Play().passes_the_pause().is_asked_to(OperatorRequest.ABORT)
    play.stage = play.stage.promoted()
    play.refuses("abort").reverts()
    assert (play.ending.outcome, play.code) == (Outcome.REVERTED, "interrupted")
