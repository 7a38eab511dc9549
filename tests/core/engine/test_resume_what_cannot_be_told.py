"""What a dead run left and nobody can tell in full: it goes back to what is known, and never writes what is not."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from cutover.core.base.causes import Reaction
from cutover.core.base.outcomes import Attribution, Cause, Outcome, SpecState
from cutover.core.engine.observation import OperatorRequest
from cutover.core.objects.lease import lease_view
from cutover.core.plan.model import OnFailure, Promotion
from cutover.core.writes.run_annotations import MARKS, PASSED, ArmedMark
from cutover.core.writes.stored_verdict import StoredVerdict, stored_verdict, unknown_intent, verdict_text
from tests.core.checks.documents import TEMPLATE
from tests.core.engine.play import Play
from tests.core.engine.stage import AFTER, BASE, OTHERS, ClusterStage, plan
from tests.core.engine.test_resume import AUTO, LATE, STOPPED, Rest, died, over

UNKNOWN = StoredVerdict(Reaction.FAIL, unknown_intent("its marks cannot be read"), promoted=False)


def unreadable(stage: ClusterStage) -> ClusterStage:
    return stage.meta(annotations={**stage.rollout["metadata"]["annotations"], MARKS: "{"})


def without_base(stage: ClusterStage) -> ClusterStage:
    return replace(stage, replicasets={name: found for name, found in stage.replicasets.items() if name != BASE})


def templates_written(play: Play) -> list[object]:
    operations = [op for write in play.writes for op in write.operations]
    return [op["value"] for op in operations if op["path"] == "/spec/template" and op["op"] != "test"]


# -- marks that nobody can read ----------------------------------------------------------------------------------------


def settled() -> Play:
    """The plan's revision was promoted, and nobody can read the marks; up to the end."""
    rest = Rest(unreadable(died().bakes().stage), UNKNOWN).looks()
    return rest.accepts("unmark")


def test_where_the_rollout_stands_still_nothing_is_written_and_the_marks_go() -> None:
    rest = settled()
    assert (rest.sent, rest.code, templates_written(rest)) == (["unmark"], "unknown-intent", [])
    assert MARKS not in rest.stage.rollout["metadata"]["annotations"]


def test_a_template_that_nobody_can_name_is_not_called_the_old_one() -> None:
    rest = settled()
    assert rest.stage.rollout["spec"]["template"] == AFTER, "the plan's value serves"
    assert rest.ending.spec is not SpecState.RESTORED
    assert "the spec holds the old template again" not in rest.ending.proven


def test_where_a_canary_is_under_way_it_goes_back_to_the_whole_template_of_what_is_stable() -> None:
    rest = Rest(unreadable(died().comes_to_the_pause().stage), UNKNOWN).aborts()
    (template,) = templates_written(rest)
    assert isinstance(template, dict)
    assert template["spec"] == {**TEMPLATE["spec"], "dnsPolicy": "ClusterFirst"}
    assert template["metadata"]["labels"] == TEMPLATE["metadata"]["labels"]


def test_without_the_bases_replicaset_no_template_is_made_up_for_unreadable_marks_either() -> None:
    """The API server would take it: the CRD demands no `spec` in the template (argo-rollouts v1.10.1)."""
    rest = Rest(without_base(unreadable(died().comes_to_the_pause().stage)), UNKNOWN)
    rest.accepts("abort").sees(ClusterStage.abort_asked).waits(200.0)
    assert templates_written(rest) == []
    assert rest.ending.outcome is Outcome.UNVERIFIED


# -- the base is gone --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "stage",
    [ClusterStage.adopted, ClusterStage.canary, ClusterStage.just_promoted],
    ids=["adopted", "canary", "stable"],
)
def test_without_the_bases_replicaset_no_template_is_ever_made_up(
    stage: Callable[[ClusterStage], ClusterStage],
) -> None:
    begun = without_base(stage(died().is_adopted().stage))
    promoted = begun.rollout["status"]["stableRS"] != BASE
    rest = Rest(begun, replace(LATE, promoted=promoted))
    if not promoted:
        rest.accepts("abort").sees(ClusterStage.abort_asked)
    rest.waits(400.0)
    assert templates_written(rest) == []
    assert rest.ending.outcome is Outcome.UNVERIFIED


def test_a_good_run_needs_no_base_to_be_finished() -> None:
    rest = Rest(without_base(died().bakes().stage)).waits(25.0).looks()
    assert over(rest) is Outcome.PROMOTED


# -- a verdict that was noted ------------------------------------------------------------------------------------------


def test_noted_before_the_adoption_it_only_puts_the_template_back() -> None:
    rest = Rest(died().writes_the_plan().stage, STOPPED)
    assert rest.sent[:1] == ["verdict"]
    assert "abort" not in rest.sent, "an abort before the adoption is dropped by the controller"
    rest.restores().looks()
    assert over(rest) is Outcome.INTERRUPTED
    assert templates_written(rest) == [TEMPLATE]


@pytest.mark.parametrize("noted", [LATE, STOPPED], ids=["late", "stopped"])
def test_the_whole_way_back_of_another_process(noted: StoredVerdict) -> None:
    rest = Rest(died().comes_to_the_pause().stage, noted).goes_back()
    outcome = Outcome.HELD if noted is LATE else Outcome.INTERRUPTED
    assert (over(rest), rest.ending.spec, rest.ending.cause) == (outcome, SpecState.RESTORED, noted.cause)
    assert rest.sent == ["verdict", "abort", "restore", "unmark"]
    assert templates_written(rest) == [TEMPLATE]


def test_somebody_elses_template_is_left_whatever_was_noted() -> None:
    rest = Rest(died().comes_to_the_pause().stage.spec(template=OTHERS), LATE)
    assert over(rest) is Outcome.SUPERSEDED
    assert (rest.sent, templates_written(rest)) == (["unmark"], [])


def test_a_policy_that_leaves_the_value_does_so_from_another_process_too() -> None:
    intent = plan(Promotion.AUTO, OnFailure.ABORT)
    rest = Rest(died(intent).comes_to_the_pause().stage, LATE).aborts().looks()
    assert over(rest) is Outcome.CONTAINED
    assert rest.sent == ["verdict", "abort", "unmark"]


def test_a_dead_man_of_another_process_goes_with_the_old_template() -> None:
    intent = replace(AUTO, deadman=300)
    rest = Rest(died(intent).comes_to_the_pause().stage, LATE)
    assert rest.state.run_spec.armed == ArmedMark(300)
    rest.goes_back()
    assert over(rest) is Outcome.HELD
    assert "progressDeadlineSeconds" not in rest.stage.rollout["spec"]
    assert "progressDeadlineAbort" not in rest.stage.rollout["spec"]


def test_past_its_point_of_no_return_a_stop_calls_a_person() -> None:
    stage = died().comes_to_the_pause().stage
    passed = stage.meta(annotations={**stage.rollout["metadata"]["annotations"], PASSED: "canaryReady"})
    rest = Rest(passed).is_asked_to(OperatorRequest.ABORT)
    assert (rest.ending.outcome, rest.code, rest.writes) == (Outcome.UNVERIFIED, "interrupted", [])
    assert Rest(stage).is_asked_to(OperatorRequest.ABORT).sent == ["verdict", "abort"], "without the mark it goes back"


# -- what is noted -----------------------------------------------------------------------------------------------------

COURSES = [Reaction.FAIL, Reaction.INTERRUPT]


@pytest.mark.parametrize("course", COURSES)
@pytest.mark.parametrize("promoted", [True, False])
def test_a_verdict_without_its_words_is_told_by_what_its_code_means(course: Reaction, promoted: bool) -> None:  # noqa: FBT001 -- a case
    cause = Cause(Attribution.CONFIG, "deadline", "the words that were not sent")
    text = verdict_text(course, cause, promoted=promoted)
    assert "words" not in text
    lease = lease_view({"metadata": {"name": "l", "annotations": {"cutover.dev/verdict": text}}, "spec": {}})
    meaning = "a pod of the canary was not Ready in time"
    assert stored_verdict(lease) == StoredVerdict(course, replace(cause, message=meaning), promoted=promoted)


def test_an_intent_that_cannot_be_told_is_put_down_to_nobody() -> None:
    said = "what the run meant cannot be told: its marks cannot be read"
    assert unknown_intent("its marks cannot be read") == Cause(Attribution.UNKNOWN, "unknown-intent", said)
