"""What the documents promise exists: commands, exit codes, and the tests that stand behind each guarantee."""

import re
from pathlib import Path

import pytest

from cutover.cli.main import COMMANDS
from cutover.core.base.outcomes import DIFFERENCES_FOUND, EXIT_CODES

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
GUARANTEES = (ROOT / "docs" / "guarantees.md").read_text()
TESTS = "\n".join(file.read_text() for file in (ROOT / "tests").rglob("*.py"))


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_in_the_readme(command: str) -> None:
    assert f"| `cutover {command}" in README


def test_every_exit_code_is_in_the_readme_with_its_outcomes() -> None:
    rows = re.findall(r"^\| (\d+) \|([^|]*)\|", README, re.MULTILINE)
    told = {int(code): set(re.findall(r"`(\w+)`", outcomes)) for code, outcomes in rows}
    meant: dict[int, set[str]] = {DIFFERENCES_FOUND: set()}
    for outcome, code in EXIT_CODES.items():
        meant.setdefault(code, set()).add(outcome.value)
    assert told == meant


def test_every_test_that_a_guarantee_names_exists() -> None:
    named = set(re.findall(r"`(test_\w+|\w+)`(?=[,| ])", GUARANTEES))
    functions = {name for name in named if name.startswith("test_")}
    laws = {"every_write_is_guarded", "nothing_promoted_unseen", "nothing_against_others"}
    assert functions
    assert laws <= named
    for name in functions | laws:
        assert f"def {name}(" in TESTS, name
    for file in re.findall(r"`(tests/[\w/]+\.py)`", GUARANTEES):
        assert (ROOT / file).is_file(), file
