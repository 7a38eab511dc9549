"""How many pods each revision is to have, which there are, and the phase that follows from them."""

from typing import Final

from tests.core.engine.explore.place import Place
from tests.core.engine.stage import BASE, OTHER
from tests.core.engine.worlds import STEPS, SeenWorld, Side

Moves = tuple[tuple[str, Place], ...]

DONE: Final = len(STEPS)
NOBODY: Final = Side(0, 0, 0, ())


def synced(place: Place) -> Place:
    """The place with the phase that the controller works out (argo-rollouts.md 2.3)."""
    return place.but(phase=_phase(place.seen))


def _phase(seen: SeenWorld) -> str:
    if seen.condition in {"InvalidSpec", "RolloutAborted", "timed out progressing"}:
        return "Degraded"
    if seen.paused or seen.pauses:
        return "Paused"
    current, old = sides(seen)
    short = len(current.pods) < seen.replicas or current.available < len(current.pods)
    return "Progressing" if short or old.pods or seen.stable != seen.current or seen.restart else "Healthy"


def sides(seen: SeenWorld) -> tuple[Side, Side]:
    """The side of the current revision, and the other one; of somebody else's revision the pods are left out."""
    base, new = (*seen.base, NOBODY)[0], (*seen.new, NOBODY)[0]
    return (base, new) if seen.current == BASE else (new, base)


def wanted(seen: SeenWorld) -> tuple[int, int]:
    """How many pods the current revision and the other one are to have."""
    full = seen.replicas
    if seen.current == seen.stable:
        return full, 0
    if seen.abort or seen.current == OTHER:
        return 0, full
    weight = 100 if seen.promote_full or seen.step >= DONE else _weight(seen.step)
    return (full, 0) if weight == 100 else (1, full)


def _weight(step: int) -> int:
    weights = [weight for found in STEPS[: step + 1] if isinstance(weight := found.get("setWeight"), int)]
    return weights[-1] if weights else 0


def scaling(place: Place) -> Moves:
    """Up at once; down once what replaces it is available."""
    seen = place.seen
    (current, other), (full, rest) = sides(seen), wanted(seen)
    if seen.paused or seen.pauses or (seen.abort and not seen.acknowledged):
        return ()
    there = current.available >= full
    moves: Moves = (("scales the current", _sized(place, full, current=True)),) if current.desired != full else ()
    if other.desired < rest or (other.desired > rest and there):
        moves += (("scales the other", _sized(place, rest, current=False)),)
    return moves


def _sized(place: Place, count: int, *, current: bool) -> Place:
    mine = sides(place.seen)[0 if current else 1]
    ready_first = sorted(mine.pods, key=lambda pod: pod != "ready")
    pods = (*ready_first[:count], *("unready",) * (count - len(mine.pods)))
    return put(place, pods, current=current)


def put(place: Place, pods: tuple[str, ...], *, current: bool) -> Place:
    """These pods on that side."""
    is_new = (place.seen.current != BASE) == current
    made = Side(len(pods), len(pods), pods.count("ready"), pods)
    return place.but(new=(made,)) if is_new else place.but(base=(made,))


def pods(place: Place) -> Moves:
    """Pods that start become Ready."""
    moves: Moves = ()
    for current, found in zip((True, False), sides(place.seen), strict=True):
        if "unready" in found.pods:
            pods = tuple("ready" if pod == "unready" else pod for pod in found.pods)
            moves += (("pods become ready", put(place, pods, current=current)),)
    return moves
