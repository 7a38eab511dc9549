"""A good plan, from the write to the promotion, by each way of promoting. Nobody disturbs it here."""

import pytest

from cutover.core.base.outcomes import Outcome, SpecState
from cutover.core.engine.facts import Written
from cutover.core.engine.observation import OperatorRequest
from cutover.core.engine.state import Phase
from cutover.core.plan.model import OnFailure, Promotion, WatchPolicy
from tests.core.engine.play import Play
from tests.core.engine.stage import BASE, NEW, PAUSE_BEGAN, ClusterStage, opening, plan
from tests.quotations import unmasked

PROVEN = (
    "the spec holds the plan's values",
    f"revision {NEW} is both current and stable",
    "the Rollout is Healthy",
    "it is whole: 4 of 4 pods are Ready and available",
    "4 of its pods receive traffic",
    "no pod of the old revision serves",
)


def test_auto_passes_the_pause_bakes_and_ends_promoted() -> None:
    play = Play(Promotion.AUTO).bakes().waits(20.0).looks()
    assert play.sent == ["cutover", "promote-pause"]
    assert (play.ending.outcome, play.ending.spec, play.code) == (Outcome.PROMOTED, SpecState.PROMOTED, "")
    assert play.ending.proven == PROVEN
    assert (play.ending.unproven, play.ending.next) == ((), ())


def test_the_whole_record_of_a_good_run() -> None:
    play = Play(Promotion.AUTO).bakes().waits(20.0).looks()
    assert [f"{fact.kind}: {unmasked(fact.text)}" for fact in play.facts] == [
        "written: the plan's values stand in the spec",
        f"adopted: the controller made revision {NEW}",
        "step: step 0 of 4: setWeight 20",
        f"pod: canary pod payments-{NEW}-0: running, not Ready",
        f"pod: canary pod payments-{NEW}-0: Ready",
        "step: step 1 of 4: pause",
        "step: step 2 of 4: setWeight 60",
        f"promoted: revision {NEW} is the stable one",
        f"pod: canary pod payments-{NEW}-1: Ready",
        f"pod: canary pod payments-{NEW}-2: Ready",
        f"pod: canary pod payments-{NEW}-3: Ready",
        "note: watching for 20 s more",
        *(f"proven: {sentence}" for sentence in PROVEN),
        "ended: ended: promoted",
    ]


def test_auto_keeps_to_the_hold_before_it_passes_a_pause() -> None:
    play = Play(Promotion.AUTO).comes_to_the_pause().waits(9.9)
    assert play.sent == ["cutover"]
    assert play.waits(0.2).sent == ["cutover", "promote-pause"]


def test_a_canary_that_was_unready_for_a_moment_holds_anew() -> None:
    play = Play(Promotion.AUTO).comes_to_the_pause().waits(9.0)
    play.sees(lambda stage: stage.canary(1, ready=0)).sees(ClusterStage.canary_ready, after=1.0)
    assert play.waits(9.9).sent == ["cutover"]
    assert play.waits(0.2).sent == ["cutover", "promote-pause"]


def test_a_pause_is_passed_once_whatever_the_watch_repeats() -> None:
    play = Play(Promotion.AUTO).comes_to_the_pause().waits(10.0)
    paused = play.stage
    play.accepts("promote-pause", change=lambda _: paused).waits(60.0)
    assert play.sent == ["cutover", "promote-pause"]


def test_a_second_pause_is_passed_on_its_own() -> None:
    steps = [{"setWeight": 20}, {"pause": {}}, {"setWeight": 60}, {"pause": {}}]
    stage = opening().spec(strategy__canary__steps=steps).observed()
    play = Play(Promotion.AUTO, stage=stage).passes_the_pause()
    play.sees(lambda now: now.canary_ready(3).stable(2).paused_at(3, began="2026-11-23T06:35:00Z"))
    play.waits(10.0).accepts("promote-pause").sees(ClusterStage.promoted).waits(20.0).looks()
    assert play.sent == ["cutover", "promote-pause", "promote-pause"]
    assert [write.occasion for write in play.writes[1:]] == [f"1 {PAUSE_BEGAN}", "3 2026-11-23T06:35:00Z"]
    assert play.ending.outcome is Outcome.PROMOTED


def test_a_pause_with_a_duration_is_left_to_the_rollout() -> None:
    play = Play(Promotion.AUTO).passes_the_pause()
    play.sees(lambda stage: stage.canary_ready(3).stable(2).paused_at(3)).waits(60.0)
    assert play.sent == ["cutover", "promote-pause"]


@pytest.mark.parametrize("promotion", list(Promotion))
def test_a_rollout_without_a_pause_for_people_promotes_itself(promotion: Promotion) -> None:
    steps = [{"setWeight": 20}, {"pause": {"duration": "10s"}}, {"setWeight": 60}]
    stage = opening().spec(strategy__canary__steps=steps).observed()
    play = Play(promotion, stage=stage).has_a_ready_canary().sees(lambda now: now.paused_at(1)).waits(10.0)
    play.sees(lambda now: now.at_step(2)).sees(ClusterStage.promoted, after=5.0).waits(20.0).looks()
    assert (play.ending.outcome, play.sent) == (Outcome.PROMOTED, ["cutover"])


def test_full_promotes_all_the_way_at_the_first_pause() -> None:
    play = Play(Promotion.FULL).comes_to_the_pause().waits(10.0).accepts("promote-full")
    play.sees(ClusterStage.promoted).waits(20.0).looks()
    assert play.sent == ["cutover", "promote-full"]
    assert play.ending.outcome is Outcome.PROMOTED


def test_steps_ends_at_the_pause_with_what_a_person_may_type() -> None:
    play = Play(Promotion.STEPS).comes_to_the_pause().waits(10.0).looks()
    assert play.sent == ["cutover"]
    assert (play.ending.outcome, play.ending.spec, play.code) == (Outcome.HOLDING, SpecState.LEFT, "")
    assert play.ending.proven == (
        "the Rollout waits at step 1, an indefinite pause",
        "the spec holds the plan's values",
        f"revision {BASE} is still the stable one",
        "all 1 canary pods of the step are Ready",
        "stable has the 4 pods that the step grants it, all Ready",
    )
    assert play.ending.next == (
        "kubectl argo rollouts promote payments -n payments",
        "kubectl argo rollouts abort payments -n payments",
        "kubectl argo rollouts undo payments -n payments --to-revision=3",
    )


def test_steps_that_follow_wait_for_the_person_and_go_on_to_the_end() -> None:
    play = Play(Promotion.STEPS, follow=True).comes_to_the_pause().waits(3600.0)
    assert play.phase is Phase.CANARY
    play.sees(lambda stage: stage.at_step(2)).sees(ClusterStage.promoted, after=5.0).waits(20.0).looks()
    assert play.sent == ["cutover"]
    assert play.ending.outcome is Outcome.PROMOTED


def test_a_holding_that_the_fresh_look_does_not_confirm_is_not_claimed() -> None:
    play = Play(Promotion.STEPS).comes_to_the_pause().waits(10.0)
    play.looks(lambda stage: stage.canary(1, ready=0))
    assert not play.over
    play.sees(ClusterStage.canary_ready, after=0.5).waits(1.0).looks()
    assert play.ending.outcome is Outcome.HOLDING


def test_without_a_hold_the_pause_is_passed_at_first_sight() -> None:
    intent = plan(watch=WatchPolicy(ready_within=30.0, hold=0.0, bake=0.0))
    play = Play(intent=intent).comes_to_the_pause()
    assert play.sent == ["cutover", "promote-pause"]
    play.accepts("promote-pause").sees(ClusterStage.promoted).looks()
    assert play.ending.outcome is Outcome.PROMOTED


def test_workers_without_a_service_are_promoted_without_a_word_about_traffic() -> None:
    play = Play(stage=opening().unrouted()).bakes().waits(20.0).looks()
    assert play.ending.outcome is Outcome.PROMOTED
    assert "no Service selects these pods: there is no traffic to account for" in play.ending.proven


def test_a_promoted_revision_that_gets_no_traffic_is_not_called_promoted() -> None:
    play = Play().bakes().waits(20.0)
    play.looks(lambda stage: stage.deaf_to(f"payments-{NEW}-2")).waits(27.5)
    while play.looks_wanted:
        play.looks().waits(1.0)
    assert play.ending.outcome is Outcome.UNVERIFIED
    assert play.ending.unproven == ("only 3 of its 4 pods receive traffic",)


def test_ctrl_c_during_the_bake_ends_only_the_watching() -> None:
    play = Play().bakes().waits(5.0).is_asked_to(OperatorRequest.ABORT).looks()
    assert play.sent == ["cutover", "promote-pause"]
    assert (play.ending.outcome, play.ending.spec) == (Outcome.PROMOTED, SpecState.PROMOTED)
    assert play.ending.proven == PROVEN
    assert play.ending.unproven == ("the watch after promotion was stopped after 8 s of 20 s",)


def test_a_run_that_outlasts_its_timeout_after_promotion_goes_on() -> None:
    play = Play(timeout=22.0).bakes().waits(20.0).looks()
    assert play.ending.outcome is Outcome.PROMOTED


@pytest.mark.parametrize("policy", list(OnFailure))
def test_the_policy_for_failures_does_not_touch_a_good_run(policy: OnFailure) -> None:
    assert Play(Promotion.AUTO, policy).bakes().waits(20.0).looks().ending.outcome is Outcome.PROMOTED


def test_the_timeline_begins_with_the_write() -> None:
    assert Play().writes_the_plan().said(Written) == ["the plan's values stand in the spec"]
