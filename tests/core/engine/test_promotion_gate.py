"""The gate at an indefinite pause: what keeps it shut, what opens it, and what it never mistakes for itself."""

import pytest

from cutover.core.base.outcomes import Outcome
from cutover.core.engine.observation import FreshRead
from cutover.core.engine.state import Phase
from cutover.core.plan.model import Promotion, WatchPolicy
from tests.core.engine.play import Play, See
from tests.core.engine.stage import ClusterStage, opening, plan, waiting

SHUT: dict[str, See] = {
    "a canary pod is not Ready": lambda stage: stage.canary(1, ready=0),
    "a canary pod of two is not Ready": lambda stage: stage.canary(2, ready=1),
    "a Ready canary pod is not available yet": lambda stage: stage.replicaset("78d9c6b5f", status__availableReplicas=0),
    "a stable pod is not Ready": lambda stage: stage.stable(4, ready=3),
    "a stable pod is not available yet": lambda stage: stage.replicaset("6f5d8c7b9", status__availableReplicas=3),
    "a stable pod is going": lambda stage: stage.stable_pod(
        0, ready=True, metadata__deletionTimestamp="2026-11-23T06:30:00Z"
    ),
    "stable has no ReplicaSet any more": lambda stage: ClusterStage(
        stage.rollout, {name: found for name, found in stage.replicasets.items() if name != "6f5d8c7b9"}, stage.pods
    ),
    "stable is scaled to nothing before its time": lambda stage: stage.stable(0),
    "something is suspected": lambda stage: stage.canary_pod(
        1, ready=False, **waiting("CreateContainerConfigError", "failed to sync secret cache")
    ),
    "the application is scaled to nothing": lambda stage: stage.spec(replicas=0).observed().stable(0),
    "the spec is paused": lambda stage: stage.spec(paused=True).observed(),
    "a restart is due": lambda stage: stage.spec(restartAt="2026-11-23T06:40:00Z").observed(),
    "the generation is not observed": lambda stage: stage.spec(minReadySeconds=0),
    "the pause has been lifted": lambda stage: stage.status(pauseConditions=[]),
    "the step is no indefinite pause": lambda stage: stage.paused_at(3),
    "another revision is current": lambda stage: stage.status(currentPodHash="5c4b3a291"),
}
UNJUDGED: dict[str, See] = {
    "by a pause of its own": lambda stage: stage.paused_at(1, "InconclusiveAnalysisRun"),
    "at a timed pause": lambda stage: stage.paused_at(3, "InconclusiveAnalysisRun"),
    "by an experiment": lambda stage: stage.paused_at(1, "InconclusiveExperiment"),
    "beside the pause of a step": lambda stage: stage.status(
        pauseConditions=[
            {"reason": "CanaryPauseStep", "startTime": "2026-11-23T06:30:00Z"},
            {"reason": "InconclusiveAnalysisRun", "startTime": "2026-11-23T06:30:00Z"},
        ]
    ),
}
"""How an analysis that could not judge the canary holds the Rollout."""


@pytest.mark.parametrize("promotion", [Promotion.AUTO, Promotion.FULL, Promotion.STEPS])
@pytest.mark.parametrize("unjudged", UNJUDGED.values(), ids=UNJUDGED)
def test_an_inconclusive_analysis_is_never_passed_and_the_hold_begins_anew_after_it(
    unjudged: See, promotion: Promotion
) -> None:
    play = Play(promotion, follow=True).comes_to_the_pause().waits(9.0)
    paused = play.stage
    play.sees(unjudged).waits(25.0)
    assert [name for name in play.sent if name.startswith("promote")] == []
    assert play.phase is Phase.CANARY
    play.sees(lambda _: paused.spec(minReadySeconds=0).observed()).waits(9.9)
    assert play.sent == ["cutover"]


@pytest.mark.parametrize("promotion", [Promotion.AUTO, Promotion.FULL, Promotion.STEPS])
@pytest.mark.parametrize("unjudged", UNJUDGED.values(), ids=UNJUDGED)
def test_a_run_holds_at_once_for_a_person_where_an_analysis_is_inconclusive(
    unjudged: See, promotion: Promotion
) -> None:
    metrics = [{"name": "success-rate", "phase": "Inconclusive"}, {"name": "latency", "phase": "Successful"}]
    play = Play(promotion, owner="ann@laptop:1").has_a_ready_canary()
    play.sees(lambda stage: unjudged(stage.analysis("Inconclusive", status__metricResults=metrics)))
    assert play.phase is Phase.HOLDING
    play.looks()
    assert (play.ending.outcome, play.sent, play.ending.cause) == (Outcome.HOLDING, ["cutover"], None)
    assert play.ending.proven[0] == (
        f"the Rollout waits at step {play.stage.rollout['status']['currentStepIndex']} for a person to judge it:"
        " analysis payments-78d9c6b5f-4 is inconclusive (metric success-rate)"
    )
    assert play.ending.next == (
        "kubectl get analysisruns -n payments",
        "cutover resume payments",
        "cutover abort payments",
        "kubectl argo rollouts promote payments -n payments",
        "kubectl argo rollouts abort payments -n payments",
        "kubectl argo rollouts undo payments -n payments --to-revision=3",
    )


def test_an_inconclusive_analysis_of_a_canary_that_is_not_ready_leaves_the_judgement_to_the_deadline() -> None:
    play = Play(Promotion.AUTO).starts_a_canary()
    play.sees(lambda stage: stage.analysis("Inconclusive").paused_at(1, "InconclusiveAnalysisRun")).waits(20.0)
    assert play.phase is Phase.CANARY
    play.waits(20.0).goes_back()
    assert (play.ending.outcome, play.code) == (Outcome.HELD, "deadline")


def test_a_run_that_holds_for_an_analysis_goes_on_when_a_person_promotes() -> None:
    play = Play(Promotion.AUTO).has_a_ready_canary()
    play.sees(lambda stage: stage.analysis("Inconclusive").paused_at(1, "InconclusiveAnalysisRun"))
    play.sees(lambda stage: stage.at_step(2))
    assert play.phase is Phase.CANARY


@pytest.mark.parametrize("promotion", [Promotion.AUTO, Promotion.FULL, Promotion.STEPS])
@pytest.mark.parametrize("shut", SHUT.values(), ids=SHUT)
def test_the_gate_stays_shut(shut: See, promotion: Promotion) -> None:
    play = Play(promotion).comes_to_the_pause().sees(shut).waits(25.0)
    assert [name for name in play.sent if name.startswith("promote")] == []
    assert play.phase is not Phase.HOLDING


@pytest.mark.parametrize("shut", SHUT.values(), ids=SHUT)
def test_the_hold_begins_anew_when_the_gate_was_shut_in_between(shut: See) -> None:
    play = Play(Promotion.AUTO).comes_to_the_pause().waits(9.0)
    paused = play.stage
    play.sees(shut).sees(lambda _: paused.spec(minReadySeconds=0).observed())
    assert play.waits(9.9).sent == ["cutover"]
    assert play.waits(0.2).sent == ["cutover", "promote-pause"]


def test_what_is_older_than_thirty_seconds_opens_nothing_and_the_hold_begins_anew() -> None:
    play = Play(intent=plan(watch=WatchPolicy(ready_within=30.0, hold=60.0))).comes_to_the_pause().waits(20.0)
    play.goes_blind().waits(100.0)
    assert play.sent == ["cutover"]
    play.sees_again().waits(59.0)
    assert play.sent == ["cutover"]
    assert play.waits(2.0).sent == ["cutover", "promote-pause"]


@pytest.mark.parametrize("promotion", [Promotion.AUTO, Promotion.FULL, Promotion.STEPS])
def test_a_pause_at_full_weight_grants_stable_nothing_and_is_passed_like_any(promotion: Promotion) -> None:
    steps = [{"setWeight": 100}, {"pause": {}}]
    stage = opening().spec(strategy__canary__steps=steps).observed()
    play = Play(promotion, stage=stage).is_adopted()
    play.sees(lambda now: now.canary_ready(4).stable(0).paused_at(1)).waits(10.0)
    if promotion is Promotion.STEPS:
        play.looks()
        assert play.ending.outcome is Outcome.HOLDING
        assert "stable has the 0 pods that the step grants it, all Ready" in play.ending.proven
    else:
        assert play.sent[1:] == [f"promote-{'full' if promotion is Promotion.FULL else 'pause'}"]


def test_a_fresh_look_that_shows_an_abort_shows_no_run_that_holds() -> None:
    """The look is newer than what the watch has brought."""
    play = Play(Promotion.STEPS).comes_to_the_pause().waits(10.0)
    assert not play.hands_over(FreshRead(play.stage.abort_asked().world(play.now), play.instant)).over


# -- what the gate's write is answered ---------------------------------------------------------------------------------


def test_a_refused_promotion_leaves_the_pause_to_a_person() -> None:
    play = Play(Promotion.AUTO).comes_to_the_pause().waits(10.0).refuses("promote-pause", 403, "forbidden")
    assert play.phase is Phase.HOLDING
    play.looks()
    assert (play.ending.outcome, play.sent) == (Outcome.HOLDING, ["cutover", "promote-pause"])


def test_a_lost_promotion_is_given_the_time_to_land_before_anybody_is_called() -> None:
    play = Play(Promotion.AUTO).comes_to_the_pause().waits(10.0).loses("promote-pause").waits(9.9)
    assert play.phase is Phase.CANARY
    play.waits(0.2).looks()
    assert (play.ending.outcome, play.sent) == (Outcome.HOLDING, ["cutover", "promote-pause"])


def test_a_lost_promotion_that_landed_goes_on() -> None:
    play = Play(Promotion.AUTO).comes_to_the_pause().waits(10.0).loses("promote-pause", stored=True)
    play.sees(lambda stage: stage.at_step(2)).sees(ClusterStage.promoted, after=5.0).waits(20.0).looks()
    assert play.ending.outcome is Outcome.PROMOTED


def test_a_run_that_holds_goes_on_when_a_person_promotes() -> None:
    play = Play(Promotion.AUTO).comes_to_the_pause().waits(10.0).refuses("promote-pause", 403, "forbidden")
    play.sees(lambda stage: stage.at_step(2))
    assert play.phase is Phase.CANARY
    play.sees(ClusterStage.promoted, after=5.0).waits(20.0).looks()
    assert play.ending.outcome is Outcome.PROMOTED


def test_a_run_whose_promotion_met_a_person_does_not_take_the_next_pause_for_the_same() -> None:
    steps = [{"setWeight": 20}, {"pause": {}}, {"setWeight": 60}, {"pause": {}}]
    stage = opening().spec(strategy__canary__steps=steps).observed()
    play = Play(Promotion.AUTO, stage=stage).comes_to_the_pause().waits(10.0)
    play.stage = play.stage.canary_ready(3).stable(2).paused_at(3, began="2026-11-23T06:35:00Z")
    play.refuses("promote-pause").waits(10.0)
    assert play.sent == ["cutover", "promote-pause", "promote-pause"]


def test_following_never_promotes_and_never_ends_at_a_pause() -> None:
    play = Play(Promotion.STEPS, follow=True).comes_to_the_pause().waits(3600.0)
    assert (play.phase, play.sent) == (Phase.CANARY, ["cutover"])
