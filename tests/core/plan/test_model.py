"""A plan that is wrong cannot be built, whoever builds it."""

from collections.abc import Callable

import pytest

from cutover.core.base.target import Target
from cutover.core.base.units import seconds_of
from cutover.core.plan.changes import EnvChange, EveryContainer, OneContainer
from cutover.core.plan.model import Plan, WatchPolicy, clashes

TARGET = Target("payments", "payments")
CHANGE = EnvChange("X", None)


@pytest.mark.parametrize(
    ("build", "said"),
    [
        (lambda: Plan("p", TARGET, (), "d"), "a plan changes something"),
        (lambda: Plan("p", TARGET, (CHANGE, CHANGE), "d"), "a plan changes one leaf once"),
        (lambda: EnvChange("", None), "a variable has a name"),
        (lambda: EnvChange("A=B", None), "a variable has a name"),
        (lambda: WatchPolicy(adopt_within=0), "adoptWithin is more than zero"),
        (lambda: WatchPolicy(bake=-1), "bake is not negative"),
        (lambda: WatchPolicy(ready_within=0.0), "readyWithin is more than zero"),
        (lambda: WatchPolicy(hold=-0.1), "hold is not negative"),
        (lambda: seconds_of("90"), "no duration"),
    ],
)
def test_what_cannot_be_valid_cannot_be_built(build: Callable[[], object], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        build()


def test_leaves_clash_with_the_first_change_that_may_be_about_them() -> None:
    leaves = [("X", "a"), ("X", "b"), ("Y", ""), ("X", "a"), ("X", ""), ("Y", "a"), ("Z", "a")]
    assert clashes(leaves) == ((0, 3), (0, 4), (2, 5))


def test_changes_of_one_variable_in_two_containers_are_apart() -> None:
    one, two = EnvChange("X", None, OneContainer("a")), EnvChange("X", None, OneContainer("b"))
    assert Plan("p", TARGET, (one, two), "d").changes == (one, two)
    with pytest.raises(ValueError, match="one leaf once"):
        Plan("p", TARGET, (one, EnvChange("X", None, EveryContainer())), "d")
