"""A run whose process died goes on where the world says that it stands, and by what was noted of it."""

from dataclasses import replace

import pytest

from cutover.core.base.causes import Reaction
from cutover.core.base.outcomes import Attribution, Cause, Outcome
from cutover.core.engine.requested_abort import requested_abort, spec_of_foreign_canary, state_of_foreign_canary
from cutover.core.engine.resume import resumed_spec, resumed_state
from cutover.core.engine.state import NEVER
from cutover.core.objects.lease import LeaseView, lease_view
from cutover.core.objects.read_results import NotFound
from cutover.core.objects.rollout import rollout_view
from cutover.core.plan.model import OnFailure, Plan, PointOfNoReturn, Promotion
from cutover.core.writes.run_annotations import MARKS, OWNER, PASSED, UnreadableMarks, marks_of
from cutover.core.writes.stored_verdict import StoredVerdict, stored_verdict, verdict_text
from tests.core.checks.documents import TEMPLATE
from tests.core.engine.play import Play
from tests.core.engine.stage import BASE, ClusterStage, plan

DEAD, NEW_OWNER = "alice@host/s1", "bob@laptop/s2"
LATE = StoredVerdict(Reaction.FAIL, Cause(Attribution.CONFIG, "deadline", "it was late"), promoted=False)
STOPPED = replace(LATE, reaction=Reaction.INTERRUPT, cause=Cause(Attribution.PERSON, "interrupted", "stopped"))
AUTO = plan(Promotion.AUTO, OnFailure.RESTORE)


class Rest(Play):
    """What is left of a run that died when the stage was so."""

    def __init__(self, stage: ClusterStage, noted: StoredVerdict | None = None) -> None:
        super().__init__()
        annotations = {**stage.rollout["metadata"]["annotations"], OWNER: NEW_OWNER}
        self.stage = stage.meta(annotations=annotations)
        marks = marks_of(annotations)
        assert marks is not None
        snapshot = self.stage.snapshot()
        order = resumed_spec(marks, snapshot, owner=NEW_OWNER, timeout=NEVER, follow=False)
        self.state = resumed_state(order, snapshot, noted, self.now)
        self.begins()


def died(intent: Plan = AUTO) -> Play:
    """A run up to the moment of its death."""
    return Play(intent=intent, owner=DEAD)


def over(play: Play) -> Outcome:
    """How it ended; its marks are taken away."""
    if not play.over:
        play.accepts("unmark")
    return play.ending.outcome


# -- going on ----------------------------------------------------------------------------------------------------------


def test_written_and_not_adopted_it_waits_for_the_controller_and_goes_on() -> None:
    rest = Rest(died().writes_the_plan().stage)
    assert rest.writes == []
    rest.sees(ClusterStage.adopted).sees(ClusterStage.canary).sees(ClusterStage.canary_ready).sees(
        lambda stage: stage.paused_at(1)
    )
    rest.waits(11.0).accepts("promote-pause").sees(lambda s: s.at_step(2)).sees(ClusterStage.just_promoted)
    rest.sees(ClusterStage.promoted).waits(25.0).looks()
    assert over(rest) is Outcome.PROMOTED


def test_at_the_pause_it_waits_out_its_hold_and_passes() -> None:
    rest = Rest(died().comes_to_the_pause().stage)
    assert rest.writes == []
    rest.waits(11.0).accepts("promote-pause")
    assert rest.state.canary_hash != BASE


def test_promoted_it_is_baked_anew() -> None:
    rest = Rest(died().bakes().stage).waits(25.0).looks()
    assert over(rest) is Outcome.PROMOTED
    assert rest.sent == ["unmark"]


def test_a_canary_that_never_becomes_ready_fails_by_the_plans_own_deadline() -> None:
    rest = Rest(died().starts_a_canary().stage).waits(31.0)
    assert rest.sent[-1:] == ["abort"], rest.told()
    assert over(rest.goes_back()) is Outcome.HELD
    assert rest.stage.rollout["spec"]["template"] == TEMPLATE


def test_a_pod_that_was_ready_while_nobody_watched_has_relapsed_and_is_not_late() -> None:
    stage = died().bakes().stage
    stage = stage.canary_pod(0, ready=False, status__conditions__1__lastTransitionTime="2026-11-20T10:05:00Z")
    rest = Rest(stage).waits(8.0)
    assert rest.sent[-1:] == ["restore"], rest.told()


# -- going back --------------------------------------------------------------------------------------------------------


def test_a_noted_verdict_goes_back_at_once_and_keeps_its_cause() -> None:
    rest = Rest(died().comes_to_the_pause().stage, LATE)
    assert rest.sent == ["verdict", "abort"]
    assert over(rest.goes_back()) is Outcome.HELD
    assert rest.ending.cause == LATE.cause


def test_a_stopped_run_ends_stopped() -> None:
    assert over(Rest(died().comes_to_the_pause().stage, STOPPED).goes_back()) is Outcome.INTERRUPTED


def test_what_is_restored_already_is_only_verified() -> None:
    stage = died().comes_to_the_pause().stage.restored_and_healthy()
    rest = Rest(stage, LATE).looks()
    assert over(rest) is Outcome.HELD
    assert rest.sent == ["unmark"]


def test_without_a_verdict_somebody_else_restored_it() -> None:
    rest = Rest(died().comes_to_the_pause().stage.restored_and_healthy()).looks()
    assert over(rest) is Outcome.SUPERSEDED
    assert rest.code == "undone"


def test_promoted_and_condemned_it_is_moved_back_by_a_new_rollout() -> None:
    rest = Rest(died().bakes().stage, replace(LATE, promoted=True)).reverts()
    assert over(rest) is Outcome.REVERTED


def test_a_revert_under_way_goes_on_where_it_is() -> None:
    stage = died().bakes().stage.spec(template=TEMPLATE)
    rest = Rest(stage, replace(LATE, promoted=True))
    rest.sees(lambda s: s.at_step(0).observed().status(currentPodHash=BASE)).accepts("promote-full")
    assert over(rest.sees(ClusterStage.restored_and_healthy).looks()) is Outcome.REVERTED


def test_a_revert_that_is_done_is_only_verified_and_still_a_revert() -> None:
    rest = Rest(died().bakes().stage.restored_and_healthy(), replace(LATE, promoted=True)).looks()
    assert over(rest) is Outcome.REVERTED


def test_past_its_point_of_no_return_it_goes_back_for_nobody() -> None:
    intent = replace(AUTO, point_of_no_return=PointOfNoReturn.CANARY_READY)
    stage = died(intent).starts_a_canary().stage
    stage = stage.meta(annotations={**stage.rollout["metadata"]["annotations"], PASSED: "canaryReady"})
    rest = Rest(stage).waits(31.0)
    assert rest.ending.outcome is Outcome.UNVERIFIED
    assert rest.writes == []


# -- what cannot be told -----------------------------------------------------------------------------------------------


def test_somebody_elses_template_is_left_alone() -> None:
    rest = Rest(died().comes_to_the_pause().stage.spec(template={"spec": {"containers": []}}))
    assert over(rest) is Outcome.SUPERSEDED
    assert rest.sent == ["unmark"]


def test_marks_that_nobody_can_read_mean_going_back_to_what_is_stable() -> None:
    stage = died().comes_to_the_pause().stage
    broken = stage.meta(annotations={**stage.rollout["metadata"]["annotations"], MARKS: "{"})
    assert isinstance(marks_of(broken.rollout["metadata"]["annotations"]), UnreadableMarks)
    rest = Rest(broken, StoredVerdict(Reaction.FAIL, Cause(Attribution.UNKNOWN, "unknown-intent", "?"), promoted=False))
    rest.aborts()
    restored = rest.under_way("restore").operations[-1]["value"]
    assert restored["spec"]["containers"] == TEMPLATE["spec"]["containers"]
    assert "rollouts-pod-template-hash" not in restored["metadata"]["labels"]


def test_without_the_bases_replicaset_no_template_is_made_up() -> None:
    stage = died().comes_to_the_pause().stage
    gone = replace(stage, replicasets={name: found for name, found in stage.replicasets.items() if name != BASE})
    rest = Rest(gone, LATE).accepts("abort").sees(ClusterStage.abort_asked).waits(200.0)
    assert "restore" not in rest.sent
    assert rest.ending.outcome is Outcome.UNVERIFIED


# -- the verdict on the Lease ------------------------------------------------------------------------------------------


def lease(text: str, words: str = "") -> LeaseView:
    annotations = {"cutover.dev/verdict": text, **({"cutover.dev/because": words} if words else {})}
    return lease_view({"metadata": {"name": "l", "annotations": annotations}, "spec": {"holderIdentity": "x"}})


def test_a_verdict_is_read_back_with_its_words() -> None:
    text = verdict_text(LATE.reaction, LATE.cause, promoted=True)
    assert stored_verdict(lease(text, "it was late")) == replace(LATE, promoted=True)
    assert stored_verdict(NotFound("lease")) is None


@pytest.mark.parametrize("text", ["", "{", "[]", '{"code": "nobody-knows"}', '{"course": "x", "code": "deadline"}'])
def test_a_verdict_that_cannot_be_read_means_going_back(text: str) -> None:
    noted = stored_verdict(lease(text))
    assert isinstance(noted, StoredVerdict)
    assert (noted.reaction, noted.cause.code) == (Reaction.FAIL, "unknown-intent")


# -- somebody else's canary --------------------------------------------------------------------------------------------


def test_somebody_elses_canary_is_aborted_and_its_template_left() -> None:
    stage = died().comes_to_the_pause().stage
    play = Play()
    play.stage = stage
    order = spec_of_foreign_canary(stage.snapshot())
    play.state = state_of_foreign_canary(order, stage.snapshot(), requested_abort("bob@laptop", "no"), play.now)
    play.begins().aborts().looks()
    assert play.ending.outcome is Outcome.CONTAINED
    assert play.sent == ["abort"]
    assert play.ending.proven[0] == "the template is what it was"
    assert rollout_view(play.stage.rollout).template == order.after
