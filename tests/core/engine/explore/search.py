"""The search: breadth-first, layer by layer of disturbances, from the run in which nothing is disturbed."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import Final

from tests.core.engine.explore.brain import LawError
from tests.core.engine.explore.model import Model
from tests.core.engine.explore.node import Move, Node

NOWHERE: Final = -1


@dataclass
class Found:
    """What was explored. `before` and `how` lead back from each node to the first."""

    model: Model
    numbers: dict[Node, int] = field(default_factory=dict)
    nodes: list[Node] = field(default_factory=list)
    before: list[int] = field(default_factory=list)
    how: list[str] = field(default_factory=list)
    depth: list[int] = field(default_factory=list)
    fair: list[int] = field(default_factory=list)
    cost: list[int] = field(default_factory=list)
    states: int = 0
    complete: bool = True

    def meets(self, node: Node, before: int, how: str, cost: int = 0) -> bool:
        """Take the node in; whether it is new."""
        if node in self.numbers:
            return False
        self.numbers[node] = len(self.nodes)
        self.nodes.append(node)
        self.before.append(before)
        self.how.append(how)
        self.fair.append(NOWHERE)
        self.cost.append(self.cost[before] + cost if before != NOWHERE else 0)
        self.depth.append(self.depth[before] + 1 if before != NOWHERE else 0)
        return True

    @property
    def deepest(self) -> int:
        """The most moves that the search went from the first node."""
        return max(self.depth)

    def told(self) -> str:
        """What was explored, in a line."""
        brain = self.model.brain
        how = "all of them" if self.complete else "not all of them"
        return (
            f"{self.states} states ({how}), {self.deepest} moves deep; "
            f"{len(brain.minds)} states of the machine alone, {len(brain.steps)} distinct steps of it"
        )

    def trace(self, number: int) -> list[str]:
        """What happened on the way there."""
        words: list[str] = []
        while self.before[number] != NOWHERE:
            words.append(f"{self.how[number]} [{self.nodes[number].mind.state.phase}]")
            number = self.before[number]
        return words[::-1]


class BrokenError(AssertionError):
    """A law was broken, and this is how."""

    def __init__(self, law: str, trace: list[str]) -> None:
        super().__init__("\n".join([law, *trace]))
        self.law, self.trace = law, trace

    def __reduce__(self) -> tuple[type["BrokenError"], tuple[str, list[str]]]:
        return BrokenError, (self.law, self.trace)


def explore(model: Model, disturbances: int, limit: int) -> Found:
    """Every node that up to that many disturbances lead to, or the first `limit` of them."""
    found = Found(model)
    found.meets(model.root, NOWHERE, "")
    layer: deque[int] = deque([0])
    for left in range(disturbances, -1, -1):
        layer = _layer(found, layer, limit, last=not left)
        if not found.complete:
            break
    found.states = len(found.nodes)
    return found


def _layer(found: Found, queue: deque[int], limit: int, *, last: bool) -> deque[int]:
    """Explore one layer; gives the nodes of the next."""
    following: deque[int] = deque()
    while queue and len(found.nodes) < limit:
        number = queue.popleft()
        for cost, what, node in _moves(found, number, last=last):
            if found.meets(node, number, what, cost):
                (following if cost else queue).append(len(found.nodes) - 1)
            if not cost and found.fair[number] == NOWHERE:
                found.fair[number] = found.numbers[node]
    found.complete = found.complete and not queue
    return following


def _moves(found: Found, number: int, *, last: bool) -> Iterator[Move]:
    node = found.nodes[number]
    moves = found.model.natural(node)
    moves = moves if last else chain(moves, found.model.disturbed(node))
    while True:
        try:
            yield next(moves)
        except StopIteration:
            return
        except LawError as law:
            raise BrokenError(str(law), found.trace(number)) from law
