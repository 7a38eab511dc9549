"""Whatever a plan's file holds: a plan, or an error with its place, at once; never anything else."""

import os
import time

import pytest

from cutover.core.errors import CutoverError, InvalidPlanError
from cutover.core.plan.load import load_bytes
from cutover.core.plan.model import Plan
from tests.fuzz.plans import spoiled

pytestmark = pytest.mark.uncovered

PARTS = 8
WHOLE = bool(os.environ.get("CUTOVER_WHOLE"))
EACH = 100_000 // PARTS if WHOLE else 400
SOON = 2.0
"""Seconds that the worst plan may take."""


@pytest.mark.parametrize("part", range(PARTS))
def test_a_spoiled_plan_is_a_plan_or_an_error_with_its_place(part: int) -> None:
    for data in spoiled(part, EACH):
        began, found = time.perf_counter(), loaded(data)
        assert repr(found)
        if isinstance(found, CutoverError):
            assert_placed(found, data)
        assert time.perf_counter() - began < SOON, data


def loaded(data: bytes) -> Plan | InvalidPlanError:
    try:
        return load_bytes(data, "plan.yaml")
    except InvalidPlanError as error:
        return error


def assert_placed(error: CutoverError, data: bytes) -> None:
    """Every problem says what, and in which line of the file; but for the last, that there are more."""
    lines = data.count(b"\n") + data.count(b"\r") + 2
    for problem in error.problems:
        assert problem.message, data
        assert problem.file == "plan.yaml", data
        assert 1 <= problem.line <= lines or "more problems" in problem.message, (problem, data)


LAUGHS = b"".join(b"    - &%c [*%c, *%c]\n" % (letter, letter - 1, letter - 1) for letter in b"bcdefghij")
HUGE = {
    "ten thousand changes": b"    - env: {name: A, value: b}\n" * 10_000,
    "a megabyte of one value": b'    - env: {name: A, value: "' + b"x" * 1_100_000 + b'"}\n',
    "nested too deep": b"    - " + b"[" * 900 + b"]" * 900 + b"\n",
    "a billion laughs": b"    - &a [x]\n"
    + b"".join(b"    - &%c [*%c, *%c]\n" % (n, n - 1, n - 1) for n in b"bcdefghij"),
    "a key of a megabyte": b"    - " + b"k" * 1_000_000 + b": x\n",
}


@pytest.mark.parametrize("name", HUGE)
def test_what_is_too_much_ends_at_once(name: str) -> None:
    head = b"apiVersion: cutover.dev/v1alpha1\nkind: CutoverPlan\nmetadata: {name: a}\nspec:\n  target: {app: a}\n"
    data = head + b"  changes:\n" + HUGE[name]
    began = time.perf_counter()
    with pytest.raises(CutoverError) as caught:
        load_bytes(data, "plan.yaml")
    assert time.perf_counter() - began < SOON
    assert_placed(caught.value, data)
