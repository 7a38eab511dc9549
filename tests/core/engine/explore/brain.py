"""The machine under exploration: every distinct step of it is taken once, held against the laws, and remembered."""

from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Final, NamedTuple

from cutover.core.base.instants import Instant
from cutover.core.base.outcomes import Ending, Outcome
from cutover.core.base.resources import WATCHED, Resource
from cutover.core.engine.decision import Decision
from cutover.core.engine.observation import FreshRead, Observation, OperatorRequest
from cutover.core.engine.run_spec import RunSpec
from cutover.core.engine.state import NEVER, Phase, State, start
from cutover.core.engine.step import advance
from cutover.core.objects.read_results import NotFound, ReadFailed
from cutover.core.objects.world import World
from cutover.core.writes.write import Accepted, Answer, Refused, Unclear, Write
from tests.core.engine import laws
from tests.core.engine.explore import more_laws
from tests.core.engine.explore.canon import key, looked_at, settled
from tests.core.engine.explore.place import Place, view, world
from tests.core.engine.play import BEGAN

OPENING: Final = Place()
NOBODY: Final = ReadFailed("rollout/payments", "no connection")


@dataclass(frozen=True, eq=False)
class Shown:
    """What the watch shows: the Rollout of one moment, the rest of another, `blind` seconds ago (-1: it is live)."""

    rollout: Place
    rest: Place
    blind: float = -1.0


@cache
def shown(rollout: Place, rest: Place, blind: float = -1.0) -> Shown:
    """The one and only of its kind: it is told from others by its identity."""
    return Shown(rollout, rest, blind)


class Event(NamedTuple):
    """What the machine is told besides. `answer` is how a write was answered, `look` what a fresh look saw."""

    waited: float = 0.0
    answer: str = ""
    place: Place = OPENING
    wish: OperatorRequest | None = None
    look: str = ""


NEWS: Final = Event()


@dataclass(frozen=True, slots=True, eq=False)
class Mind:
    """A distinct state of the machine, and when (in seconds from now) it wants to be asked again."""

    number: int
    state: State
    alarm: float
    outcome: Outcome | None = None

    @property
    def pending(self) -> Write | None:
        """The write that is under way."""
        return None if self.state.pending is None else self.state.pending

    @property
    def over(self) -> bool:
        """Whether the run has ended."""
        return self.state.phase is Phase.OVER

    @property
    def looking(self) -> bool:
        """Whether a fresh look is under way."""
        return self.state.fresh_read_asked_at != NEVER


class LawError(AssertionError):
    """A law that was broken."""


class Brain:
    """All the states of one run_spec's run that were met."""

    def __init__(self, run_spec: RunSpec) -> None:
        self.minds: dict[Any, Mind] = {}
        self.steps: dict[tuple[Mind, Shown, Event], Mind] = {}
        self.first = self._known(start(run_spec, BEGAN), 0.0, None)

    def hears(self, mind: Mind, seen: Shown, event: Event = NEWS) -> Mind:
        """The machine's next state; `LawError` where the step breaks one."""
        found = (mind, seen, event)
        known = self.steps.get(found)
        if known is None:
            known = self.steps[found] = self._step(mind, seen, event)
        return known

    def _step(self, mind: Mind, seen: Shown, event: Event) -> Mind:
        observation = told(mind, seen, event)
        try:
            after, decision = advance(mind.state, observation)
            laws.hold(mind.state, observation, after, decision)
            more_laws.hold(mind.state, observation, after, decision)
        except AssertionError as broken:
            raise LawError(str(broken).partition("\n")[0] or _place_of(broken)) from broken
        return self._known(settled(after, event.waited), decision.ask_again_at - observation.at.mono, decision)

    def _known(self, state: State, alarm: float, decision: Decision | None) -> Mind:
        over = decision is not None and isinstance(decision.ending, Ending)
        outcome = decision.ending.outcome if decision is not None and isinstance(decision.ending, Ending) else None
        known = (outcome,) if over else (*key(state), alarm)
        if known not in self.minds:
            self.minds[known] = Mind(len(self.minds), state, alarm, outcome)
        return self.minds[known]


def _place_of(broken: AssertionError) -> str:
    trace = broken.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return trace.tb_frame.f_code.co_name if trace is not None else "a law"


def told(mind: Mind, seen: Shown, event: Event) -> Observation:
    """The observation: nothing but waiting takes time."""
    now = BEGAN + event.waited
    fresh = now if seen.blind < 0 else now - seen.blind
    answers = (_answer(mind, event),) if event.answer else ()
    wishes = (event.wish,) if event.wish is not None else ()
    looks = (_look(mind, event),) if event.look else ()
    return Observation(Instant(now, now), _composed(seen, fresh), answers, wishes, looks)


@cache
def _composed(seen: Shown, fresh: float) -> World:
    objects = {**world(seen.rest).objects, Resource.ROLLOUT: world(seen.rollout).objects[Resource.ROLLOUT]}
    return replace(world(seen.rest), objects=objects, seen=dict.fromkeys(WATCHED, fresh))


def _answer(mind: Mind, event: Event) -> Answer:
    write = mind.pending
    assert write is not None
    found = NotFound("rollout/payments") if event.place.seen.gone else view(event.place)
    match event.answer:
        case "accepted" if not isinstance(found, NotFound):
            return Accepted(write, found)
        case "refused":
            return Refused(write, 422, "a guard does not hold", found)
        case "forbidden":
            return Refused(write, 403, "forbidden", found)
        case _:
            return Unclear(write, "its answer was lost", NOBODY)


def _look(mind: Mind, event: Event) -> FreshRead:
    """A stale look was begun a moment before the phase was entered."""
    began = mind.state.entered - 0.001 if event.look == "stale" else mind.state.fresh_read_asked_at
    seen = NOBODY if event.look == "unreadable" else looked_at(event.place)
    return FreshRead(seen, Instant(began, began))
