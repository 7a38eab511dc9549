"""What the documents promise exists: commands, exit codes, links, and the tests that stand behind each guarantee."""

import re
from pathlib import Path

import pytest

from cutover.cli.main import COMMANDS
from cutover.core.base.outcomes import DIFFERENCES_FOUND, EXIT_CODES
from tests.docs_capture import LEFT_OUT, captured_in, excerpts, put

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
WALKTHROUGH = (ROOT / "docs" / "walkthrough.md").read_text()
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
WHOLE = ["plan", "diff", "good", "bad", "users"]
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


def test_the_readme_shows_words_of_the_whole_runs() -> None:
    whole = captured_in(WALKTHROUGH)
    assert put(README, whole | excerpts(whole)) == README
    for excerpt, run in (("diff-excerpt", "diff"), ("bad-excerpt", "bad")):
        lines = captured_in(README)[excerpt].splitlines()
        assert set(lines) - {LEFT_OUT} <= set(whole[run].splitlines())
        assert LEFT_OUT in lines


def test_every_capture_is_marked_as_one() -> None:
    """A marker with a slip in it would keep what it has for ever."""
    for text, names in ((README, ["plan", "diff-excerpt", "bad-excerpt"]), (WALKTHROUGH, WHOLE)):
        assert list(captured_in(text)) == names
        assert text.count("<!-- capture:") == text.count("<!-- end -->") == len(names)


def test_the_readme_tells_a_visitor_on_the_first_screen_how_a_bad_run_ends() -> None:
    screen = README.splitlines()[:65]
    assert any(line.lstrip().startswith("pipx install .") for line in screen)
    assert any("kind: CutoverPlan" in line for line in screen)
    assert "What will happen" in screen
    assert any(line.startswith("HELD: ") for line in screen)
    assert "  spec: restored, exit code 10" in screen


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_to_a_file_leads_to_one(page: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", page.read_text())
    assert [link for link in links if not (page.parent / link).exists()] == []


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
