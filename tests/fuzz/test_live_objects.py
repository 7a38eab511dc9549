"""Whatever the live objects look like: a diff with findings, or an error; never anything else, and at once."""

import json
import time
from random import Random
from typing import Any, Final

import pytest

from cutover.commands.diff import reviewer_diff
from cutover.commands.evaluate import evaluate_on
from cutover.commands.load_plan import LoadedPlan
from cutover.core.base.documents import parsed
from cutover.core.base.errors import CutoverError
from tests.fuzz.live import PLANS, RENDERERS, SUPPLY, objects, rollout, snapshot_of
from tests.fuzz.oddness import odd
from tests.sampling import WHOLE

pytestmark = pytest.mark.uncovered

PARTS: Final = 4
EACH: Final = 2500 if WHOLE else 30
SOON: Final = 2.0

_JSON: Final = frozenset({"diff_json", "diff_patch"})


def said(found: Any, plan: LoadedPlan) -> str:
    """What is shown of the plan on such objects in every way, or the error."""
    try:
        diff = reviewer_diff(evaluate_on(snapshot_of(found), plan, SUPPLY, "suffix"))
    except CutoverError as error:
        return told(error)
    texts = {render.__name__: rendered(render, diff) for render in RENDERERS}
    for name in _JSON:
        if texts[name].startswith(("{", "[")):
            json.loads(texts[name], parse_constant=no_number)
    return "".join(texts.values())


def rendered(render: Any, diff: Any) -> str:
    try:
        return str(render(diff))
    except CutoverError as error:
        return told(error)


def told(error: CutoverError) -> str:
    assert all(problem.message and problem.where() for problem in error.problems), error
    return str(error)


def no_number(text: str) -> None:
    raise AssertionError(text)


@pytest.mark.parametrize("part", range(PARTS))
def test_odd_objects_end_in_a_diff_or_an_error_and_in_no_bug(part: int) -> None:
    random, usual = Random(part), objects()  # noqa: S311 -- no secret
    for _ in range(EACH):
        plan, found = random.choice(PLANS), parsed(json.dumps(odd(usual, random)).encode())
        began = time.process_time()
        text = said(found, plan)
        assert time.process_time() - began < SOON, found
        assert "a bug in cutover" not in text, (text, found)
        assert text.encode()


def spent(variables: int) -> float:
    """Seconds for a template of so many variables, in text."""
    snapshot = snapshot_of({**objects(), "rollout": rollout(variables, 230), "around": {}})
    began = time.process_time()
    assert RENDERERS[0](reviewer_diff(evaluate_on(snapshot, PLANS[1], SUPPLY, "suffix")))
    return time.process_time() - began


def test_a_template_of_a_megabyte_is_shown_and_takes_no_time_that_grows_with_its_square() -> None:
    spent(1)
    few, many = spent(500), spent(3700)
    assert many < 20 * few
    assert many < 2 * SOON, "two seconds, and as many for a crowded machine"


def nested(levels: int) -> Any:
    part: Any = "x"
    for _ in range(levels):
        part = {"a": [part]}
    return part


@pytest.mark.parametrize("levels", [40, 60, 150, 240])
@pytest.mark.parametrize("plan", PLANS)
def test_a_template_that_is_nested_too_deep_is_refused_in_words(levels: int, plan: LoadedPlan) -> None:
    found = objects()
    found["rollout"]["spec"]["template"]["spec"]["affinity"] = nested(levels)
    text = said(found, plan)
    assert ("expected at most 100 levels in spec.template, found more" in text) is (levels > 50)
