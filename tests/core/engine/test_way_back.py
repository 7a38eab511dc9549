"""The failure transaction before the promotion: abort, restore, verify; each rung that fails; each policy."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from cutover.core.base.outcomes import Attribution, Cause, Outcome, SpecState
from cutover.core.engine.facts import Aborted, Decided, Note, Restored, Suspected, data_json
from cutover.core.engine.observation import FreshRead, OperatorRequest
from cutover.core.engine.state import Phase
from cutover.core.plan.model import OnFailure, Promotion
from tests.core.checks.documents import TEMPLATE
from tests.core.engine.play import Play
from tests.core.engine.signals.test_bad_plans import refused_pods
from tests.core.engine.stage import AFTER, BASE, NEW, ClusterStage, opening
from tests.quotations import unmasked

LOOK = "kubectl argo rollouts get rollout payments -n payments"
ABORT = "kubectl argo rollouts abort payments -n payments"
UNDO = "kubectl argo rollouts undo payments -n payments --to-revision=3"
SAME = "the 4 stable pods are the same as before, none of them restarted"
HELD = (
    "the spec holds the old template again",
    f"the controller has observed it, and revision {BASE} is both current and stable",
    "the Rollout is Healthy",
    "stable is whole: 4 of 4 pods are Ready and available",
    "4 stable pods receive traffic",
    "no pod of the canary is left",
)


def fails(
    policy: OnFailure = OnFailure.RESTORE, promotion: Promotion = Promotion.AUTO, *, stage: ClusterStage | None = None
) -> Play:
    """A run whose canary pod was not Ready in time."""
    return Play(promotion, policy, stage=stage).starts_a_canary().waits(30.0)


def looks_in_vain(play: Play) -> Play:
    """Every fresh look shows what the watch shows, until the time to verify is over."""
    play.waits(play.state.entered + 57.5 - play.now)
    while play.looks_wanted:
        play.looks().waits(1.0)
    return play


def unsettled(observed: str, current: str) -> str:
    """The sentence about a controller that is still on its way."""
    seen = f"observed generation {observed}, current {current}, stable {BASE}"
    return f"the controller has not settled on the old revision ({seen})"


# -- the whole of it ---------------------------------------------------------------------------------------------------


def test_held_says_what_was_seen() -> None:
    play = fails().goes_back()
    assert play.sent == ["cutover", "abort", "restore"]
    assert (play.ending.outcome, play.ending.spec) == (Outcome.HELD, SpecState.RESTORED)
    assert play.ending.cause == Cause(
        Attribution.CONFIG,
        "deadline",
        f"pod payments-{NEW}-0 was not Ready within 30 s: container app runs, its readiness probe fails",
    )
    assert (play.ending.proven, play.ending.unproven, play.ending.next) == ((*HELD, SAME), (), ())


def test_the_record_of_the_way_back() -> None:
    play = fails().goes_back()
    kinds = (Suspected, Decided, Aborted, Restored)
    why = "container app runs, its readiness probe fails"
    assert [f"{fact.kind}: {unmasked(fact.text)}" for fact in play.facts if isinstance(fact, kinds)] == [
        f"suspected: pod payments-{NEW}-0 is slow to become Ready, it has 30 s: {why}",
        f"decided: the cutover failed: pod payments-{NEW}-0 was not Ready within 30 s: {why}",
        "aborted: the controller acknowledged the abort",
        "restored: the old template stands in the spec again",
    ]
    assert data_json(play.facts[-1]) == {
        "outcome": "held",
        "spec": "restored",
        "cause": {
            "code": "deadline",
            "message": f"pod payments-{NEW}-0 was not Ready within 30 s: {why}",
        },
        "next": [],
    }


def test_stable_pods_that_are_others_than_before_are_named() -> None:
    play = fails().aborts().accepts("restore")
    play.sees(lambda stage: stage.restored_and_healthy().stable_pod(2, ready=True, metadata__uid="another")).looks()
    assert play.ending.outcome is Outcome.HELD
    assert play.ending.unproven == (f"stable pods that were replaced or restarted during the run: payments-{BASE}-2",)


# -- each rung ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Rung:
    """How a rung fails, and where the run stands then."""

    name: str
    fails: Callable[[Play], Play]
    leads_to: Phase
    note: str

    def __str__(self) -> str:
        return self.name


STAYS = "put the old template back into rollout payments/payments"
CANARY = f"abort the canary {NEW} of rollout payments/payments"
RUNGS = (
    Rung(
        "abort refused",
        lambda play: play.refuses("abort", 403, "forbidden"),
        Phase.RESTORE,
        f"{CANARY}: refused (403): forbidden",
    ),
    Rung("abort lost", lambda play: play.loses("abort"), Phase.RESTORE, f"{CANARY}: unclear: its answer was lost"),
    Rung(
        "abort without effect",
        lambda play: play.accepts("abort").waits(30.0),
        Phase.RESTORE,
        "abort had no effect within 30 s",
    ),
    Rung(
        "restore refused",
        lambda play: play.aborts().refuses("restore", 403, "forbidden"),
        Phase.VERIFY,
        f"{STAYS}: refused (403): forbidden",
    ),
    Rung(
        "restore lost",
        lambda play: play.aborts().loses("restore"),
        Phase.VERIFY,
        f"{STAYS}: unclear: its answer was lost",
    ),
    Rung(
        "restore without effect",
        lambda play: play.aborts().accepts("restore").waits(30.0),
        Phase.VERIFY,
        "restore had no effect within 30 s",
    ),
)


@pytest.mark.parametrize("rung", RUNGS, ids=str)
def test_a_rung_that_fails_leads_to_the_next_and_is_named(rung: Rung) -> None:
    play = rung.fails(fails())
    assert play.phase is rung.leads_to
    assert play.said(Note) == [rung.note]


@pytest.mark.parametrize("rung", RUNGS, ids=str)
def test_a_rung_that_failed_is_never_tried_again(rung: Rung) -> None:
    play = rung.fails(fails())
    if play.phase is Phase.RESTORE:
        play.accepts("restore")
    looks_in_vain(play.waits(60.0) if play.phase is Phase.RESTORE else play)
    assert play.sent == ["cutover", "abort", "restore"]
    assert play.ending.outcome is Outcome.UNVERIFIED


@pytest.mark.parametrize("rung", RUNGS, ids=str)
def test_what_counts_is_what_is_seen_whatever_the_rungs_answered(rung: Rung) -> None:
    play = rung.fails(fails())
    if play.phase is Phase.RESTORE:
        play.accepts("restore")
    play.sees(ClusterStage.restored_and_healthy).looks()
    assert (play.ending.outcome, play.ending.proven) == (Outcome.HELD, (*HELD, SAME))


def test_all_rungs_together_take_no_longer_than_two_minutes() -> None:
    play = fails().accepts("abort").waits(30.0).accepts("restore").waits(30.0)
    began = play.now - 60.0
    assert looks_in_vain(play).over
    assert play.now - began <= 122.0


# -- verification ------------------------------------------------------------------------------------------------------


def test_a_stopped_controller_leaves_the_restore_unproven() -> None:
    """It never saw T1: the old template stands, and nobody has looked at it."""
    play = Play().writes_the_plan().waits(60.0).accepts("restore")
    assert play.phase is Phase.VERIFY
    looks_in_vain(play)
    assert (play.ending.outcome, play.ending.spec, play.code) == (
        Outcome.UNVERIFIED,
        SpecState.RESTORED,
        "not-adopted",
    )
    assert play.ending.unproven == (
        unsettled("7 of 9", BASE),
        "the Rollout is Progressing: waiting for rollout spec update to be observed",
    )
    assert play.ending.next == (LOOK,)


def test_who_may_not_put_the_old_template_back_looks_once_more_and_calls_a_human() -> None:
    play = fails().refuses("abort", 403).refuses("restore", 403).looks()
    began = play.now
    play.waits(10.0)
    assert (play.ending.outcome, play.ending.spec) == (Outcome.UNVERIFIED, SpecState.LEFT)
    assert "the spec does not hold the old template" in play.ending.unproven
    assert began - play.state.entered < 1.0
    assert play.state.entered - began < 4.0


def test_what_stays_unproven_is_told_sentence_by_sentence_with_what_to_type() -> None:
    play = fails().refuses("abort", 403).refuses("restore", 409)
    looks_in_vain(play)
    assert (play.ending.outcome, play.ending.spec) == (Outcome.UNVERIFIED, SpecState.LEFT)
    assert play.ending.proven == (
        "stable is whole: 4 of 4 pods are Ready and available",
        "4 stable pods receive traffic",
    )
    assert tuple(map(unmasked, play.ending.unproven)) == (
        "the spec does not hold the old template",
        unsettled("8 of 8", NEW),
        "the Rollout is Progressing: more replicas need to be updated",
        "1 pods of the canary are still there",
    )
    assert play.ending.next == (LOOK, ABORT, UNDO)


def test_a_fresh_look_that_cannot_be_had_proves_nothing() -> None:
    play = fails().aborts().restores()
    while play.looks_wanted:
        play.cannot_look().waits(1.0)
    assert play.over
    assert (play.ending.outcome, play.ending.proven) == (Outcome.UNVERIFIED, ())
    assert play.ending.unproven == tuple(f"not read afresh: {sentence}" for sentence in HELD)


def test_a_fresh_look_that_shows_less_than_the_watch_counts() -> None:
    play = fails().aborts().restores()
    whole = play.stage
    play.looks(lambda stage: stage.stable(4, ready=3))
    assert not play.over
    play.sees(lambda _: whole).waits(1.0).looks()
    assert play.ending.outcome is Outcome.HELD


def test_one_look_at_a_time_and_none_more_often_than_once_a_second() -> None:
    play = fails().aborts().restores().waits(5.0)
    assert play.looks_wanted == 1
    play.looks(lambda stage: stage.canary(1)).sees(lambda stage: stage.canary(0)).waits(0.9)
    assert play.looks_wanted == 0
    assert play.waits(0.2).looks_wanted == 1


def test_a_look_that_was_begun_for_another_phase_proves_nothing() -> None:
    """The look of the holding is still on the way when the run has failed and come to its verification."""
    play = Play(Promotion.STEPS).comes_to_the_pause().waits(10.0)
    asked = play.instant
    play.sees(lambda stage: stage.analysis("Failed")).aborts().restores()
    play.hands_over(FreshRead(play.stage.world(asked.mono), asked))
    assert play.phase is Phase.VERIFY


@pytest.mark.parametrize("unseen", ["no Service", "a pod without traffic"])
def test_traffic_is_accounted_for(unseen: str) -> None:
    play = fails(stage=opening().unrouted() if unseen == "no Service" else None).aborts().restores()
    if unseen == "no Service":
        play.looks()
        assert "no Service selects these pods: there is no traffic to account for" in play.ending.proven
        return
    play.sees(lambda stage: stage.deaf_to(f"payments-{BASE}-1"))
    play.looks()
    looks_in_vain(play)
    assert play.ending.unproven == ("only 3 of 4 stable pods receive traffic",)


def test_a_canary_that_nobody_saw_being_taken_up_is_not_called_gone() -> None:
    """The run gave the template up just before the controller took it up: the hash of that canary is not known."""
    play = Play().writes_the_plan().is_asked_to(OperatorRequest.ABORT)
    leftover = {"replicas": 1, "readyReplicas": 0, "availableReplicas": 0}
    play.accepts("restore").sees(
        lambda stage: stage.adopted().restored_and_healthy().replicaset(NEW, spec__replicas=1, status=leftover)
    )
    looks_in_vain(play)
    assert play.ending.outcome is Outcome.UNVERIFIED
    assert play.ending.unproven == ("1 pods of the canary are still there",)


def test_before_adoption_there_was_no_canary_and_the_report_says_no_more_than_that() -> None:
    play = Play().writes_the_plan().waits(60.0).accepts("restore").sees(ClusterStage.restored_and_healthy).looks()
    assert play.ending.proven[-2] == "no pod of another revision is there"


# -- policies ----------------------------------------------------------------------------------------------------------


def test_the_policy_abort_leaves_the_value_in_the_spec_and_says_so() -> None:
    play = fails(OnFailure.ABORT).aborts().looks()
    assert play.sent == ["cutover", "abort"]
    assert (play.ending.outcome, play.ending.spec, play.code) == (Outcome.CONTAINED, SpecState.LEFT, "deadline")
    assert play.ending.proven == (
        "the spec holds the plan's values",
        "the controller has acknowledged the abort",
        f"revision {BASE} is still the stable one",
        "stable is whole: 4 of 4 pods are Ready and available",
        "4 stable pods receive traffic",
        "no pod of the canary is left",
        SAME,
    )
    assert (play.ending.unproven, play.ending.next) == ((), (LOOK, UNDO))


def test_the_policy_hold_writes_nothing_more_and_says_so() -> None:
    play = fails(OnFailure.HOLD).looks()
    assert play.sent == ["cutover"]
    assert (play.ending.outcome, play.ending.spec, play.code) == (Outcome.CONTAINED, SpecState.LEFT, "deadline")
    assert play.ending.proven == (
        "the spec holds the plan's values",
        f"revision {BASE} is still the stable one",
        "stable has the 4 pods that the step grants it, all Ready",
        "4 stable pods receive traffic",
        SAME,
    )


def test_the_policy_hold_at_full_weight_leaves_stable_nothing_to_serve_with_and_calls_a_human() -> None:
    steps = [{"setWeight": 100}, {"pause": {}}]
    stage = opening().spec(strategy__canary__steps=steps).observed()
    play = Play(Promotion.AUTO, OnFailure.HOLD, stage=stage).is_adopted()
    play.sees(lambda now: now.canary_ready(4).stable(0).paused_at(1).analysis("Failed"))
    assert looks_in_vain(play).ending.outcome is Outcome.UNVERIFIED
    assert play.ending.unproven == ("stable has 0 Ready pods of the 0 that the step grants it",)


@pytest.mark.parametrize("policy", [OnFailure.ABORT, OnFailure.HOLD])
def test_somebody_who_takes_back_what_the_policy_left_makes_it_a_held_run(policy: OnFailure) -> None:
    play = fails(policy)
    if policy is OnFailure.ABORT:
        play.accepts("abort")
    play.sees(ClusterStage.restored_and_healthy).looks()
    assert (play.ending.outcome, play.ending.spec) == (Outcome.HELD, SpecState.RESTORED)
    assert "restore" not in play.sent


TAKES_NOT: dict[str, Callable[[Play], Play]] = {
    "refused": lambda play: play.refuses("abort"),
    "without effect": lambda play: play.accepts("abort").waits(30.0),
}


@pytest.mark.parametrize("takes_not", TAKES_NOT.values(), ids=TAKES_NOT)
def test_an_abort_that_did_not_take_is_followed_by_the_restore_whatever_the_policy(
    takes_not: Callable[[Play], Play],
) -> None:
    play = takes_not(fails(OnFailure.ABORT)).restores().looks()
    assert (play.ending.outcome, play.ending.spec) == (Outcome.HELD, SpecState.RESTORED)


def test_the_policy_abort_cannot_abort_what_was_never_adopted_and_restores_it() -> None:
    play = Play(on_failure=OnFailure.ABORT).writes_the_plan().waits(60.0).restores().looks()
    assert (play.ending.outcome, play.sent) == (Outcome.HELD, ["cutover", "restore"])


def test_the_policy_abort_without_a_whole_stable_is_not_called_contained() -> None:
    play = fails(OnFailure.ABORT).accepts("abort").sees(lambda stage: stage.aborted().stable(4, ready=3))
    assert looks_in_vain(play).ending.outcome is Outcome.UNVERIFIED
    assert play.ending.next == (LOOK, ABORT, UNDO)


@pytest.mark.parametrize("policy", list(OnFailure))
def test_a_template_that_nobody_reviewed_is_taken_back_whatever_the_policy(policy: OnFailure) -> None:
    mutated = {**AFTER, "metadata": {"labels": {"app": "payments"}, "annotations": {"injected": "yes"}}}
    play = Play(on_failure=policy).begins().accepts("cutover", change=lambda stage: stage.spec(template=mutated))
    play.restores().looks()
    assert (play.ending.outcome, play.ending.spec) == (Outcome.HELD, SpecState.RESTORED)
    what = "something on the API server's side changed the template as it was written"
    where = "/spec/template/metadata/annotations"
    assert play.ending.cause == Cause(Attribution.INFRASTRUCTURE, "mutated", f"{what}, at {where}")


@pytest.mark.parametrize("policy", list(OnFailure))
def test_a_template_that_nobody_reviewed_is_taken_back_even_if_it_was_taken_up_at_once(policy: OnFailure) -> None:
    mutated = {**AFTER, "metadata": {"labels": {"app": "payments"}, "annotations": {"injected": "yes"}}}
    play = Play(on_failure=policy).begins()
    play.accepts("cutover", change=lambda stage: stage.spec(template=mutated).adopted())
    play.aborts().restores().looks()
    assert (play.ending.outcome, play.code) == (Outcome.HELD, "mutated")


@pytest.mark.parametrize("policy", list(OnFailure))
def test_a_write_that_took_no_effect_leaves_nothing_to_contain(policy: OnFailure) -> None:
    play = Play(on_failure=policy).begins().loses("cutover").waits(10.0).refuses("restore").looks()
    assert (play.ending.outcome, play.ending.spec, play.code) == (Outcome.HELD, SpecState.UNCHANGED, "answer-lost")


def test_an_echo_of_a_mutated_cutover_is_no_stranger_to_a_mutated_restore() -> None:
    there, back = ({**template, "metadata": {"annotations": {"injected": "yes"}}} for template in (AFTER, TEMPLATE))
    play = Play().begins().accepts("cutover", change=lambda stage: stage.spec(template=there))
    old = play.stage
    play.accepts("restore", change=lambda stage: stage.spec(template=back)).hears_late(old)
    assert not play.over


def test_a_mutated_restore_is_not_called_restored() -> None:
    mutated = {**TEMPLATE, "metadata": {"labels": {"app": "payments"}, "annotations": {"injected": "yes"}}}
    play = fails().aborts().accepts("restore", change=lambda stage: stage.spec(template=mutated)).waits(30.0)
    assert looks_in_vain(play).ending.outcome is Outcome.UNVERIFIED
    assert play.ending.unproven[0] == "the spec does not hold the old template"


def test_where_every_write_is_mutated_the_restore_too_is_never_called_restored() -> None:
    there, back = ({**template, "metadata": {"annotations": {"injected": "yes"}}} for template in (AFTER, TEMPLATE))
    play = Play().begins().accepts("cutover", change=lambda stage: stage.spec(template=there))
    play.accepts("restore", change=lambda stage: stage.spec(template=back)).waits(30.0)
    assert (looks_in_vain(play).ending.outcome, play.code) == (Outcome.UNVERIFIED, "mutated")
    assert "the spec does not hold the old template" in play.ending.unproven
    assert play.ending.spec is SpecState.LEFT


# -- stable is the sick side -------------------------------------------------------------------------------------------


def test_a_sick_stable_with_a_ready_canary_stops_everything_and_calls_a_human() -> None:
    play = Play().comes_to_the_pause().sees(lambda stage: stage.stable(4, ready=2)).waits(60.0)
    assert (play.ending.outcome, play.ending.spec, play.sent) == (Outcome.UNVERIFIED, SpecState.LEFT, ["cutover"])
    assert play.ending.cause == Cause(Attribution.STABLE, "stable-sick", "only 2 of 4 stable pods are Ready")
    assert play.said(Decided) == ["stopping without touching anything: only 2 of 4 stable pods are Ready"]


def test_a_stable_of_which_nothing_is_left_is_sick_within_seconds() -> None:
    play = Play().comes_to_the_pause().sees(lambda stage: stage.stable(4, ready=0)).waits(4.9)
    assert not play.over
    assert play.waits(0.2).code == "stable-sick"


def test_a_stable_that_the_step_shrinks_is_not_sick() -> None:
    play = Play().passes_the_pause().sees(lambda stage: stage.canary_ready(3).stable(2)).waits(120.0)
    assert not play.state.failing


def test_pods_that_could_not_be_made_leave_no_canary_to_be_ready() -> None:
    play = Play().starts_a_canary().sees(lambda stage: refused_pods(stage, "exceeded quota")).goes_back()
    assert (play.ending.outcome, play.code) == (Outcome.HELD, "pod-refused")
