"""The canonical form of a machine's state: equal where the future is equal, so that the exploration ends.

Time does not pass between events, only by waiting; after it all times are moved back, so that it is always `BEGAN`.
What nothing reads any more (pods once the verdict is set, words, the age of what is only a flag) is left out. A field
that this file does not know is kept as it is, its floats taken for moments.
"""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from types import MappingProxyType
from typing import Any, Final

from cutover.core.base.instants import Instant
from cutover.core.base.outcomes import Cause
from cutover.core.engine.observation import FreshRead
from cutover.core.engine.pod_memory import GONE
from cutover.core.engine.state import NEVER, Phase, PodMemory, State, Verdict
from cutover.core.objects.world import World
from cutover.core.writes.write import Write
from tests.core.engine.explore.place import Place, world
from tests.core.engine.play import BEGAN
from tests.core.engine.worlds import TEMPLATES

OLDEST: Final = 400.0
"""Seconds: longer than every limit of a run but none."""

CAPS: Final[Mapping[str, float]] = {
    "unclear_at": 10.0,
    "questioned_at": 10.0,
    "stable_short_since": 60.0,
    "stable_gone_since": 5.0,
    "steady_since": 10.0,
    "pods_asked_at": 36.0,
}
"""Seconds after which a moment lies so far back that it does not matter how far."""

FLAGS: Final = ("adopted_at", "promoted_at")
"""Moments of which only matters whether they have come."""

JUDGING: Final[Mapping[str, Any]] = {
    "step": -1,
    "pods_asked": 0,
    "pods_asked_at": NEVER,
    "stable_had": 0,
    "stable_short_since": NEVER,
    "stable_gone_since": NEVER,
    "steady_since": NEVER,
    "pods": MappingProxyType({}),
    "suspicions": MappingProxyType({}),
}
"""What only judging reads: of no interest once the verdict is set."""

BLIND: Final = frozenset(
    {Phase.WRITE, Phase.ADOPT, Phase.CANARY, Phase.ABORT, Phase.RESTORE, Phase.REVERT, Phase.FORCE}
)
"""Phases that read no look: what one saw is of no interest in them, and forgotten with the next phase."""

TIMELESS: Final = frozenset({Phase.WRITE, Phase.ADOPT, Phase.CANARY})
WORLDS: Final[dict[int, tuple[World, Place]]] = {}
"""The place of each world that a look was handed, by the identity of its objects."""


def looked_at(place: Place) -> World:
    """The world of the place, in such a way that a look of it is known again."""
    found = world(place)
    WORLDS[id(found.objects)] = (found, place)
    return found


def settled(state: State, waited: float) -> State:
    """The state as of `BEGAN`, `waited` seconds after the last one, without what does not matter."""
    state = _moved(state, waited) if waited else state
    changes: dict[str, Any] = {"asked_evidence": frozenset(), "evidence": (), "suspicions": _silenced(state)}
    changes |= {name: BEGAN for name in FLAGS if getattr(state, name) != NEVER}
    changes |= {"entered": BEGAN} if state.phase in TIMELESS else {}
    changes |= {"written_at": BEGAN} if state.adopted or (state.failing and state.written) else {}
    changes |= {"started": BEGAN} if state.run_spec.deadlines.timeout == NEVER else {}
    changes |= {} if state.phase is Phase.OVER else {"previous_phase": Phase.WRITE}
    changes |= {"fresh_read": None} if state.phase in BLIND else {}
    changes |= JUDGING if state.failing or state.watching_ended else {"pods": _remembered(state)}
    if isinstance(state.verdict, Verdict):
        cause = replace(state.verdict.cause, message="")
        changes["verdict"] = replace(state.verdict, cause=cause, at=BEGAN)
    return replace(state, **changes)


def _silenced(state: State) -> Any:
    return MappingProxyType({key: replace(found, since=BEGAN, message="") for key, found in state.suspicions.items()})


def _remembered(state: State) -> Any:
    return MappingProxyType({uid: _memory(found) for uid, found in state.pods.items()})


def _memory(memory: PodMemory) -> PodMemory:
    first = BEGAN if memory.ever_ready else max(memory.first_seen, BEGAN - 30.0)
    lost = memory.lost_at if memory.lost_at == NEVER else max(memory.lost_at, BEGAN - 6.0)
    return replace(memory, first_seen=first, lost_at=lost, summary=GONE if memory.summary == GONE else "")


def _moved(state: State, by: float) -> State:
    """Every moment lies that much further back, up to where it does not matter."""
    changes: dict[str, Any] = {
        field.name: _capped(field.name, value - by)
        for field in fields(state)
        if isinstance(value := getattr(state, field.name), float) and value != NEVER
    }
    pods = {uid: _memory_moved(memory, by) for uid, memory in state.pods.items()}
    return replace(state, **changes, pods=MappingProxyType(pods), fresh_read=_look_moved(state.fresh_read, by))


def _capped(name: str, moment: float) -> float:
    return max(moment, BEGAN - CAPS.get(name, OLDEST))


def _memory_moved(memory: PodMemory, by: float) -> PodMemory:
    return replace(memory, first_seen=memory.first_seen - by, lost_at=memory.lost_at - by)


def _look_moved(look: FreshRead | None, by: float) -> FreshRead | None:
    if look is None:
        return look
    at = max(look.at.mono - by, BEGAN - 2.0)
    return replace(look, at=Instant(at, at))


# -- the key -----------------------------------------------------------------------------------------------------------

_NAMES: Final = tuple(
    field.name for field in fields(State) if field.name not in {"run_spec", "stored_template", "fresh_read"}
)


def key(state: State) -> tuple[Any, ...]:
    """What tells two settled states of one run_spec apart."""
    standing = next((name for name, known in TEMPLATES.items() if known == state.stored_template), "none")
    return (standing, _look_key(state.fresh_read), *(_plain(getattr(state, name)) for name in _NAMES))


def _look_key(look: FreshRead | None) -> Any:
    if look is None:
        return None
    if not isinstance(look.world, World):
        return (look.at.mono,)
    return (look.at.mono, WORLDS[id(look.world.objects)][1])


def _plain(value: Any) -> Any:
    """A value that can be hashed, and that is equal where the original is."""
    if value is None or isinstance(value, (float, int, str, frozenset)):
        return value
    if isinstance(value, Write):
        return (value.name, value.occasion)
    if isinstance(value, Cause):
        return value.code
    if isinstance(value, Mapping):
        return tuple(sorted((name, _plain(found)) for name, found in value.items()))
    if isinstance(value, (tuple, list)):
        return tuple(map(_plain, value))
    if hasattr(value, "write"):
        return (type(value).__name__, _plain(value.write))
    if is_dataclass(value):
        return (type(value).__name__, *(_plain(getattr(value, field.name)) for field in fields(value)))
    raise TypeError(f"the exploration does not know how to tell apart values of {type(value)}")
