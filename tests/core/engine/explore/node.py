"""A node of the exploration: machine, world, and what is on its way between them; and what happens by itself.

The controller works, answers come, the watch shows what is there, time passes when nothing else happens: such a move
costs nothing. `model` adds what goes wrong.
"""

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from cutover.core.base.outcomes import Outcome
from cutover.core.engine.state import NEVER
from cutover.core.writes.write import WriteName
from tests.core.engine.explore.brain import NEWS, OPENING, Brain, Event, LawError, Mind, Shown, shown
from tests.core.engine.explore.controller import natural
from tests.core.engine.explore.place import Place
from tests.core.engine.explore.server import ModelServer, WriteRequest

LATE: Final = 10.0
"""Seconds after which a request whose answer was lost can no longer land."""

LONG: Final = 400.0
"""Seconds for which a machine may be held (a laptop that sleeps): longer than every limit."""

CALM: Final = frozenset(set(Outcome) - {Outcome.UNVERIFIED, Outcome.UNOBSERVABLE, Outcome.SUPERSEDED})
"""The endings that call nobody to look at what stands in the cluster."""


class Node(NamedTuple):
    """`reply` is the answer that is on its way, `stale` what a look saw that a new phase has overtaken.

    `ghost` is a request whose answer was lost and that may still land, for `left` seconds; `reversals` counts our
    restores that took effect.
    """

    mind: Mind
    place: Place
    seen: Shown
    reply: tuple[str, Place] | None = None
    stale: Place | None = None
    ghost: WriteRequest | None = None
    left: float = 0.0
    reversals: int = 0


Move = tuple[int, str, Node]
"""What it costs, what happens, and what comes of it."""


class Nature:
    """One run_spec's run in its world, where all goes its way. With `prompt` the watch shows each change at once."""

    def __init__(self, brain: Brain, *, prompt: bool = False) -> None:
        self.brain = brain
        self.prompt = prompt
        self.server = ModelServer()
        self.opening = shown(OPENING, OPENING)
        self.root = Node(brain.hears(brain.first, self.opening), OPENING, self.opening)

    def natural(self, node: Node) -> Iterator[Move]:
        """What may happen next where nothing is disturbed, the kindest first."""
        if node.mind.over:
            return
        if node.seen is not shown(node.place, node.place):
            yield 0, "the watch shows it", self.told(node, shown(node.place, node.place))
            if self.prompted(node):
                return
        yield from self._writes(node)
        if node.mind.looking:
            yield 0, "a look", self.told(node, node.seen, Event(look="fresh", place=node.place))
        yield from ((0, what, node._replace(place=place)) for what, place in natural(node.place))
        if self.still(node):
            yield from self.passing(node)

    def passing(self, node: Node) -> Iterator[Move]:
        """Time passes until the machine wants to be asked again."""
        if node.mind.alarm != NEVER:
            yield 0, f"{node.mind.alarm:g} s pass", self.waits(node, node.mind.alarm)

    def prompted(self, node: Node) -> bool:
        """Whether the watch has to show what is there before anything else happens."""
        return self.prompt and node.seen.blind < 0 and node.seen is not shown(node.place, node.place)

    # -- the machine is told -------------------------------------------------------------------------------------------

    def told(self, node: Node, seen: Shown, event: Event = NEWS, **changes: Any) -> Node:
        """The node once the machine has heard; a look that a new phase overtakes is stale."""
        before, after = node.mind, self.brain.hears(node.mind, seen, event)
        same = after.looking and after.state.phase is before.state.phase
        if before.looking and event.look in {"", "stale"} and not same:
            changes = {"stale": node.place, **changes}
        node = node._replace(mind=after, seen=seen, **changes)
        return self._ended(node) if after.over else node

    def _ended(self, node: Node) -> Node:
        """Law: what we sent must not land when nobody is there any more to take it back."""
        late = node.ghost is not None and node.ghost.write.name is WriteName.CUTOVER
        if late and node.mind.outcome in CALM and node.ghost and self.server.done(node.ghost, node.place):
            raise LawError(f"ended {node.mind.outcome} while the cutover may still land")
        return Node(node.mind, self.opening.rest, self.opening)

    def waits(self, node: Node, seconds: float) -> Node:
        """A watch that is live shows what is there by then; what may still land does so in time or not at all."""
        blind, left = node.seen.blind, node.left - seconds
        if blind < 0:
            seen = shown(node.place, node.place)
        else:
            seen = shown(node.seen.rollout, node.seen.rest, min(blind + seconds, LONG))
        ghost = node.ghost if left > 0 else None
        return self.told(node, seen, Event(waited=seconds), ghost=ghost, left=left if ghost else 0.0)

    def still(self, node: Node) -> bool:
        """Whether nothing is under way, so that only time can pass; what is lost need not land."""
        busy = node.mind.pending or node.mind.looking or natural(node.place)
        return not busy and node.seen is shown(node.place, node.place)

    # -- writes and looks ----------------------------------------------------------------------------------------------

    def _writes(self, node: Node) -> Iterator[Move]:
        request = self.server.request(node.mind)
        if request is not None and node.reply is None:
            yield self._reaches(node, request)
        if request is not None and node.reply is not None:
            said, place = node.reply
            late = {"left": LATE} if said == "lost" else {}
            event = Event(answer=said, place=place)
            yield 0, f"{request.write.name} {said}", self.told(node, node.seen, event, reply=None, **late)
        if node.ghost is not None and node.reply is None:
            for place in self.server.done(node.ghost, node.place):
                landed = self.done(node, node.ghost, place, None)
                yield 0, f"{node.ghost.write.name} lands late", landed._replace(ghost=None, left=0.0)

    def _reaches(self, node: Node, request: WriteRequest) -> Move:
        name = request.write.name
        for place in self.server.done(request, node.place):
            return 0, f"{name} is done", self.done(node, request, place, ("accepted", place))
        return 0, f"{name} is refused", node._replace(reply=("refused", node.place))

    def done(self, node: Node, request: WriteRequest, place: Place, reply: tuple[str, Place] | None) -> Node:
        """Law: at most one reversal."""
        again = node.reversals + (request.write.name is WriteName.RESTORE)
        if again > 1:
            raise LawError("a second reversal")
        return node._replace(place=place, reply=reply, reversals=again)
