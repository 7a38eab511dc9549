"""What a person is told whose act is refused, word for word, and what is said once one is done."""

import pytest

from cutover.core.base.errors import CutoverError
from cutover.core.base.outcomes import EXIT_CODES, Outcome, SpecState
from cutover.core.engine.promote_retry import ActionVerb, operator_action
from cutover.core.objects.rollout import rollout_view
from tests.core.engine.stage import NEW, TARGET, ClusterStage, opening

PAUSED = opening().adopted().canary_ready().paused_at(1)
ABORTED = opening().adopted().aborted()
HERE = "payments/rollout/payments"

REFUSED: list[tuple[str, ActionVerb, ClusterStage, str, str]] = [
    (
        "nothing under way",
        ActionVerb.PROMOTE,
        opening(),
        "",
        f"{HERE}: no canary is under way: there is nothing to promote; nothing was written",
    ),
    (
        "aborted",
        ActionVerb.PROMOTE_FULL,
        ABORTED,
        "",
        f"{HERE}: the canary is aborted; nothing was written\n  → `cutover retry payments` begins it anew",
    ),
    (
        "paused by hand",
        ActionVerb.PROMOTE_FULL,
        PAUSED.spec(paused=True),
        "",
        (
            f"{HERE}: spec.paused is true: the controller does nothing; nothing was written\n"
            "  → `kubectl argo rollouts promote payments -n payments` lifts it"
        ),
    ),
    (
        "no pause",
        ActionVerb.PROMOTE,
        PAUSED.at_step(2),
        "",
        f"{HERE}: the Rollout stands at no pause; nothing was written\n  → `cutover status` tells where it stands",
    ),
    (
        "an analysis",
        ActionVerb.PROMOTE,
        PAUSED.paused_at(1, "InconclusiveAnalysisRun"),
        "",
        (
            f"{HERE}: the Rollout is paused for InconclusiveAnalysisRun, not by a step; nothing was written\n"
            "  → look at the analysis; `--full` goes past it"
        ),
    ),
    (
        "not aborted",
        ActionVerb.RETRY,
        PAUSED,
        "",
        f"{HERE}: the canary is not aborted: there is nothing to retry; nothing was written",
    ),
    (
        "another revision",
        ActionVerb.RETRY,
        ABORTED,
        "5c4b3a291",
        (
            f"{HERE}: revision 5c4b3a291 was meant, {NEW} is under way; nothing was written\n"
            "  → look at `cutover status` again"
        ),
    ),
]


@pytest.mark.parametrize(("verb", "stage", "shown", "said"), [row[1:] for row in REFUSED], ids=[r[0] for r in REFUSED])
def test_a_refusal_says_what_where_and_what_to_do(verb: ActionVerb, stage: ClusterStage, shown: str, said: str) -> None:
    with pytest.raises(CutoverError) as caught:
        operator_action(verb, TARGET, rollout_view(stage.rollout), shown)
    assert str(caught.value) == said
    assert caught.value.exit_code == EXIT_CODES[Outcome.STALE if shown else Outcome.REFUSED]


DONE: list[tuple[ActionVerb, ClusterStage, str, str, SpecState]] = [
    (
        ActionVerb.PROMOTE,
        PAUSED,
        "the pause at step 1 is passed, and the controller has gone on",
        "CutoverPromoted",
        SpecState.UNCHANGED,
    ),
    (ActionVerb.PROMOTE_FULL, PAUSED, f"revision {NEW} is the stable one", "CutoverPromoted", SpecState.PROMOTED),
    (
        ActionVerb.RETRY,
        ABORTED,
        f"the controller has begun revision {NEW} anew",
        "CutoverRetried",
        SpecState.UNCHANGED,
    ),
]


@pytest.mark.parametrize("row", DONE, ids=[row[0].value for row in DONE])
@pytest.mark.parametrize("shown", ["", NEW])
def test_an_act_says_what_is_seen_once_it_is_done(
    row: tuple[ActionVerb, ClusterStage, str, str, SpecState], shown: str
) -> None:
    verb, stage, *expected = row
    act = operator_action(verb, TARGET, rollout_view(stage.rollout), shown)
    assert [act.proven, act.event, act.spec] == expected


def test_the_full_promotion_goes_past_an_analysis() -> None:
    stage = PAUSED.paused_at(1, "InconclusiveAnalysisRun")
    assert (
        operator_action(ActionVerb.PROMOTE_FULL, TARGET, rollout_view(stage.rollout), "").write.name.value
        == "promote-full"
    )


def test_a_pause_that_only_began_anew_is_not_passed() -> None:
    """The same step, paused since another moment: the controller has not gone on, it began anew."""
    act = operator_action(ActionVerb.PROMOTE, TARGET, rollout_view(PAUSED.rollout), "")
    assert not act.took_effect(rollout_view(PAUSED.rollout))
    assert not act.took_effect(rollout_view(PAUSED.at_step(1).rollout))
    assert not act.took_effect(rollout_view(PAUSED.status(currentStepIndex=2).rollout)), "the pause still stands"
