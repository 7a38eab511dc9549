"""What a person asks of a canary: what can be done to what stands there, and when it is done."""

from typing import Any

import pytest

from cutover.core.base.errors import CutoverError, RefusedError, StaleError
from cutover.core.base.outcomes import SpecState
from cutover.core.engine.promote_retry import ActionVerb, operator_action
from cutover.core.objects.rollout import RolloutView, rollout_view
from cutover.core.writes.write import WriteName
from tests.core.engine.stage import NEW, TARGET, ClusterStage, opening

PAUSED = opening().adopted().canary_ready().paused_at(1)


def view(stage: ClusterStage) -> RolloutView:
    return rollout_view(stage.rollout)


REFUSED: dict[str, tuple[ActionVerb, ClusterStage, str]] = {
    "no canary": (ActionVerb.PROMOTE, opening(), "no canary is under way: there is nothing to promote"),
    "no canary, full": (ActionVerb.PROMOTE_FULL, opening(), "no canary is under way: there is nothing to promote"),
    "no pause": (ActionVerb.PROMOTE, opening().adopted(), "the Rollout stands at no pause"),
    "aborted": (ActionVerb.PROMOTE, opening().adopted().aborted(), "the canary is aborted"),
    "aborted, full": (ActionVerb.PROMOTE_FULL, opening().adopted().aborted(), "the canary is aborted"),
    "paused by hand": (
        ActionVerb.PROMOTE,
        PAUSED.spec(paused=True),
        "spec.paused is true: the controller does nothing",
    ),
    "an analysis": (
        ActionVerb.PROMOTE,
        PAUSED.paused_at(1, "InconclusiveAnalysisRun"),
        "the Rollout is paused for InconclusiveAnalysisRun, not by a step",
    ),
    "not aborted": (ActionVerb.RETRY, PAUSED, "the canary is not aborted: there is nothing to retry"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_there_is_nothing_to_do_to_is_refused(case: str) -> None:
    verb, stage, said = REFUSED[case]
    with pytest.raises(RefusedError) as caught:
        operator_action(verb, TARGET, view(stage), "")
    assert caught.value.problems[0].message == f"{said}; nothing was written"
    assert caught.value.problems[0].path == "payments/rollout/payments"


@pytest.mark.parametrize("verb", list(ActionVerb))
def test_another_revision_than_the_one_that_was_shown_is_stale(verb: ActionVerb) -> None:
    with pytest.raises(StaleError) as caught:
        operator_action(verb, TARGET, view(PAUSED), "another")
    assert caught.value.problems[0].message == f"revision another was meant, {NEW} is under way; nothing was written"


def test_passing_a_pause_is_done_when_the_controller_has_gone_on() -> None:
    act = operator_action(ActionVerb.PROMOTE, TARGET, view(PAUSED), NEW)
    assert (act.write.name, act.spec) == (WriteName.PROMOTE_PAUSE, SpecState.UNCHANGED)
    assert not act.took_effect(view(PAUSED))
    assert not act.took_effect(view(PAUSED.status(pauseConditions=[]))), "our own write, and nobody has reacted"
    assert act.took_effect(view(PAUSED.at_step(2)))
    assert act.took_effect(view(PAUSED.promoted()))


def test_a_full_promotion_is_done_when_the_revision_is_stable() -> None:
    act = operator_action(ActionVerb.PROMOTE_FULL, TARGET, view(PAUSED), "")
    assert (act.write.name, act.spec) == (WriteName.PROMOTE_FULL, SpecState.PROMOTED)
    assert not act.took_effect(view(PAUSED.status(promoteFull=True)))
    assert act.took_effect(view(PAUSED.just_promoted()))


def test_a_retry_is_done_when_the_controller_has_taken_its_abort_back() -> None:
    aborted = opening().adopted().aborted()
    act = operator_action(ActionVerb.RETRY, TARGET, view(aborted), "")
    assert not act.took_effect(view(aborted.status(abort=False)))
    assert act.took_effect(view(aborted.status(abort=False, abortedAt="")))


def test_an_error_names_what_to_do() -> None:
    caught: list[Any] = []
    for verb, stage, _ in REFUSED.values():
        try:
            operator_action(verb, TARGET, view(stage), "")
        except CutoverError as error:
            caught.append(error.exit_code)
    assert set(caught) == {3}
