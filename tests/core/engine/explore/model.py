"""Everything that may go wrong around a run: people, pods, the controller, the watch, requests, clocks.

Each is a disturbance and costs one.
"""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Final

from cutover.core.engine.observation import OperatorRequest
from cutover.core.engine.state import NEVER
from cutover.core.writes.write import WriteName
from tests.core.engine.explore.brain import OPENING, Brain, Event, shown
from tests.core.engine.explore.disturbance import disturbances
from tests.core.engine.explore.node import LATE, Move, Nature, Node

LONG: Final = 400.0
"""Seconds for which a machine may be held (a laptop that sleeps): longer than every limit."""

Chance = tuple[str, Callable[[], Node]]
"""What may go wrong, and how to find out what comes of it."""


class Model(Nature):
    """One run_spec's run in its world. `only` are words: what goes wrong has one of them."""

    def __init__(self, brain: Brain, *, prompt: bool = False, only: tuple[str, ...] = ()) -> None:
        super().__init__(brain, prompt=prompt)
        self.only = only

    def disturbed(self, node: Node) -> Iterator[Move]:
        """Every way in which the next thing may be another."""
        for what, find in self._chances(node):
            if not self.only or any(word in what for word in self.only):
                yield 1, what, find()

    def _chances(self, node: Node) -> Iterator[Chance]:
        if node.mind.over:
            return
        yield from self._news_go_wrong(node)
        if self.prompted(node):
            return
        yield from ((what, partial(node._replace, place=place)) for what, place in disturbances(node.place))
        yield from self._wishes(node)
        yield from self._writes_go_wrong(node)
        yield from self._looks_go_wrong(node)
        if node.mind.alarm != NEVER and not self.still(node):
            yield f"all is slow: {node.mind.alarm:g} s pass", partial(self.waits, node, node.mind.alarm)
        yield f"{LONG:g} s pass", partial(self.waits, node, LONG)

    def _news_go_wrong(self, node: Node) -> Iterator[Chance]:
        """The watch shows half of what is there, or what was at the beginning; or it breaks off."""
        place, seen = node.place, node.seen
        if seen.blind >= 0:
            return
        for what, half in (("alone", shown(place, seen.rest)), ("not", shown(seen.rollout, place))):
            if half is not shown(place, place) and half is not seen:
                yield f"the watch shows it, the Rollout {what}", partial(self.told, node, half)
        yield "the watch breaks off", partial(node._replace, seen=shown(seen.rollout, seen.rest, 0.0))
        if seen is not self.opening:
            yield "the watch shows an echo", partial(self.told, node, self.opening)

    def _wishes(self, node: Node) -> Iterator[Chance]:
        for wish in OperatorRequest:
            if wish is not OperatorRequest.GO_ON or node.mind.state.questioned_at != NEVER:
                yield f"a person wishes: {wish}", partial(self.told, node, node.seen, Event(wish=wish))

    def _writes_go_wrong(self, node: Node) -> Iterator[Chance]:
        """It is refused for no reason, or an answer or a request is lost, or a webhook changes what is stored."""
        request = self.server.request(node.mind)
        if request is None or node.reply is not None:
            return
        name, lost = request.write.name, ("lost", OPENING)
        yield f"{name} is forbidden", partial(node._replace, reply=("forbidden", node.place))
        yield f"{name} is lost on its way", partial(node._replace, reply=lost, ghost=request, left=LATE)
        for place in self.server.done(request, node.place):
            yield f"{name} is done, the answer is lost", partial(self.done, node, request, place, lost)
            if name is WriteName.CUTOVER:
                changed = place.but(template="mutated")
                yield "a webhook changes it", partial(node._replace, place=changed, reply=("accepted", changed))

    def _looks_go_wrong(self, node: Node) -> Iterator[Chance]:
        if node.mind.looking:
            yield "an unreadable look", partial(self.told, node, node.seen, Event(look="unreadable"))
        if node.stale is not None:
            event = Event(look="stale", place=node.stale)
            yield "a look from before", partial(self.told, node, node.seen, event, stale=None)
