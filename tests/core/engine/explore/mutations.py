"""Faults planted into the machine, each of which the exploration has to find.

They are planted by name: who renames what is mutated is told by an error, not by a mutation that does nothing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Final

import pytest

from cutover.core.base.causes import rank
from cutover.core.engine import judge, phase_proofs, phase_writes, promotion_gate, run_view, transitions
from cutover.core.engine.ending_proofs import verify
from cutover.core.engine.phase_proofs import table_of
from cutover.core.engine.phase_table import PHASES, PhaseRow
from cutover.core.engine.state import Phase, State
from cutover.core.plan.model import Promotion
from cutover.core.writes.write import Write

Plant = Callable[[pytest.MonkeyPatch], None]


@dataclass(frozen=True)
class Mutation:
    """What is wrong, how it is planted, and where the search is to look: words of what goes wrong, and how often."""

    name: str
    plant: Plant
    only: tuple[str, ...]
    disturbances: int = 1
    promotion: Promotion = Promotion.AUTO
    prompt: bool = True


def _without_guard(path: str, module: Any, name: str) -> Plant:
    """The write that this function makes lacks one of its guards."""
    make: Callable[..., Write] = getattr(module, name)

    def careless(*arguments: Any, **named: Any) -> Write:
        write = make(*arguments, **named)
        kept = tuple(each for each in write.operations if (each["op"], each["path"]) != ("test", path))
        assert kept != write.operations, f"{name} has no guard on {path}"
        return replace(write, operations=kept)

    return lambda patch: patch.setattr(module, name, careless)


def _says(value: Any, *places: tuple[Any, str]) -> Plant:
    """These functions always say the same."""

    def plant(patch: pytest.MonkeyPatch) -> None:
        for module, name in places:
            patch.setattr(module, name, lambda *_: value)

    return plant


def _together(*plants: Plant) -> Plant:
    """All of these."""

    def plant(patch: pytest.MonkeyPatch) -> None:
        for each in plants:
            each(patch)

    return plant


def _rows(change: Callable[[Mapping[Phase, PhaseRow]], Mapping[Phase, PhaseRow]]) -> Plant:
    """The table of phases is another."""
    return lambda patch: patch.setattr(transitions, "PHASES", MappingProxyType({**PHASES, **change(PHASES)}))


def _swapped(one: Phase, other: Phase) -> Plant:
    return _rows(lambda rows: {one: rows[other], other: rows[one]})


def _proof(phase: Phase, proof: Callable[..., bool]) -> Plant:
    return _rows(lambda rows: {phase: replace(rows[phase], proof=proof)})


def _no_hold(patch: pytest.MonkeyPatch) -> None:
    def at_once(state: State) -> float:
        return state.steady_since

    for module in (promotion_gate, phase_writes, transitions):
        patch.setattr(module, "opens_at", at_once)


class _Any:
    """Equal to everything."""

    def __eq__(self, _: object) -> bool:
        return True

    def __ne__(self, _: object) -> bool:
        return False

    def __hash__(self) -> int:
        return 0


MUTATIONS: Final = (
    Mutation(
        "the abort does not test stableRS",
        _without_guard("/status/stableRS", phase_writes, "abort_write"),
        ("wishes: abort",),
        prompt=False,
    ),
    Mutation(
        "the restore does not test the template",
        _without_guard("/spec/template", phase_writes, "restore_write"),
        ("wishes: abort", "writes others"),
        disturbances=2,
    ),
    Mutation(
        "what was sent is sent again",
        lambda patch: patch.setattr(transitions, "_unsent", lambda state, view, row: row.want(state, view)),
        ("promote-pause is",),
    ),
    Mutation(
        "a pause for an inconclusive analysis counts as a step's",
        _together(
            lambda patch: patch.setattr(promotion_gate, "CANARY_PAUSE", _Any()),
            _says(None, (transitions, "inconclusive_pause")),
        ),
        ("inconclusive",),
    ),
    Mutation("two rows are swapped", _swapped(Phase.READOPT, Phase.FORCE), ("canary pods: one is config",)),
    Mutation(
        "the old template in the spec is proof enough that the controller took it up",
        _proof(Phase.READOPT, phase_proofs.is_restored),
        ("canary pods: one is config",),
    ),
    Mutation(
        "the weakest cause wins",
        lambda patch: patch.setattr(judge, "rank", lambda code: -rank(code)),
        ("a person aborts", "writes others"),
        disturbances=2,
        prompt=False,
    ),
    Mutation(
        "stable always has what it is granted",
        _says(True, (promotion_gate, "has_what_is_granted")),  # noqa: FBT003 - the value that is said
        ("somebody scales", "all is slow"),
        disturbances=3,
    ),
    Mutation(
        "an ending needs no fresh look",
        _proof(Phase.VERIFY, lambda state, seen: verify(table_of(state), state, seen).complete),
        ("wishes: abort",),
    ),
    Mutation("the gate does not wait", _no_hold, ("nothing goes wrong",), disturbances=0),
    Mutation(
        "a write whose answer was lost counts as gone",
        _says(False, (transitions, "may_still_land")),  # noqa: FBT003 - the value that is said
        ("wishes: abort", "cutover is lost on its way"),
        disturbances=2,
    ),
    Mutation(
        "a promotion that overtakes the way back is not noticed",
        _says((), (transitions, "_overtaken_by_promotion")),
        ("wishes: abort", "all is slow"),
        prompt=False,
    ),
    Mutation(
        "an echo is believed",
        lambda patch: patch.setattr(run_view, "_current", lambda rollout, _: rollout),
        ("an echo",),
    ),
    Mutation(
        "somebody else's template does not matter",
        _says(False, (transitions, "foreign")),  # noqa: FBT003 - the value that is said
        ("wishes: abort", "writes others"),
        disturbances=2,
    ),
)
