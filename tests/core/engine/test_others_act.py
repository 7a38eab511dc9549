"""What other people and controllers do during a run, and what the run makes of it (DESIGN, end of section 7)."""

from collections.abc import Callable

import pytest

from cutover.core.base.outcomes import Attribution, Cause, Outcome, SpecState
from cutover.core.engine.observation import OperatorRequest
from cutover.core.engine.state import Phase
from cutover.core.plan.model import OnFailure, Promotion
from tests.core.checks.documents import TEMPLATE
from tests.core.engine.play import Play
from tests.core.engine.stage import AFTER, NEW, OTHERS, ClusterStage, disrupted
from tests.quotations import unmasked

NEXT = ("kubectl argo rollouts get rollout payments -n payments",)
UNTOUCHED = "nothing that somebody else wrote was overwritten"


def new_template(stage: ClusterStage) -> ClusterStage:
    """A colleague deploys."""
    return stage.spec(template=OTHERS).written_by("kubectl-edit")


def new_template_with_the_plan(stage: ClusterStage) -> ClusterStage:
    """A colleague deploys on top of the plan's values."""
    containers = [{**container, "image": "payments:2"} for container in AFTER["spec"]["containers"]]
    return stage.spec(template__spec__containers=containers).written_by("argocd-controller")


def undo(stage: ClusterStage) -> ClusterStage:
    """`kubectl argo rollouts undo`, and the controller has settled."""
    return stage.spec(template=TEMPLATE).written_by("kubectl-argo-rollouts").restored_and_healthy()


WHEN: dict[str, Callable[[Play], Play]] = {
    "before adoption": Play.writes_the_plan,
    "at the canary": Play.starts_a_canary,
    "at the pause": Play.comes_to_the_pause,
    "in the bake": Play.bakes,
}


# -- who changes the spec takes over -----------------------------------------------------------------------------------


@pytest.mark.parametrize("when", WHEN.values(), ids=WHEN)
def test_a_new_template_ends_the_run_and_is_left_alone(when: Callable[[Play], Play]) -> None:
    play = when(Play())
    before = play.sent
    play.sees(new_template)
    assert (play.ending.outcome, play.ending.spec, play.sent) == (Outcome.SUPERSEDED, SpecState.LEFT, before)
    cause = Cause(Attribution.PERSON, "superseded", "the template was changed by kubectl-edit")
    assert play.ending.cause == cause
    assert play.ending.proven == ("0 of 1 of the plan's values stand in the template that is there now", UNTOUCHED)
    assert (play.ending.unproven, play.ending.next) == ((), NEXT)


def test_a_new_template_that_keeps_the_plans_values_is_said_to() -> None:
    play = Play().starts_a_canary().sees(new_template_with_the_plan)
    assert play.ending.cause == Cause(Attribution.PERSON, "superseded", "the template was changed by argocd-controller")
    assert play.ending.proven[0] == "1 of 1 of the plan's values stand in the template that is there now"


@pytest.mark.parametrize("when", WHEN.values(), ids=WHEN)
def test_a_new_strategy_ends_the_run(when: Callable[[Play], Play]) -> None:
    play = when(Play())
    play.sees(lambda stage: stage.spec(strategy__canary__steps=[{"setWeight": 100}]))
    assert (play.ending.outcome, play.code) == (Outcome.SUPERSEDED, "superseded")
    assert play.ending.proven[0] == "1 of 1 of the plan's values stand in the template that is there now"


def test_a_new_template_during_the_abort_is_left_alone() -> None:
    play = Play().starts_a_canary().waits(30.0).accepts("abort").sees(new_template)
    assert (play.ending.outcome, play.code) == (Outcome.SUPERSEDED, "deadline")
    assert play.sent == ["cutover", "abort"]


def test_a_new_template_that_the_restores_guard_meets_is_left_alone() -> None:
    play = Play().starts_a_canary().waits(30.0).aborts()
    play.stage = new_template(play.stage)
    play.refuses("restore")
    assert (play.ending.outcome, play.sent) == (Outcome.SUPERSEDED, ["cutover", "abort", "restore"])


def test_a_new_template_after_the_restore_is_left_alone() -> None:
    play = Play().starts_a_canary().waits(30.0).aborts().accepts("restore").sees(new_template)
    assert (play.ending.outcome, play.phase) == (Outcome.SUPERSEDED, Phase.OVER)


# -- undo --------------------------------------------------------------------------------------------------------------

WHEN_UNDONE = {name: WHEN[name] for name in ("before adoption", "at the canary", "at the pause")}


@pytest.mark.parametrize("when", WHEN_UNDONE.values(), ids=WHEN_UNDONE)
def test_an_undo_to_the_old_template_is_verified_and_nothing_is_written(when: Callable[[Play], Play]) -> None:
    play = when(Play())
    play.sees(undo).looks()
    assert (play.ending.outcome, play.ending.spec) == (Outcome.SUPERSEDED, SpecState.RESTORED)
    assert play.ending.cause == Cause(
        Attribution.PERSON, "undone", "the old template was put back by kubectl-argo-rollouts"
    )
    assert "stable is whole: 4 of 4 pods are Ready and available" in play.ending.proven
    assert play.sent == ["cutover"]


def test_an_undo_that_stable_does_not_recover_from_is_not_called_safe() -> None:
    play = Play().starts_a_canary().sees(lambda stage: undo(stage).stable(4, ready=3)).waits(57.5)
    while play.looks_wanted:
        play.looks().waits(1.0)
    assert play.ending.outcome is Outcome.UNVERIFIED
    assert "stable is not whole: 3 of 4 pods are Ready, 3 available" in play.ending.unproven


def test_an_undo_after_the_promotion_is_a_rollout_of_its_own_that_the_run_leaves_to_its_author() -> None:
    play = Play().bakes().sees(lambda stage: stage.spec(template=TEMPLATE).written_by("kubectl-argo-rollouts"))
    assert (play.ending.outcome, play.code) == (Outcome.SUPERSEDED, "undone")
    assert play.ending.proven == ("0 of 1 of the plan's values stand in the template that is there now", UNTOUCHED)


# -- abort, retry, promote ---------------------------------------------------------------------------------------------


def test_a_persons_abort_is_finished_by_the_restore() -> None:
    play = Play().comes_to_the_pause().sees(ClusterStage.aborted).restores().looks()
    assert (play.ending.outcome, play.code, play.sent) == (Outcome.HELD, "aborted", ["cutover", "restore"])


def test_a_persons_abort_that_is_not_acknowledged_yet_is_called_what_it_is() -> None:
    """The condition still tells of the progress so far; it is no reason for an abort."""
    play = Play().starts_a_canary()
    progress = ("Progressing", "True", "ReplicaSetUpdated", 'ReplicaSet "analysis-payments" is progressing.')
    play.sees(lambda stage: stage.condition(*progress)).sees(ClusterStage.abort_asked).goes_back()
    assert play.ending.cause == Cause(Attribution.PERSON, "aborted", "the canary was aborted by somebody else")


def test_a_retry_after_our_abort_is_met_by_the_restore() -> None:
    play = Play().starts_a_canary().waits(30.0).aborts()
    play.stage = play.stage.status(abort=False, abortedAt="").at_step(0)
    play.restores().looks()
    assert (play.ending.outcome, play.sent) == (Outcome.HELD, ["cutover", "abort", "restore"])


def test_a_retry_before_our_abort_was_seen_to_take_is_met_by_the_restore() -> None:
    play = Play().starts_a_canary().waits(30.0).accepts("abort")
    play.sees(lambda stage: stage.status(abort=False)).waits(30.0).restores().looks()
    assert (play.ending.outcome, play.sent) == (Outcome.HELD, ["cutover", "abort", "restore"])


def test_a_persons_promotion_is_followed() -> None:
    play = Play(Promotion.AUTO).comes_to_the_pause().sees(lambda stage: stage.at_step(2))
    play.sees(ClusterStage.promoted, after=5.0).waits(20.0).looks()
    assert (play.ending.outcome, play.sent) == (Outcome.PROMOTED, ["cutover"])


def test_a_person_who_promotes_at_the_same_moment_does_not_stop_the_run() -> None:
    play = Play(Promotion.AUTO).comes_to_the_pause().waits(10.0)
    play.stage = play.stage.at_step(2)
    play.refuses("promote-pause").sees(ClusterStage.promoted, after=5.0).waits(20.0).looks()
    assert (play.ending.outcome, play.sent) == (Outcome.PROMOTED, ["cutover", "promote-pause"])


# -- scaling, restarting, pausing --------------------------------------------------------------------------------------


def test_scaling_up_at_a_long_pause_goes_on() -> None:
    """The new pods have their own time: that of the step was over long ago."""
    play = Play(Promotion.STEPS, follow=True).comes_to_the_pause().waits(300.0)
    play.sees(lambda stage: stage.spec(replicas=8).observed().canary(2, ready=1).stable(8, ready=4).paused_at(1))
    play.waits(20.0)
    assert not play.state.failing, play.told()
    play.sees(lambda stage: stage.canary_ready(2).stable(8)).sees(lambda stage: stage.promoted(8)).waits(20.0).looks()
    assert play.ending.outcome is Outcome.PROMOTED


def test_scaling_up_an_application_that_starts_slowly_does_not_make_stable_sick() -> None:
    """More than a minute passes until the pods that the autoscaler asked for are Ready; none was lost."""
    play = Play(Promotion.STEPS, follow=True).comes_to_the_pause()
    play.sees(lambda stage: stage.spec(replicas=6).observed().stable(6, ready=4).paused_at(1)).waits(300.0)
    assert not play.state.failing, play.told()


def test_scaling_up_does_not_hide_the_loss_of_a_stable_pod() -> None:
    play = Play(Promotion.STEPS, follow=True).comes_to_the_pause()
    play.sees(lambda stage: stage.spec(replicas=6).observed().stable(6, ready=3).paused_at(1)).waits(60.0)
    assert (play.ending.outcome, play.code) == (Outcome.UNVERIFIED, "stable-sick")


def test_nothing_is_promoted_while_stable_grows() -> None:
    play = Play(Promotion.AUTO).comes_to_the_pause().waits(5.0)
    play.sees(lambda stage: stage.spec(replicas=6).observed().stable(6, ready=4).paused_at(1)).waits(120.0)
    assert play.sent == ["cutover"]
    play.sees(lambda stage: stage.stable(6)).waits(10.0)
    assert play.sent == ["cutover", "promote-pause"]


def test_scaling_up_in_the_bake_goes_on() -> None:
    play = Play().bakes().waits(10.0)
    play.sees(lambda stage: stage.spec(replicas=6).observed().canary(6, ready=4)).waits(5.0)
    play.sees(lambda stage: stage.canary_ready(6)).waits(20.0).looks()
    assert play.ending.outcome is Outcome.PROMOTED


def test_an_evicted_canary_pod_at_a_long_pause_is_replaced_in_peace() -> None:
    play = Play(Promotion.STEPS, follow=True).comes_to_the_pause().waits(300.0)
    play.sees(lambda stage: stage.canary_pod(ready=False, **disrupted("EvictionByEvictionAPI"))).waits(8.0)
    play.sees(lambda stage: stage.without(f"payments-{NEW}-0").canary_pod(1), after=2.0).waits(20.0)
    assert not play.state.failing, play.told()
    play.sees(lambda stage: stage.canary_pod(1, ready=True)).waits(60.0)
    assert not play.state.failing, play.told()


def test_pods_that_are_asked_for_while_others_are_late_have_their_own_time() -> None:
    play = Play().starts_a_canary().waits(20.0)
    play.sees(lambda stage: stage.without(f"payments-{NEW}-0").canary_pod(1)).waits(5.0)
    play.sees(lambda stage: stage.canary_pod(2).replicaset(NEW, spec__replicas=2)).waits(20.0)
    assert not play.state.failing, play.told()


def test_an_evicted_pod_in_the_bake_is_replaced_in_peace() -> None:
    play = Play().bakes().waits(10.0)
    play.sees(lambda stage: stage.without(f"payments-{NEW}-2").canary_pod(9), after=2.0).waits(4.0)
    play.sees(lambda stage: stage.canary_pod(9, ready=True)).waits(20.0).looks()
    assert play.ending.outcome is Outcome.PROMOTED


def test_a_restart_stops_the_promotion_until_stable_is_whole() -> None:
    play = Play(Promotion.AUTO).comes_to_the_pause().waits(5.0)
    play.sees(lambda stage: stage.spec(restartAt="2026-11-23T06:40:00Z").observed().stable(4, ready=3)).waits(40.0)
    assert play.sent == ["cutover"]
    play.sees(lambda stage: stage.stable().status(restartedAt="2026-11-23T06:40:00Z")).waits(10.0)
    assert play.sent == ["cutover", "promote-pause"]


def test_a_paused_spec_promotes_nothing() -> None:
    play = Play(Promotion.AUTO).comes_to_the_pause().sees(lambda stage: stage.spec(paused=True).observed())
    assert play.waits(3600.0).sent == ["cutover"]


def test_a_paused_spec_that_keeps_the_canary_alive_names_the_command_that_lets_it_go() -> None:
    play = Play().starts_a_canary().sees(lambda stage: stage.spec(paused=True).observed()).waits(30.0)
    play.accepts("abort").sees(lambda stage: stage.status(abort=True, abortedAt="2026-11-23T06:31:00Z"))
    paused = "manually paused"
    play.accepts("restore").sees(lambda stage: stage.restored_and_healthy().canary().phase("Paused", paused))
    play.waits(57.5)
    while play.looks_wanted:
        play.looks().waits(1.0)
    assert play.ending.outcome is Outcome.UNVERIFIED
    assert "the Rollout is Paused: manually paused" in map(unmasked, play.ending.unproven)
    assert "1 pods of the canary are still there" in play.ending.unproven
    assert (
        """kubectl patch rollout payments -n payments --type=merge -p '{"spec":{"paused":false}}'""" in play.ending.next
    )


def test_a_paused_spec_whose_value_stays_by_policy_keeps_its_canary_and_names_the_command_that_lets_it_go() -> None:
    play = Play(on_failure=OnFailure.ABORT).starts_a_canary().sees(lambda stage: stage.spec(paused=True).observed())
    play.waits(30.0).accepts("abort")
    play.sees(lambda stage: stage.aborted().canary().phase("Paused", "manually paused")).waits(57.5)
    while play.looks_wanted:
        play.looks().waits(1.0)
    assert (play.ending.outcome, play.sent) == (Outcome.UNVERIFIED, ["cutover", "abort"])
    assert "1 pods of the canary are still there" in play.ending.unproven
    assert any('"paused":false' in command for command in play.ending.next)


# -- the object itself -------------------------------------------------------------------------------------------------

GONE = {"deleted": ClusterStage.deleted, "deleted and made anew": ClusterStage.made_anew}


@pytest.mark.parametrize("when", WHEN.values(), ids=WHEN)
@pytest.mark.parametrize("gone", GONE.values(), ids=GONE)
def test_a_rollout_that_is_gone_ends_the_run(
    when: Callable[[Play], Play], gone: Callable[[ClusterStage], ClusterStage]
) -> None:
    play = when(Play())
    before = play.sent
    play.sees(gone)
    assert (play.ending.outcome, play.code, play.sent) == (Outcome.SUPERSEDED, "deleted", before)


@pytest.mark.parametrize("gone", GONE.values(), ids=GONE)
def test_a_rollout_that_goes_during_the_way_back_ends_the_run(gone: Callable[[ClusterStage], ClusterStage]) -> None:
    play = Play().starts_a_canary().waits(30.0).accepts("abort").sees(gone)
    assert (play.ending.outcome, play.sent) == (Outcome.SUPERSEDED, ["cutover", "abort"])


def test_a_rollout_that_is_gone_before_the_write_is_stale() -> None:
    play = Play()
    play.stage = play.stage.deleted()
    play.begins()
    assert (play.ending.outcome, play.code, play.sent) == (Outcome.STALE, "deleted", [])


# -- echoes of what was ------------------------------------------------------------------------------------------------


def test_an_echo_from_before_our_write_is_no_stranger() -> None:
    play = Play()
    old = play.stage
    play.writes_the_plan().hears_late(old).sees(ClusterStage.adopted).hears_late(old)
    assert not play.state.failing
    assert play.phase is Phase.CANARY


def test_an_echo_from_before_our_restore_is_no_failure_of_it() -> None:
    play = Play().starts_a_canary().waits(30.0).aborts()
    old = play.stage
    play.accepts("restore").hears_late(old).hears_late(old)
    assert play.phase is Phase.RESTORE
    play.sees(ClusterStage.restored_and_healthy).looks()
    assert (play.ending.outcome, play.sent) == (Outcome.HELD, ["cutover", "abort", "restore"])


def test_an_echo_from_before_the_write_while_its_answer_is_on_the_way_is_no_stranger() -> None:
    play = Play().begins().sees().sees()
    assert not play.state.failing
    assert play.accepts("cutover").phase is Phase.ADOPT


@pytest.mark.parametrize("policy", [OnFailure.RESTORE, OnFailure.ABORT])
def test_somebody_elses_revision_is_never_called_the_canary(policy: OnFailure) -> None:
    play = Play(on_failure=policy).writes_the_plan()
    play.sees(lambda stage: stage.spec(template=OTHERS).adopted().status(currentPodHash="5c4b3a291"))
    assert not play.state.adopted
    assert play.ending.outcome is Outcome.SUPERSEDED


def test_a_rollout_made_anew_after_the_watch_was_ended_proves_nothing_of_ours() -> None:
    """What stands there is good in every way, and another object's."""
    play = Play().bakes().is_asked_to(OperatorRequest.ABORT).looks(ClusterStage.made_anew)
    assert play.phase is Phase.CONFIRM
    for _ in range(4):
        play.waits(10.0)
        if play.looks_wanted:
            play.looks()
    assert (play.ending.outcome, play.ending.proven) == (Outcome.UNVERIFIED, ())
    assert "the Rollout was deleted, and another of its name made" in play.ending.unproven
