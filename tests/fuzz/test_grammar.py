"""Plans of a grammar of all kinds of change: valid as they are, and clearly refused or valid with parts made wrong."""

import time
from dataclasses import replace
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from cutover.core.base.errors import InvalidPlanError, Problem
from cutover.core.plan.changes import OidcChange
from cutover.core.plan.load import load_bytes
from cutover.core.plan.model import Plan
from tests.fuzz.grammar import PLANS, PLANTED, written
from tests.fuzz.mutations import spoiled_documents, spoiled_texts
from tests.sampling import SEED, WHOLE

LAW: Final = settings(
    max_examples=8000 if WHOLE else 200,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
SEEDED: Final = seed(int(SEED, 36))
SOON: Final = 2.0


def became(data: bytes) -> Plan | InvalidPlanError:
    """What becomes of a plan, at once. Any other exception fails the test."""
    began = time.process_time()
    try:
        return load_bytes(data, "plan.yaml")
    except InvalidPlanError as error:
        return error
    finally:
        assert time.process_time() - began < SOON


def assert_told(found: Plan | InvalidPlanError, data: bytes) -> None:
    """A problem says what, and in which line of the file; nothing shows a value that may be a secret."""
    problems = found.problems if isinstance(found, InvalidPlanError) else ()
    lines = len(data.decode(errors="replace").splitlines()) + 1
    assert all(_is_placed(problem, lines) for problem in problems), (found, data)
    assert PLANTED not in repr(_without_description(found)), data


def _is_placed(problem: Problem, lines: int) -> bool:
    return bool(problem.message) and problem.file == "plan.yaml" and 1 <= problem.line <= lines


def _without_description(found: Plan | InvalidPlanError) -> Any:
    """The plan's changes, without what is no place for a secret: texts for people, and the issuers of `accepts`."""
    if isinstance(found, Plan):
        return [replace(change, accepts=()) if isinstance(change, OidcChange) else change for change in found.changes]
    return found.problems


@SEEDED
@LAW
@given(PLANS, st.integers(0, 8))
@pytest.mark.uncovered
def test_every_plan_of_the_grammar_is_valid_in_every_style(plan: Any, flow: int) -> None:
    data = written(plan, flow).encode()
    found = became(data)
    assert isinstance(found, Plan), (found, data)
    assert len(found.changes) == len(plan["spec"]["changes"])
    assert_told(found, data)


@SEEDED
@LAW
@given(spoiled_documents())
@pytest.mark.uncovered
def test_a_plan_with_wrong_parts_is_a_plan_or_an_error_that_shows_no_value(text: str) -> None:
    data = text.encode(errors="surrogatepass")
    assert_told(became(data), data)


@SEEDED
@LAW
@given(spoiled_texts())
@pytest.mark.uncovered
def test_a_plan_with_other_bytes_is_a_plan_or_an_error_with_its_place(data: bytes) -> None:
    found = became(data)
    lines = data.count(b"\n") + data.count(b"\r") + 2 * data.count(b"\xe2\x80\xa8") + data.count(b"\x85") + 2
    assert isinstance(found, Plan) or all(_is_placed(problem, lines) for problem in found.problems), (found, data)
