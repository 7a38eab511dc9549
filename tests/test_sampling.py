"""`make test` leaves parts of the matrices to `make test-all`; what each run has to see on the real cluster is here.

A test that is marked `whole` or `sampled` may be left out. So each exit code, each kind of change, each signal of the
system, and each guarantee that is proven below `tests/e2e/` needs a test there that is not.
"""

import ast
import re
from pathlib import Path
from typing import Final

import pytest

from cutover.core.base.outcomes import DIFFERENCES_FOUND, EXIT_CODES, Outcome
from cutover.core.patch.change_kinds import ALL
from tests import sampling
from tests.sampling import drawn

TESTS: Final = Path(__file__).parent
GUARANTEES: Final = (TESTS.parent / "docs" / "guarantees.md").read_text(encoding="utf-8")

SEEN_AS: Final = {
    "env": r"to_secret\(",
    "configMap": r"configMap: \{",
    "secret": r"secret: \{",
    "database": r"database: \{",
    "oidc": r"oidc: \{",
    "patch": r"patch:",
}
"""How a test writes a change of each kind."""


def _may_be_left_out(node: ast.stmt) -> bool:
    decorators = node.decorator_list if isinstance(node, ast.FunctionDef) else []
    return any(re.search(r"mark\.(whole|sampled)", ast.unparse(each)) for each in decorators)


def _kept(file: Path) -> str:
    """Return a file of tests without those that may be left out."""
    nodes = ast.parse(file.read_text(encoding="utf-8")).body
    if any(isinstance(node, ast.Assign) and re.search(r"mark\.(whole|sampled)", ast.unparse(node)) for node in nodes):
        return ""  # `pytestmark`: of all of them
    return "\n".join(ast.unparse(node) for node in nodes if not _may_be_left_out(node))


def _takes_one(file: str) -> bool:
    """Whether a run takes at least one test of the file: one that is not marked, or one that the seed draws."""
    return "def test_" in KEPT[file] or "mark.sampled" in FILES[file].read_text(encoding="utf-8")


FILES: Final = {str(file.relative_to(TESTS.parent)): file for file in sorted((TESTS / "e2e").rglob("test_*.py"))}
KEPT: Final = {name: _kept(file) for name, file in FILES.items()}
ALWAYS: Final = "\n".join(KEPT.values())
EVERYTHING: Final = "\n".join(file.read_text(encoding="utf-8") for file in FILES.values())
ROWS: Final = {row.split("|")[1].strip(): row for row in GUARANTEES.splitlines() if row.startswith("|") and "`" in row}


@pytest.mark.parametrize("code", sorted({*EXIT_CODES.values(), DIFFERENCES_FOUND} - {EXIT_CODES[Outcome.ERROR]}))
def test_each_exit_code_is_seen_in_every_run(code: int) -> None:
    """All but that of a defect of our own, which no cluster brings about (`tests/cli/test_error_handling.py`)."""
    assert re.search(rf"\.code == {code}\b|code, .*\) == \({code}, ", ALWAYS)


@pytest.mark.parametrize("kind", [kind.name for kind in ALL])
def test_each_kind_of_change_is_seen_in_every_run(kind: str) -> None:
    assert re.search(SEEN_AS[kind], ALWAYS)


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP", "SIGKILL"])
def test_each_signal_is_seen_in_every_run(name: str) -> None:
    assert re.search(rf"\b{name}\b", ALWAYS)


@pytest.mark.parametrize("guarantee", ROWS)
def test_each_guarantee_that_a_cluster_proves_is_seen_in_every_run(guarantee: str) -> None:
    row = ROWS[guarantee]
    tests = [name for name in re.findall(r"`(test_\w+)`", row) if f"def {name}(" in EVERYTHING]
    files = re.findall(r"`(tests/e2e/[\w/]+\.py)`", row)
    seen = [name for name in tests if f"def {name}(" in ALWAYS] + [file for file in files if _takes_one(file)]
    assert seen or not (tests or files)


@pytest.mark.parametrize("number", [1, 3, 10])
def test_a_sample_is_the_seeds_and_in_order(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sampling, "WHOLE", False)
    rows = [f"row {index}" for index in range(10)]
    taken = drawn("a matrix", rows, number)
    assert (len(taken), taken) == (number, sorted(taken))
    assert drawn("a matrix", rows, number) == taken


def test_another_seed_draws_another_sample_and_a_whole_run_takes_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sampling, "WHOLE", False)
    samples = set()
    for seed in ("1", "2", "3", "4"):
        monkeypatch.setattr(sampling, "SEED", seed)
        samples.add(tuple(drawn("a matrix", range(100), 3)))
    assert len(samples) > 1
    monkeypatch.setattr(sampling, "WHOLE", True)
    assert drawn("a matrix", range(100), 3) == list(range(100))
