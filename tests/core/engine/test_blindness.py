"""When the watch is silent: what the run still does, and when it gives up."""

from collections.abc import Callable

import pytest

from cutover.core.base.outcomes import Attribution, Cause, Outcome, SpecState
from cutover.core.base.resources import Resource
from cutover.core.engine.facts import Cleared, Suspected
from cutover.core.engine.state import Phase
from cutover.core.plan.model import Promotion, WatchPolicy
from tests.core.engine.play import Play
from tests.core.engine.stage import ClusterStage, plan
from tests.quotations import unmasked

PATIENT = plan(Promotion.STEPS, watch=WatchPolicy(ready_within=600.0, adopt_within=600.0, hold=10.0))
"""A plan whose own clocks are longer than the blindness that ends a run."""

WHEN: dict[str, Callable[[Play], Play]] = {
    "adoption": Play.writes_the_plan,
    "canary": Play.starts_a_canary,
    "pause": Play.comes_to_the_pause,
}


@pytest.mark.parametrize("when", WHEN.values(), ids=WHEN)
def test_five_minutes_of_blindness_end_the_run_without_another_write(when: Callable[[Play], Play]) -> None:
    play = when(Play(intent=PATIENT, follow=True)).goes_blind().waits(299.0)
    assert not play.over
    play.waits(1.5)
    assert (play.ending.outcome, play.ending.spec, play.sent) == (Outcome.UNOBSERVABLE, SpecState.LEFT, ["cutover"])
    assert play.ending.cause == Cause(Attribution.INFRASTRUCTURE, "blind", "the cluster could not be read for 300 s")
    assert play.ending.proven == ()
    assert all(unmasked(each).startswith("not read afresh: ") for each in play.ending.unproven)
    assert play.ending.next == (
        "kubectl argo rollouts get rollout payments -n payments",
        "kubectl argo rollouts abort payments -n payments",
        "kubectl argo rollouts undo payments -n payments --to-revision=3",
    )


def test_blindness_is_worth_a_word_after_thirty_seconds_and_taken_back_when_it_ends() -> None:
    play = Play(intent=PATIENT, follow=True).comes_to_the_pause().goes_blind().waits(30.5)
    assert play.said(Suspected) == ["the cluster could not be read for 30 s"]
    play.sees_again()
    assert play.said(Cleared) == ["no longer true: the cluster could not be read for 30 s"]


def test_four_minutes_of_blindness_are_forgotten() -> None:
    play = Play(intent=PATIENT, follow=True).comes_to_the_pause().goes_blind().waits(240.0).sees_again()
    play.sees(lambda stage: stage.at_step(2)).sees(ClusterStage.promoted, after=5.0).waits(300.0).looks()
    assert play.ending.outcome is Outcome.PROMOTED


def test_before_the_promotion_what_was_seen_last_still_counts_against_the_canary() -> None:
    """The abort is guarded, and the safe side: a deadline that passes unseen is a failure."""
    play = Play().starts_a_canary().goes_blind().waits(30.0)
    assert (play.phase, play.sent) == (Phase.ABORT, ["cutover", "abort"])


@pytest.mark.parametrize("kind", [Resource.ROLLOUT, Resource.REPLICASET, Resource.POD])
def test_one_kind_that_is_silent_is_blindness_enough(kind: Resource) -> None:
    """All news but those of this kind are fresh, and the hold is longer than what is allowed to be old."""
    intent = plan(Promotion.AUTO, watch=WatchPolicy(ready_within=600.0, hold=60.0))
    play = Play(intent=intent).comes_to_the_pause().goes_blind(kind).waits(299.0)
    assert play.sent == ["cutover"]
    assert play.waits(1.1).ending.outcome is Outcome.UNOBSERVABLE


@pytest.mark.parametrize("kind", [Resource.ENDPOINTSLICE, Resource.ANALYSISRUN])
def test_a_kind_that_decides_nothing_may_be_silent(kind: Resource) -> None:
    play = Play(Promotion.AUTO).comes_to_the_pause().goes_blind(kind).waits(10.0)
    assert play.sent == ["cutover", "promote-pause"]
