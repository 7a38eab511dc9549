"""The worst plans and the worst manifests, given to the real command: refused in words, soon, and in little memory."""

from pathlib import Path
from typing import Final

import pytest

from tests.cli.measured import assert_small, measured
from tests.fuzz.corpus import CORPUS, GOOD, LARGEST, MANIFESTS

pytestmark = pytest.mark.uncovered

INVALID: Final = 2

NO_LINE: Final = frozenset({"empty", "a-megabyte-of-one-value", "five-megabytes"})
"""What is wrong with the file as a whole: no line of it was read."""


@pytest.mark.sampled(9)
@pytest.mark.parametrize("name", CORPUS)
def test_a_plan_that_is_too_bad_is_refused_with_its_line(name: str, tmp_path: Path) -> None:
    file = tmp_path / f"{name}.yaml"
    file.write_bytes(CORPUS[name])
    ran = measured(tmp_path, "validate", str(file))
    assert_small(ran)
    assert (ran.code, ran.out) == (INVALID, "")
    assert ran.err.startswith(f"{file}:")
    line = ran.err.removeprefix(f"{file}:").split(":")[0]
    assert line.isdecimal() or name in NO_LINE, ran.err


def test_the_largest_plan_is_valid(tmp_path: Path) -> None:
    file = tmp_path / "plan.yaml"
    file.write_bytes(LARGEST)
    ran = measured(tmp_path, "validate", str(file))
    assert_small(ran)
    assert (ran.code, ran.err) == (0, "")


@pytest.mark.sampled(4)
@pytest.mark.parametrize("name", MANIFESTS)
def test_manifests_that_are_too_bad_are_refused_with_their_file(name: str, tmp_path: Path) -> None:
    plan, live = tmp_path / "plan.yaml", tmp_path / f"{name}.yaml"
    plan.write_bytes(GOOD)
    live.write_bytes(MANIFESTS[name])
    ran = measured(tmp_path, "diff", str(plan), "--live", str(live))
    assert_small(ran)
    assert ran.code == INVALID
    assert ran.err.startswith(f"{live}:"), ran.err
