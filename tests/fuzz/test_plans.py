"""Whatever a plan's file holds: a plan, or an error with its place, at once; never anything else."""

import time

import pytest

from cutover.core.base.errors import CutoverError, InvalidPlanError
from cutover.core.plan.load import load_bytes
from cutover.core.plan.model import Plan
from tests.fuzz.corpus import CORPUS, LARGEST
from tests.fuzz.plans import spoiled
from tests.sampling import WHOLE

pytestmark = pytest.mark.uncovered

PARTS = 8
EACH = 100_000 // PARTS if WHOLE else 200
SOON = 2.0
"""Seconds that the worst plan may take."""


@pytest.mark.parametrize("part", range(PARTS))
def test_a_spoiled_plan_is_a_plan_or_an_error_with_its_place(part: int) -> None:
    for data in spoiled(part, EACH):
        began, found = time.process_time(), loaded(data)
        assert repr(found)
        if isinstance(found, CutoverError):
            assert_placed(found, data)
        assert time.process_time() - began < SOON, data


def loaded(data: bytes) -> Plan | InvalidPlanError:
    try:
        return load_bytes(data, "plan.yaml")
    except InvalidPlanError as error:
        return error


def assert_placed(error: CutoverError, data: bytes) -> None:
    """Every problem says what, and in which line of the file."""
    lines = data.count(b"\n") + data.count(b"\r") + 2
    for problem in error.problems:
        assert problem.message, data
        assert problem.file == "plan.yaml", data
        assert 1 <= problem.line <= lines, (problem, data)


@pytest.mark.parametrize("name", CORPUS)
def test_what_is_too_bad_or_too_much_ends_at_once(name: str) -> None:
    data = CORPUS[name]
    began = time.process_time()
    with pytest.raises(InvalidPlanError) as caught:
        load_bytes(data, "plan.yaml")
    assert time.process_time() - began < SOON
    assert_placed(caught.value, data)


def test_the_largest_plan_is_read_at_once() -> None:
    began = time.process_time()
    assert len(load_bytes(LARGEST, "plan.yaml").changes) == 1700
    assert time.process_time() - began < SOON
