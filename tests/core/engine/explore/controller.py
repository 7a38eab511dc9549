"""What the controller and the kubelet do next where nothing goes wrong (argo-rollouts.md 2.4, 3, 4).

Each move is one thing that a watcher may see by itself. Counts go in few big strides: what matters is who is Ready.
`test_model_vs_recordings` compares these moves with what the real controller did.
"""

from dataclasses import replace
from functools import cache
from typing import Final

from tests.core.checks.documents import ROLLOUT_UID
from tests.core.engine.explore.place import Place
from tests.core.engine.explore.scaling import DONE, Moves, pods, scaling, sides, synced, wanted
from tests.core.engine.stage import BASE, NEW, OTHER
from tests.core.engine.worlds import STEPS, SeenWorld, side

HASH: Final = {"before": BASE, "after": NEW, "mutated": NEW, "others": OTHER}


@cache
def natural(place: Place) -> Moves:
    """The next moves of a controller and a kubelet that work; none where all is still."""
    seen = place.seen
    if seen.gone or seen.uid != ROLLOUT_UID:
        return ()
    target = HASH[seen.template]
    if seen.current == target and seen.observed >= seen.generation:
        return (*_status(place), *scaling(place), *_stepping(place), *pods(place)) or _sync(place)
    return (*_taking_up(place, target), *pods(place))


# -- taking up a template ----------------------------------------------------------------------------------------------


def _taking_up(place: Place, target: str) -> Moves:
    """First the ReplicaSet, with the status as it was; then the adoption, in one write of the status."""
    seen = place.seen
    if seen.condition in {"InvalidSpec", "ReplicaSetCreateError"} and seen.observed >= seen.generation:
        return ()
    if target == NEW and not seen.new:
        return (("creates", place.but(new=(side(0),))),)
    if seen.current == target and not seen.strategy:
        return (("observes", synced(place.but(observed=seen.generation, condition=_kept(seen)))),)
    return (("adopts", adopted(place, target)),)


def _kept(seen: SeenWorld) -> str:
    return "" if seen.condition in {"InvalidSpec", "ReplicaSetCreateError"} else seen.condition


def adopted(place: Place, target: str) -> Place:
    """Steps, pauses, abort and promoteFull begin anew; back to stable skips every step."""
    seen = place.seen
    step = DONE if target == seen.stable else 0
    place = place.but(observed=seen.generation, current=target, step=step, pauses=(), condition="")
    place = place.but(abort=False, acknowledged=False, promote_full=False)
    return synced(replace(place, pausing=False, take=place.take + (step == 0)))


# -- the status --------------------------------------------------------------------------------------------------------


def _status(place: Place) -> Moves:
    """An abort is acknowledged, or dropped where the revision is stable or being promoted to the full."""
    seen = place.seen
    if seen.abort and (seen.current == seen.stable or seen.promote_full):
        return (("drops the abort", place.but(abort=False)),)
    if seen.abort and not seen.acknowledged:
        return (("acknowledges the abort", aborted(place, "RolloutAborted")),)
    if seen.acknowledged and not seen.abort:
        return _retrying(place)
    return ()


def _retrying(place: Place) -> Moves:
    """First the phase, then `abortedAt`."""
    if place.seen.condition:
        return (("takes note of the retry", synced(place.but(condition=""))),)
    return (("retries", synced(replace(place.but(acknowledged=False), take=place.take + 1))),)


def aborted(place: Place, condition: str) -> Place:
    """The canary is aborted: back to step 0, no pause."""
    place = place.but(abort=True, acknowledged=True, step=0, pauses=(), condition=condition, promote_full=False)
    return synced(replace(place, pausing=False))


def _sync(place: Place) -> Moves:
    """The phase catches up with the pods."""
    return (("says how it is", synced(place)),) if synced(place) != place else ()


# -- stepping ----------------------------------------------------------------------------------------------------------


def _stepping(place: Place) -> Moves:
    seen = place.seen
    if seen.current in {seen.stable, OTHER} or seen.abort or seen.acknowledged or seen.paused:
        return ()
    if seen.promote_full and (seen.pauses or place.pausing or seen.step != DONE):
        return (("skips the steps", synced(replace(place.but(pauses=(), step=DONE), pausing=False))),)
    if seen.promote_full or seen.step >= DONE:
        return _promoting(place)
    return _pausing(place) if "pause" in STEPS[seen.step] else _weighing(place)


def _promoting(place: Place) -> Moves:
    seen = place.seen
    if sides(seen)[0].available < seen.replicas:
        return ()
    promoted = place.but(stable=seen.current, step=DONE, promote_full=False, pauses=())
    return (("promotes", synced(replace(promoted, pausing=False))),)


def _pausing(place: Place) -> Moves:
    seen = place.seen
    if not seen.pauses and not place.pausing:
        return (("pauses", synced(replace(place.but(pauses=("CanaryPauseStep",)), pausing=True))),)
    if not seen.pauses and synced(place) != place:
        return (("leaves the pause", synced(place)),)
    timed = bool(STEPS[seen.step]["pause"]) and seen.pauses == ("CanaryPauseStep",)
    return (("goes on", _next(place)),) if timed or not seen.pauses else ()


def _weighing(place: Place) -> Moves:
    seen = place.seen
    (current, other), (full, rest) = sides(seen), wanted(seen)
    if seen.pauses:
        return ()
    done = current.desired == current.available == full and other.desired == len(other.pods) == rest
    return (("completes a step", _next(place)),) if done else ()


def _next(place: Place) -> Place:
    return synced(replace(place.but(step=place.seen.step + 1, pauses=()), pausing=False))
