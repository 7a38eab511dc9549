"""The stories that the real controller is recorded in: what is done to the usual application, one after another."""

from collections.abc import Callable
from typing import Any, Final

from tests.cluster import facts
from tests.cluster import facts_seen as seen
from tests.cluster.facts import BAD, GOOD, put
from tests.e2e.arena import Arena

THIRD: Final = {"FEATURE_Z": "on"}
INVALID: Final = put("/spec/template/spec/containers/0/ports/0/containerPort", 70000)
"""The CRD lets it through; the controller validates it as the API server would validate a pod."""


def at_pause(index: int) -> Callable[[Any], bool]:
    """The canary waits at that pause."""
    return lambda status: status.get("currentStepIndex") == index and bool(status.get("pauseConditions"))


def _settled(status: Any) -> bool:
    return bool(status["phase"] == "Healthy" and status["stableRS"] == status["currentPodHash"])


def _wait(arena: Arena, true: Callable[[Any], bool], what: str) -> None:
    seen.wait_status(arena, true, what, within=90)


def _promoted(arena: Arena) -> Any:
    """A good plan, all the way; gives the template that was there before."""
    old, stable = arena.template(), arena.rollout()["status"]["stableRS"]
    facts.adopt(arena, GOOD)
    for index in (1, 3):
        _wait(arena, at_pause(index), f"the pause at step {index}")
        facts.set_status(arena, pauseConditions=None)
    _wait(arena, lambda status: _settled(status) and status["stableRS"] != stable, "it is promoted")
    return old


def _aborted(arena: Arena) -> Any:
    old = arena.template()
    facts.run_canary(arena, BAD)
    facts.set_status(arena, abort=True)
    _wait(arena, seen.aborted, "the abort is acknowledged")
    return old


def _restored(arena: Arena, old: Any) -> None:
    facts.restore(arena, old)
    _wait(arena, _settled, "the old revision is back")


# -- the stories -------------------------------------------------------------------------------------------------------


def good(arena: Arena) -> None:
    _promoted(arena)


def abort(arena: Arena) -> None:
    _restored(arena, _aborted(arena))


def abort_before_adoption(arena: Arena) -> None:
    old = facts.change(arena, BAD)
    facts.set_status(arena, abort=True)
    _wait(arena, lambda status: seen.adopted(status) or seen.aborted(status), "the controller has reacted")
    arena.wait(lambda: seen.observed(arena.rollout()), "and is done")
    _restored(arena, old)


def restore_without_abort(arena: Arena) -> None:
    old = arena.template()
    facts.run_canary(arena, BAD)
    _restored(arena, old)


def restore_at_the_pause(arena: Arena) -> None:
    old = arena.template()
    facts.adopt(arena, GOOD)
    _wait(arena, at_pause(1), "the pause")
    _restored(arena, old)


def promote_full(arena: Arena) -> None:
    stable = arena.rollout()["status"]["stableRS"]
    facts.adopt(arena, GOOD)
    _wait(arena, at_pause(1), "the pause")
    facts.set_status(arena, promoteFull=True)
    _wait(arena, lambda status: _settled(status) and status["stableRS"] != stable, "it is promoted")


def abort_during_promote_full(arena: Arena) -> None:
    old = arena.template()
    facts.run_canary(arena, BAD)
    facts.set_status(arena, promoteFull=True)
    facts.set_status(arena, abort=True)
    _wait(arena, lambda status: "abort" not in status, "the abort is dropped")
    facts.set_status(arena, abort=True, promoteFull=False)
    _wait(arena, seen.aborted, "the abort is acknowledged")
    _restored(arena, old)


def third_revision(arena: Arena) -> None:
    old, first = arena.template(), facts.adopt(arena, GOOD)
    _wait(arena, at_pause(1), "the pause")
    facts.change(arena, THIRD)
    _wait(arena, lambda status: status["currentPodHash"] != first, "the third one is adopted")
    _restored(arena, old)


def retry(arena: Arena) -> None:
    old = _aborted(arena)
    facts.set_status(arena, abort=False)
    _wait(arena, lambda status: "abortedAt" not in status, "it begins again")
    _restored(arena, old)


def invalid_spec(arena: Arena) -> None:
    old = facts.change(arena, GOOD, INVALID)
    _wait(arena, lambda status: bool(seen.condition(status, "InvalidSpec")), "the spec is called invalid")
    _restored(arena, old)


def paused_by_a_person(arena: Arena) -> None:
    old = arena.template()
    facts.run_canary(arena, BAD)
    facts.patch(arena, put("/spec/paused", value=True))
    _wait(arena, lambda status: status["phase"] == "Paused", "it is paused")
    facts.set_status(arena, abort=True)
    _wait(arena, seen.aborted, "the abort is acknowledged")
    facts.patch(arena, put("/spec/paused", value=False))
    _restored(arena, old)


def back_after_promotion(arena: Arena) -> None:
    old = _promoted(arena)
    new = arena.rollout()["status"]["stableRS"]
    facts.restore(arena, old)
    _wait(arena, seen.adopted, "the old revision is a canary")
    facts.set_status(arena, promoteFull=True)
    _wait(arena, lambda status: _settled(status) and status["stableRS"] != new, "it is promoted")


STORIES: Final[tuple[Callable[[Arena], None], ...]] = (
    good,
    abort,
    abort_before_adoption,
    restore_without_abort,
    restore_at_the_pause,
    promote_full,
    abort_during_promote_full,
    third_revision,
    retry,
    invalid_spec,
    paused_by_a_person,
    back_after_promotion,
)
