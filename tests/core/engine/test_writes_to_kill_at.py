"""How many writes each kind of run has in which the kill matrix kills it: those of the engine, and of its lock.

`apply` makes the Lease first and deletes it last; `resume` takes it over, claims the run, and deletes it.
"""

from collections.abc import Callable
from dataclasses import replace

import pytest

from cutover.core.base.causes import Reaction, rule
from cutover.core.base.outcomes import Cause, Outcome
from cutover.core.engine.observation import OperatorRequest
from cutover.core.writes.stored_verdict import StoredVerdict
from tests.core.engine.play import Play
from tests.core.engine.stage import ClusterStage, plan
from tests.core.engine.test_resume import Rest
from tests.e2e.kills.rows import FEWEST

OF_APPLY, OF_RESUME = 2, 3


def run(*, deadman: bool) -> Play:
    return Play(intent=replace(plan(), deadman=300 if deadman else None), owner="alice@host/s1")


def promoted(play: Play) -> Play:
    """It goes on from its pause to its promotion; where a dead-man is armed, it is put back."""
    play.waits(11.0).accepts("promote-pause").sees(lambda stage: stage.at_step(2)).sees(ClusterStage.just_promoted)
    if play.state.run_spec.armed:
        play.accepts("disarm").sees()
    return play.sees(ClusterStage.promoted)


def good(play: Play) -> Play:
    return promoted(play.comes_to_the_pause()).waits(25.0).looks()


def bad(play: Play) -> Play:
    return play.starts_a_canary().waits(31.0).goes_back()


def bake(play: Play) -> Play:
    return promoted(play.comes_to_the_pause()).sees(lambda stage: stage.canary(4, ready=3)).waits(6.0).reverts()


def interrupted(play: Play) -> Play:
    return play.comes_to_the_pause().is_asked_to(OperatorRequest.ABORT).goes_back()


def rest(play: Play, code: str = "", *, after_promotion: bool = False) -> Rest:
    """What another process finds of it, by the verdict that was noted."""
    cause = Cause(rule(code).attribution, code, "it was so") if code else None
    return Rest(play.stage, StoredVerdict(Reaction.FAIL, cause, promoted=after_promotion) if cause else None)


ENDINGS: dict[str, tuple[Callable[[Play], Play], Outcome]] = {
    "good": (good, Outcome.PROMOTED),
    "bad": (bad, Outcome.HELD),
    "bake": (bake, Outcome.REVERTED),
    "interrupted": (interrupted, Outcome.INTERRUPTED),
    "resume good after cutover": (
        lambda play: promoted(rest(play.comes_to_the_pause())).waits(25.0).looks(),
        Outcome.PROMOTED,
    ),
    "resume bad after verdict": (lambda play: rest(play.starts_a_canary(), "deadline").goes_back(), Outcome.HELD),
    "resume bad after cutover": (lambda play: rest(play.starts_a_canary()).waits(31.0).goes_back(), Outcome.HELD),
    "resume bake after verdict": (
        lambda play: rest(promoted(play.comes_to_the_pause()), "relapse", after_promotion=True).reverts(),
        Outcome.REVERTED,
    ),
}


@pytest.mark.parametrize("deadman", [False, True], ids=["without", "with a dead-man"])
@pytest.mark.parametrize("kind", FEWEST)
def test_a_run_has_as_many_writes_as_the_kill_matrix_draws_from(kind: str, deadman: bool) -> None:  # noqa: FBT001 -- a parameter
    ends, outcome = ENDINGS[kind]
    play = ends(run(deadman=deadman)).accepts("unmark")
    assert (play.ending.outcome, play.ending.unproven) == (outcome, ())
    lock = OF_RESUME if kind.startswith("resume") else OF_APPLY
    assert len(play.sent) + lock == FEWEST[kind][deadman], play.sent
