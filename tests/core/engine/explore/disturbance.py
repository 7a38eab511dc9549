"""What people do and what goes wrong: each is a disturbance, and the exploration counts them."""

import json
from dataclasses import replace
from functools import cache
from typing import Final

from cutover.core.writes.run_annotations import OWNER
from tests.core.checks.documents import ROLLOUT_UID
from tests.core.engine.explore.controller import HASH, aborted
from tests.core.engine.explore.place import Place
from tests.core.engine.explore.scaling import Moves, put, sides
from tests.core.engine.stage import BASE, NEW
from tests.core.engine.worlds import Side, side

SOMEBODY: Final = "another process"


@cache
def disturbances(place: Place) -> Moves:
    """What may happen to the place that no controller would do by itself."""
    seen = place.seen
    if seen.gone or seen.uid != ROLLOUT_UID:
        return ()
    return (*by_people(place), *by_controller(place), *_pods(place), *_takeovers(place))


def by_people(place: Place) -> Moves:
    """What people do."""
    return (*_commands(place), *_edits(place))


def _commands(place: Place) -> Moves:
    """What `kubectl argo rollouts` writes to the status (argo-rollouts.md 1.1)."""
    seen = place.seen
    moves: Moves = ()
    if not seen.abort:
        moves += (("a person aborts", place.but(abort=True)),)
    if seen.abort and seen.acknowledged:
        moves += (("a person retries", place.but(abort=False)),)
    if seen.pauses:
        moves += (("a person promotes", place.but(pauses=())),)
    if seen.current != seen.stable and not seen.promote_full:
        moves += (("a person promotes to the full", place.but(promote_full=True)),)
    return moves


def _edits(place: Place) -> Moves:
    """What people write to the spec, and the end of the object."""
    seen = place.seen
    moves: Moves = tuple(
        (f"a person writes {name}", place.written(template=name))
        for name in ("before", "after", "others")
        if name != seen.template
    )
    moves += (("a person unpauses" if seen.paused else "a person pauses", place.written(paused=not seen.paused)),)
    if seen.replicas == 4:
        moves += (("somebody scales", place.written(replicas=5)),)
    if not seen.strategy:
        moves += (("a person changes the steps", place.written(strategy="steps")),)
    moves += (("a person deletes it", place.but(gone=True)),)
    return (*moves, ("a person makes it anew", place.but(uid="another", generation=1, observed=0, phase="")))


def by_controller(place: Place) -> Moves:
    """Refusals and false news of the controller (argo-rollouts.md 2.5), its own aborts, analyses."""
    seen = place.seen
    news = place.but(observed=seen.generation)
    moves: Moves = ()
    if seen.observed < seen.generation and seen.current != HASH[seen.template]:
        moves += (
            ("the spec is invalid", news.but(condition="InvalidSpec", phase="Degraded")),
            ("no ReplicaSet can be made", news.but(condition="ReplicaSetCreateError", phase="Healthy")),
            ("a false Healthy", news.but(phase="Healthy")),
            *((("a false Paused", news.but(phase="Paused")),) if seen.pauses else ()),
        )
    return (*moves, *_verdicts(place)) if _runs(place) else moves


def _runs(place: Place) -> bool:
    seen = place.seen
    adopted = seen.current == HASH[seen.template] and seen.observed >= seen.generation
    return adopted and seen.current != seen.stable and not seen.abort and not seen.promote_full


def _verdicts(place: Place) -> Moves:
    """Its own aborts, by an analysis and by its deadline, and the pause for an inconclusive one."""
    inconclusive = replace(place.but(pauses=("InconclusiveAnalysisRun",), phase="Paused"), pausing=True)
    moves: Moves = (("the controller times it out", aborted(place, "timed out progressing")),)
    if place.seen.current == NEW:
        moves += (("an analysis fails", aborted(place.but(run="Failed"), "RolloutAborted")),)
    return (*moves, ("an analysis is inconclusive", inconclusive))


def _takeovers(place: Place) -> Moves:
    """Another process takes the run over, or ends it and takes its marks away."""
    kept = json.loads(place.kept)
    if kept.get("annotations", {}).get(OWNER, SOMEBODY) == SOMEBODY:
        return ()
    theirs = kept | {"annotations": kept["annotations"] | {OWNER: SOMEBODY}}
    ended = {name: value for name, value in kept.items() if name != "annotations"}
    return (
        ("another process takes over", replace(place, kept=json.dumps(theirs, sort_keys=True))),
        ("the marks are taken away", replace(place, kept=json.dumps(ended, sort_keys=True))),
    )


# -- pods --------------------------------------------------------------------------------------------------------------


def _pods(place: Place) -> Moves:
    current, other = sides(place.seen)
    return (*_one_sided(place, current, current=True), *_one_sided(place, other, current=False))


def _one_sided(place: Place, found: Side, *, current: bool) -> Moves:
    """A pod is lost, crashes or cannot be made; or all of them go at once."""
    if not found.pods:
        return ()
    words = "canary pods" if (place.seen.current != BASE) == current else "stable pods"
    one = {state: put(place, (*found.pods[:-1], state), current=current) for state in ("exited", "crashing", "config")}
    moves: Moves = tuple((f"{words}: one is {state}", to) for state, to in one.items())
    moves += ((f"{words}: all are stuck", put(place, ("image",) * len(found.pods), current=current)),)
    if found.available:
        moves += ((f"{words}: all are unready", put(place, ("unready",) * len(found.pods), current=current)),)
    return (*moves, *_recovery(place, found, words, current=current), *_quota(place, found, current=current))


def _recovery(place: Place, found: Side, words: str, *, current: bool) -> Moves:
    """What was lost comes back."""
    if found.pods == side(len(found.pods)).pods:
        return ()
    return ((f"{words}: all are back", put(place, ("ready",) * len(found.pods), current=current)),)


def _quota(place: Place, found: Side, *, current: bool) -> Moves:
    """The ReplicaSet of the canary cannot make its pods."""
    if not current or place.seen.current != NEW or found.available:
        return ()
    return (("the quota is full", place.but(new=(Side(found.desired, 0, 0, (), "exceeded quota"),))),)
