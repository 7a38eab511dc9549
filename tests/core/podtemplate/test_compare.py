"""A ReplicaSet holds what a Rollout says, though typing has been over it; and it does not hold what it does not say."""

from typing import Any

import pytest

from cutover.core.podtemplate.compare import holds, respelled
from cutover.core.podtemplate.field_paths import Value


@pytest.mark.parametrize(
    ("stands", "wanted"),
    [
        ("x", "x"),
        ("1", "1000m"),
        ("1Gi", "1024Mi"),
        ("500m", "0.5"),
        ("0", "0m"),
        ("1k", "1e3"),
        (1, "1"),
        ({"a": 1, "default": "in"}, {"a": 1}),
        ({"a": 1}, {"a": 1, "zero": "", "none": None, "no": False, "empty": {}}),
        ([{"name": "a", "protocol": "TCP"}], [{"name": "a"}]),
        ({"limits": {"cpu": "2"}}, {"limits": {"cpu": 2}}),
        ([], []),
    ],
)
def test_what_typing_adds_leaves_out_or_spells_anew_is_the_same(stands: Any, wanted: Any) -> None:
    assert holds(Value(stands), Value(wanted))


@pytest.mark.parametrize(
    ("stands", "wanted"),
    [
        ("x", "y"),
        ("1", "1001m"),
        ("1Gi", "1000Mi"),
        ("1m", "1M"),
        ({"a": 1}, {"a": 2}),
        ({}, {"a": 1}),
        ([1, 2], [2, 1]),
        ([{"name": "a"}], [{"name": "b"}]),
        ([{"name": "a"}, {"name": "b"}], [{"name": "a"}]),
        ("true", True),
        ({"a": 1}, [1]),
        ("1e", "1"),
    ],
)
def test_what_is_not_the_same_is_not(stands: Any, wanted: Any) -> None:
    assert not holds(Value(stands), Value(wanted))


def test_a_zero_value_may_be_left_out_and_nothing_else() -> None:
    assert holds(None, Value(""))
    assert not holds(None, Value("x"))
    assert holds(None, None)


def test_where_something_goes_a_default_may_come() -> None:
    assert holds(Value(30), None)


def test_a_quantity_of_nothing_is_spelled_like_any_other() -> None:
    nothing = {"limits": {"cpu": "0"}}
    assert respelled({"limits": {"cpu": "0m"}}, ()) == respelled(nothing, ()) == nothing
