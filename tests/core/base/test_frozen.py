"""Frozen values behave as `dataclass(frozen=True, slots=True)` makes them."""

import copy
import pickle
from collections.abc import Callable
from dataclasses import KW_ONLY, FrozenInstanceError, InitVar, asdict, dataclass, field, fields, replace
from inspect import signature
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cutover.core.base.frozen import frozen


@frozen
class Pod:
    """With every kind of field."""

    name: str
    ready: int = 0
    labels: dict[str, str] = field(default_factory=dict)
    token: str = field(default="", repr=False)
    seen: float = field(default=0.0, compare=False)


@frozen
class Nothing:
    """Without fields."""


@frozen
class Canary(Pod):
    """With a field more than its base."""

    weight: int = 5

    def __post_init__(self) -> None:
        if self.weight > 100:
            raise ValueError("a weight is at most 100")


@frozen
class Named:
    """With words of its own."""

    name: str

    def __repr__(self) -> str:
        return "hidden"

    def __hash__(self) -> int:
        return 7


@dataclass(frozen=True, slots=True)
class Twin:
    """The standard library's."""

    name: str
    ready: int = 0
    seen: float = field(default=0.0, compare=False)


@frozen
class Ours:
    """The same, ours."""

    name: str
    ready: int = 0
    seen: float = field(default=0.0, compare=False)


VALUES = st.tuples(st.sampled_from("ab"), st.integers(0, 1), st.sampled_from([0.0, 1.5]))


@given(VALUES, VALUES)
def test_equality_hash_and_words_are_those_of_a_dataclass(one: Any, other: Any) -> None:
    assert (Ours(*one) == Ours(*other)) == (Twin(*one) == Twin(*other))
    assert (hash(Ours(*one)) == hash(Ours(*other))) == (hash(Twin(*one)) == hash(Twin(*other)))
    assert repr(Ours(*one)).replace("Ours", "Twin") == repr(Twin(*one))
    assert asdict(Ours(*one)) == asdict(Twin(*one))


def test_classes_are_told_apart() -> None:
    assert Pod("a") != Canary("a")
    assert Ours("a") != Twin("a")  # type: ignore[comparison-overlap]
    assert Nothing() == Nothing()
    assert hash(Nothing()) == hash(Nothing())


def test_nothing_can_be_changed() -> None:
    pod = Pod("a")
    with pytest.raises(FrozenInstanceError, match="'name'"):
        pod.name = "b"  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError, match="'other'"):
        pod.other = "b"  # type: ignore[attr-defined]
    with pytest.raises(FrozenInstanceError, match="'name'"):
        del pod.name
    assert pod == Pod("a")


def test_there_are_slots() -> None:
    assert not hasattr(Pod("a"), "__dict__")
    assert not hasattr(Canary("a"), "__dict__")


def test_a_default_that_is_made_is_made_anew() -> None:
    assert Pod("a").labels is not Pod("a").labels
    given = {"app": "payments"}
    assert Pod("a", labels=given).labels is given


def test_a_field_without_default_is_demanded() -> None:
    with pytest.raises(TypeError, match="name"):
        Pod()  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="unknown"):
        Pod("a", unknown=1)  # type: ignore[call-arg]


def test_what_is_not_to_be_shown_is_not() -> None:
    assert repr(Pod("a", token="hunter2")) == "Pod(name='a', ready=0, labels={}, seen=0.0)"  # noqa: S106 -- planted


def test_own_methods_stay() -> None:
    assert repr(Named("a")) == "hidden"
    assert hash(Named("a")) == 7
    assert Named("a") == Named("a")


def test_a_value_that_is_invalid_cannot_be_built() -> None:
    assert Canary("a", weight=20).weight == 20
    with pytest.raises(ValueError, match="at most 100"):
        Canary("a", weight=101)
    with pytest.raises(ValueError, match="at most 100"):
        replace(Canary("a"), weight=101)


def test_fields_replace_and_match_take_it() -> None:
    assert [each.name for each in fields(Canary)] == ["name", "ready", "labels", "token", "seen", "weight"]
    assert replace(Pod("a", 1), name="b") == Pod("b", 1)
    match Pod("a", 3):
        case Pod(name, ready):
            assert (name, ready) == ("a", 3)


def test_copies_are_equal() -> None:
    pod = Pod("a", labels={"app": "payments"})
    deep = copy.deepcopy(pod)
    assert copy.copy(pod) == pod
    assert deep == pod
    assert deep.labels is not pod.labels
    assert pickle.loads(pickle.dumps(pod)) == pod  # noqa: S301 -- our own


def test_the_constructor_tells_its_parameters() -> None:
    assert list(signature(Canary).parameters) == ["name", "ready", "labels", "token", "seen", "weight"]
    assert Pod.__init__.__annotations__["name"] is str
    assert Pod.__init__.__qualname__ == "Pod.__init__"


def _without_init() -> None:
    @frozen
    class Asking(Nothing):
        name: str = field(default="", init=False)


def _by_keyword() -> None:
    @frozen
    class Asking(Nothing):
        name: str = field(default="", kw_only=True)


def _after_the_marker() -> None:
    @frozen
    class Asking(Nothing):
        _: KW_ONLY
        name: str = ""


def _hashed() -> None:
    @frozen
    class Asking(Nothing):
        name: str = field(default="", hash=False)


def _for_the_constructor() -> None:
    @frozen
    class Asking(Nothing):
        name: InitVar[str] = ""


def _in_a_wrong_order() -> None:
    @frozen
    class Asking(Pod):
        more: str  # type: ignore[misc]


UNKNOWN = {
    _without_init: "field name has init=False",
    _by_keyword: "field name is kw_only",
    _after_the_marker: "field name is kw_only",
    _hashed: "field name has a hash of its own",
    _for_the_constructor: "field name is an InitVar",
    _in_a_wrong_order: "field more without a default follows one with a default",
}


@pytest.mark.parametrize(("ask", "words"), UNKNOWN.items(), ids=[ask.__name__ for ask in UNKNOWN])
def test_what_it_does_not_know_is_refused_and_not_ignored(ask: Callable[[], None], words: str) -> None:
    with pytest.raises(TypeError, match=f"@frozen does not know this: {words}"):
        ask()
