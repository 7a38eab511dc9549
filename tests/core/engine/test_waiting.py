"""What a run waits for: named within a second, named again every half minute, with who can end it and when it ends."""

from functools import partial

import pytest

from cutover.core.engine.observation import Observation, OperatorRequest
from cutover.core.engine.state import NEVER
from cutover.core.engine.waiting import NOTHING_TOLD, notice_wait, wait_of, wait_text
from cutover.core.plan.model import OnFailure, Promotion
from tests.core.engine.play import Play
from tests.core.engine.stage import ClusterStage, opening
from tests.quotations import unmasked


def waits_for(play: Play) -> str:
    """The sentence for what the run waits for now; empty where it waits for nothing."""
    wait = wait_of(play.state, play.view())
    return "" if wait is None else unmasked(wait_text(wait, play.now))


def following() -> Play:
    return Play(Promotion.STEPS, follow=True)


def analysing() -> Play:
    steps = [{"setWeight": 25}, {"analysis": {"templates": [{"templateName": "success-rate"}]}}]
    play = Play(Promotion.STEPS, stage=opening().spec(strategy__canary__steps=steps).observed())
    return play.has_a_ready_canary().sees(lambda stage: stage.analysis("Running").at_step(1))


def in_the_timed_pause() -> Play:
    steps = [{"setWeight": 25}, {"pause": {"duration": "10m"}}, {"pause": {}}]
    play = Play(Promotion.STEPS, stage=opening().spec(strategy__canary__steps=steps).observed())
    return play.has_a_ready_canary().sees(lambda stage: stage.paused_at(1))


GO_ON = "`kubectl argo rollouts promote payments -n payments` goes on, `… abort …` goes back"
WAITS = {
    "the write is under way": (lambda: Play().begins(), ""),
    "the answer to the write was lost": (
        lambda: Play().begins().loses("cutover"),
        "waiting for a write whose answer was lost to be seen, or to be too old to take effect",
    ),
    "the controller is slow": (
        lambda: Play().writes_the_plan(),
        "waiting for the controller to take up the new template; at most 60 s more",
    ),
    "a canary pod is not Ready": (
        lambda: Play().starts_a_canary(),
        "waiting for the canary's pods: 0 of 1 are Ready, 0 available; at most 30 s more",
    ),
    "the run has a time limit of its own": (
        lambda: Play(timeout=20.0).starts_a_canary(),
        "waiting for the canary's pods: 0 of 1 are Ready, 0 available; at most 20 s more",
    ),
    "the Rollout is paused by a person": (
        lambda: Play().has_a_ready_canary().sees(lambda stage: stage.spec(paused=True).observed()),
        "waiting for a person: the Rollout is paused (spec.paused); whoever paused it can resume",
    ),
    "an analysis runs": (analysing, "waiting for the analysis of step 1 to end: payments-78d9c6b5f-4"),
    "an analysis is inconclusive": (
        lambda: (
            following()
            .has_a_ready_canary()
            .sees(lambda stage: stage.analysis("Inconclusive").paused_at(1, "InconclusiveAnalysisRun"))
        ),
        f"waiting for a person: analysis payments-78d9c6b5f-4 is inconclusive; {GO_ON}",
    ),
    "a timed pause": (in_the_timed_pause, "waiting for step 1, a pause of 600 s, to pass; at most 600 s more"),
    "the gate's hold": (
        lambda: Play(Promotion.AUTO).comes_to_the_pause(),
        "waiting for the canary to stay Ready at step 1; at most 10 s more",
    ),
    "stable is not whole at the pause": (
        lambda: Play(Promotion.AUTO).comes_to_the_pause().sees(lambda stage: stage.stable(4, ready=3)),
        "waiting for stable: 3 of 4 pods are Ready, 3 available",
    ),
    "a person": (
        lambda: following().comes_to_the_pause().waits(20.0),
        f"waiting for a person to promote it: the Rollout stands at step 1, a pause; {GO_ON}",
    ),
    "a person at the terminal": (
        lambda: Play().starts_a_canary().is_asked_to(OperatorRequest.ASK),
        "waiting for an answer at the terminal",
    ),
    "every step is done": (
        lambda: Play().passes_the_pause().sees(lambda stage: stage.at_step(4)),
        "waiting for the controller to promote the canary: every step is done",
    ),
    "the old pods go": (
        lambda: Play().is_promoted(),
        "waiting for the promoted revision to be whole and alone; at most 90 s more",
    ),
    "the bake": (
        lambda: Play().bakes(),
        "waiting for the watch after the promotion to end; Ctrl-C ends it at once; at most 20 s more",
    ),
    "the cluster is not seen": (
        lambda: following().comes_to_the_pause().goes_blind().waits(60.0),
        "waiting for the cluster to be readable again; at most 240 s more",
    ),
    "the abort is not acknowledged": (
        lambda: Play().starts_a_canary().is_asked_to(OperatorRequest.ABORT).accepts("abort"),
        "waiting for the controller to acknowledge the abort; at most 30 s more",
    ),
    "the old template is not taken up": (
        lambda: Play().starts_a_canary().is_asked_to(OperatorRequest.ABORT).aborts().accepts("restore"),
        "waiting for the old template to stand in the spec and to be taken up; at most 30 s more",
    ),
    "the old pods are not all there": (
        lambda: (
            Play()
            .starts_a_canary()
            .is_asked_to(OperatorRequest.ABORT)
            .aborts()
            .accepts("restore")
            .sees(lambda stage: stage.restored_and_healthy().stable(4, ready=3))
        ),
        "waiting for proof that stable is whole and the canary gone; at most 60 s more",
    ),
}


@pytest.mark.parametrize(("story", "said"), WAITS.values(), ids=WAITS)
def test_a_run_says_what_it_waits_for_who_can_end_it_and_when_it_ends(story: object, said: str) -> None:
    assert callable(story)
    assert waits_for(story()) == said


def told(play: Play, until: float) -> list[tuple[float, str]]:
    """What is told of the wait, and after how many seconds, while nothing happens and the loop steps every second."""
    memory, said, began = NOTHING_TOLD, [], play.now
    while play.now <= began + until:
        memory, facts = notice_wait(memory, play.state, Observation(play.instant, play.view().world))
        said += [(play.now - began, fact.about) for fact in facts]
        play.now += 1.0
        play.sees(after=0.0)
    return said


def test_a_wait_is_told_within_a_second_and_again_every_half_minute() -> None:
    play = following().comes_to_the_pause().waits(20.0)
    assert told(play, 95.0) == [(1.0, "person 1"), (31.0, "person 1"), (61.0, "person 1"), (91.0, "person 1")]


def test_another_wait_is_told_at_once() -> None:
    play = following().comes_to_the_pause()
    assert told(play, 41.0) == [(1.0, "hold 1"), (11.0, "person 1"), (41.0, "person 1")]


def test_what_is_over_within_a_moment_is_not_told() -> None:
    play = Play().writes_the_plan()
    memory, facts = notice_wait(NOTHING_TOLD, play.state, Observation(play.instant, play.view().world))
    assert (memory.about, facts) == ("adoption", ())
    play.sees(ClusterStage.adopted, after=0.9)
    assert notice_wait(memory, play.state, Observation(play.instant, play.view().world))[1] == ()


def test_a_pause_that_began_in_the_servers_future_never_lasts_longer_than_it_is() -> None:
    """The clocks may differ by hours: what is left is bounded by the pause itself."""
    play = in_the_timed_pause()
    for began, left in (("2036-11-23T06:30:00Z", 600), ("2016-11-23T06:30:00Z", 0)):
        play.sees(partial(_paused_since, began))
        assert f"at most {left} s more" in waits_for(play)


def _paused_since(began: str, stage: ClusterStage) -> ClusterStage:
    return stage.paused_at(1, began=began)


def test_the_end_of_a_run_by_its_time_limit_says_what_it_waited_for() -> None:
    play = Play(Promotion.STEPS, OnFailure.RESTORE, timeout=600.0, follow=True).comes_to_the_pause().waits(600.0)
    assert play.state.verdict is not None
    assert unmasked(play.state.verdict.cause.message) == (
        "the run was not over within 600 s: it was waiting for a person to promote it:"
        f" the Rollout stands at step 1, a pause; {GO_ON}"
    )
    assert play.state.started + 600.0 < NEVER
