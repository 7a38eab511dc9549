"""Liveness: from every node that was met, a run that nothing more disturbs comes to its end.

What happens then is fixed: the kindest move first. Where all is still and the machine waits for nothing but a person,
the person acts: takes back `spec.paused`, or promotes.
"""

from collections.abc import Callable, Iterator
from typing import Final

from cutover.core.base.outcomes import Outcome
from cutover.core.plan.model import OnFailure
from tests.core.engine.explore.model import Model
from tests.core.engine.explore.node import Move, Node
from tests.core.engine.explore.search import NOWHERE, BrokenError, Found

LONGEST: Final = 400
"""Moves that a run which nothing disturbs may take."""

Choice = Callable[[Model, Node], Move | None]


def endings(found: Found) -> list[Outcome]:
    """How each node's run ends if nothing more disturbs it; `BrokenError` where one never does."""
    known: dict[int, Outcome] = {}
    for number in range(len(found.nodes)):
        path: list[int] = []
        at, on = number, set[int]()
        while at not in known and not found.nodes[at].mind.over:
            if at in on:
                raise BrokenError("the run never ends", found.trace(at))
            path.append(at)
            on.add(at)
            at = _fair(found, at)
        outcome = known[at] if at in known else _outcome(found.nodes[at])
        known |= dict.fromkeys((*path, at), outcome)
    return [known[number] for number in range(len(known))]


def _outcome(node: Node) -> Outcome:
    assert node.mind.outcome is not None
    return node.mind.outcome


def _fair(found: Found, number: int) -> int:
    """The node that follows; one that the search did not come to is added."""
    if found.fair[number] in {NOWHERE, number}:
        move = kind(found.model, found.nodes[number])
        if move is None:
            raise BrokenError("the run waits for ever", found.trace(number))
        found.meets(move[2], number, move[1])
        found.fair[number] = found.numbers[move[2]]
    return found.fair[number]


def kind(model: Model, node: Node) -> Move | None:
    """The next move where all goes well from now on."""
    return _moving(node, model.natural(node)) or _person(node)


def _moving(node: Node, moves: Iterator[Move]) -> Move | None:
    """The first move that leads elsewhere: a machine that wakes up for nothing waits for somebody."""
    return next((move for move in moves if move[2] != node), None)


def stern(model: Model, node: Node) -> Move | None:
    """The same where no pod becomes Ready any more."""
    moves = (move for move in model.natural(node) if move[1] != "pods become ready")
    return _moving(node, moves) or _moving(node, model.passing(node)) or _person(node)


def _person(node: Node) -> Move | None:
    place = node.place
    if place.seen.paused:
        return 0, "a person unpauses", node._replace(place=place.written(paused=False))
    if place.seen.pauses:
        return 0, "a person promotes", node._replace(place=place.but(pauses=()))
    return None


def ends(model: Model, node: Node, choice: Choice) -> Outcome:
    """How the node's run ends by these choices."""
    trace: list[str] = []
    for _ in range(LONGEST):
        if node.mind.over:
            return _outcome(node)
        move = choice(model, node)
        if move is None:
            break
        trace.append(f"{move[1]} [{node.mind.state.phase}]")
        node = move[2]
    raise BrokenError("the run never ends", trace)


# -- how single disturbances end -----------------------------------------------------------------------------------

CALLS_A_HUMAN: Final = ("wishes: leave", "a person pauses", "stable pods")
"""Words of the disturbances after which a run that nothing more disturbs may end unverified."""

YIELDS: Final = ("a person writes", "changes the steps", "deletes it", "makes it anew", "takes over", "taken away")
"""Words of those after which it may end superseded."""


def promises(found: Found, outcomes: list[Outcome], undisturbed: Outcome) -> None:
    """Law: a run that nothing disturbs ends as it should, and one disturbance alone never calls a human in vain."""
    for number, outcome in enumerate(outcomes):
        cost, before = found.cost[number], found.before[number]
        if cost == 0 and outcome is not undisturbed:
            raise BrokenError(f"a run that nothing disturbs ends {outcome}", found.trace(number))
        if cost == 1 and found.cost[before] == 0:
            _keeps(found, number, outcome)


def _keeps(found: Found, number: int, outcome: Outcome) -> None:
    what = found.how[number]
    words = {Outcome.UNVERIFIED: CALLS_A_HUMAN, Outcome.UNOBSERVABLE: (), Outcome.SUPERSEDED: YIELDS}
    expected = outcome not in words or any(word in what for word in words[outcome])
    if not expected and not _holds_without_stable(found, number):
        raise BrokenError(f"one disturbance ({what}) ends {outcome}", found.trace(number))


def _holds_without_stable(found: Found, number: int) -> bool:
    """Whether by the plan's policy nothing is touched where the steps have left stable nothing to serve with."""
    hold = found.model.brain.first.state.run_spec.on_failure is OnFailure.HOLD
    return hold and not any(side.available for side in found.nodes[number].place.seen.base)
