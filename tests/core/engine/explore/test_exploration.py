"""The machine explored: every state that a few disturbances lead to, every law, every run to its end.

Each run is explored twice: with a watch that lags behind as far as it likes, and with one that is prompt, deeper. In
`make test-all` there are more than a million states, in some minutes; `pytest -s` or `-rP` shows what is printed.
"""

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from time import monotonic
from typing import Final

import pytest

from cutover.core.base.outcomes import Outcome
from cutover.core.engine.run_spec import RunSpec
from cutover.core.plan.model import OnFailure, PointOfNoReturn, Promotion
from tests.core.engine.explore.brain import Brain
from tests.core.engine.explore.liveness import endings, ends, promises, stern
from tests.core.engine.explore.model import Model
from tests.core.engine.explore.mutations import MUTATIONS, Mutation
from tests.core.engine.explore.run_specs import marked, order
from tests.core.engine.explore.search import BrokenError, explore
from tests.sampling import WHOLE

pytestmark = pytest.mark.uncovered

MANY: Final = 1_000_000
SAMPLE: Final = 97
"""Of so many nodes one is also brought to its end where no pod becomes Ready any more."""


@dataclass(frozen=True)
class Ground:
    """What is explored: a plan, a watch, and how many disturbances; `limit` where that would be too many states."""

    promotion: Promotion
    on_failure: OnFailure
    disturbances: int
    prompt: bool = False
    follow: bool = False
    limit: int = 10 * MANY

    @property
    def undisturbed(self) -> Outcome:
        """How the run ends that nothing disturbs."""
        by_steps = self.promotion is Promotion.STEPS and not self.follow
        return Outcome.HOLDING if by_steps else Outcome.PROMOTED

    def __str__(self) -> str:
        watch = "prompt" if self.prompt else "lagging"
        more = "-follow" if self.follow else ""
        return f"{self.promotion}{more}-{self.on_failure}-{watch}-{self.disturbances}"


AUTO, FULL, STEPS = Promotion.AUTO, Promotion.FULL, Promotion.STEPS
RESTORE, ABORT, HOLD = OnFailure.RESTORE, OnFailure.ABORT, OnFailure.HOLD
DEEP: Final = Ground(AUTO, RESTORE, 2, prompt=True, limit=MANY)
DEEP_STEPS: Final = Ground(STEPS, RESTORE, 2, prompt=True, limit=MANY)
WIDE: Final = (
    *(Ground(promotion, policy, 1) for promotion in (AUTO, FULL, STEPS) for policy in (RESTORE, ABORT, HOLD)),
    Ground(STEPS, RESTORE, 1, follow=True),
)
QUICK: Final = (
    Ground(AUTO, RESTORE, 1, prompt=True),
    Ground(STEPS, HOLD, 1, prompt=True),
    Ground(STEPS, ABORT, 1, prompt=True, follow=True),
)
GROUNDS: Final = (DEEP, DEEP_STEPS, *WIDE) if WHOLE else QUICK


@dataclass(frozen=True)
class Explored:
    """What was explored on a ground."""

    ground: Ground
    states: int
    deepest: int
    told: str


def explored(ground: Ground) -> Explored:
    """Everything there is on this ground, held against every law, liveness included."""
    run_spec = order(ground.promotion, ground.on_failure, follow=ground.follow)
    found = explore(Model(Brain(run_spec), prompt=ground.prompt), ground.disturbances, ground.limit)
    outcomes = endings(found)
    promises(found, outcomes[: found.states], ground.undisturbed)
    for node in found.nodes[: found.states : SAMPLE]:
        ends(found.model, node, stern)
    return Explored(ground, found.states, found.deepest, found.told())


def everywhere() -> Iterator[Explored]:
    """Every ground; two at a time where it takes minutes."""
    if not WHOLE:
        yield from map(explored, GROUNDS)
        return
    with ProcessPoolExecutor(2, get_context("spawn")) as pool:
        yield from pool.map(explored, GROUNDS)


def test_no_state_breaks_a_law_and_every_run_ends() -> None:
    began, states, deepest = monotonic(), 0, 0
    for found in everywhere():
        states, deepest = states + found.states, max(deepest, found.deepest)
        print(f"{found.ground}: {found.told}")
    print(f"explored {states} states, {deepest} moves deep, in {monotonic() - began:.0f} s")
    assert states >= MANY or not WHOLE


@pytest.mark.parametrize("promotion", [AUTO, FULL, STEPS] if WHOLE else [AUTO])
def test_a_run_that_leaves_marks_breaks_no_law_and_ends(promotion: Promotion) -> None:
    _explored_with_marks(marked(promotion))


ARMED: Final = (
    pytest.param(AUTO, ("a person writes before",), id="undone"),
    pytest.param(STEPS, ("disarm is",), id="not disarmed"),
)


@pytest.mark.parametrize(("promotion", "only"), ARMED)
def test_a_dead_man_calls_nobody_in_vain(promotion: Promotion, only: tuple[str, ...]) -> None:
    _explored_with_marks(marked(promotion, deadman=60), *only)


def _explored_with_marks(run_spec: RunSpec, *only: str) -> None:
    found = explore(Model(Brain(run_spec), prompt=True, only=only), 1, MANY)
    promises(found, endings(found), Ground(run_spec.promotion, run_spec.on_failure, 1).undisturbed)


POINTS: Final = (
    (STEPS, PointOfNoReturn.CANARY_READY),
    *(((AUTO, PointOfNoReturn.CANARY_READY), (FULL, PointOfNoReturn.PROMOTION)) if WHOLE else ()),
)


@pytest.mark.parametrize(("promotion", "point"), POINTS)
def test_past_the_point_of_no_return_nothing_points_back(promotion: Promotion, point: PointOfNoReturn) -> None:
    endings(explore(Model(Brain(marked(promotion, point=point)), prompt=True), 1, MANY))


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.name)
def test_every_planted_fault_is_found(mutation: Mutation, monkeypatch: pytest.MonkeyPatch) -> None:
    mutation.plant(monkeypatch)
    with pytest.raises(BrokenError) as broken:
        _searched(mutation)
    print(f"{mutation.name}: {broken.value.law}")


def _searched(mutation: Mutation) -> None:
    ground = Ground(mutation.promotion, RESTORE, mutation.disturbances)
    model = Model(Brain(order(ground.promotion)), prompt=mutation.prompt, only=mutation.only)
    found = explore(model, mutation.disturbances, MANY)
    promises(found, endings(found), ground.undisturbed)
