"""JSON and YAML from outside become nothing but JSON."""

import datetime as dt
from typing import Any

import pytest

from cutover.core.base.documents import parsed, plain, too_deep, whole
from cutover.core.objects.step_kinds import INVALID_PAUSE, pause_seconds


@pytest.mark.parametrize("body", [b"NaN", b"Infinity", b"-Infinity", b"1e999"])
def test_what_is_no_number_reads_as_nothing(body: bytes) -> None:
    assert parsed(b'{"a": %s, "b": 1.5}' % body) == {"a": None, "b": 1.5}


def test_half_of_a_surrogate_pair_is_a_question_mark_and_a_whole_one_a_character() -> None:
    assert parsed(b'["\\ud800x", "\\ud83d\\ude00"]') == ["?x", "\U0001f600"]


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 100_000 + b"]" * 100_000, b"9" * 5000])
def test_what_is_no_json_is_a_value_error(body: bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parsed(body)


def test_what_yaml_alone_has_becomes_what_json_has() -> None:
    found: dict[Any, Any] = {1: {"b"}, None: dt.date(2026, 2, 3), False: float("nan"), "x": "\ud800"}
    assert plain(found) == {"1": ["b"], "null": "2026-02-03", "false": None, "x": "?"}


def test_levels_are_counted_through_mappings_and_lists() -> None:
    assert not too_deep({"a": ["x"]}, 3)
    assert too_deep({"a": ["x"]}, 2)


@pytest.mark.parametrize("number", [10**30, -(10**30), 1 << 63, str(10**30), True, 1.5])
def test_a_number_that_the_api_cannot_hold_reads_as_the_default(number: Any) -> None:
    assert whole({"a": number}, "a", default=7) == 7


@pytest.mark.parametrize("length", [10**400, "9" * 400, "9" * 400 + "h", "9" * 100_000 + "x", "9999999h", [], True])
def test_a_pause_that_go_cannot_hold_is_an_invalid_one(length: Any) -> None:
    assert pause_seconds(length) == INVALID_PAUSE
