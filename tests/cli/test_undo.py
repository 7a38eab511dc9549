"""`cutover undo`: what is wrong with the run or the command line is said before any cluster is asked."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.process import cutover
from tests.core.review.documents import ENV, RUN, report

PLACE = (*ENV, "DATABASE_URL")


def keep(home: Path, run: str = RUN, **more: Any) -> None:
    folder = home / "cutover" / "runs"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{run}.json").write_text(json.dumps(report(PLACE, **more), indent=2) + "\n")


def test_an_unknown_run_is_invalid_and_those_that_are_known_are_listed(tmp_path: Path) -> None:
    keep(tmp_path)
    done = cutover("undo", "20261126-134126-9499b1a", home=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert 'RUN: no report of a run "20261126-134126-9499b1a" is kept on this machine' in done.stderr
    assert f"name one of: {RUN}" in done.stderr


@pytest.mark.parametrize("run", ["../../plan", "/etc/passwd", ""])
def test_a_path_is_no_run(tmp_path: Path, run: str) -> None:
    (tmp_path / "plan.json").write_text("{}")
    done = cutover("undo", run, home=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "no report is kept here" in done.stderr


def test_a_report_of_another_version_is_invalid(tmp_path: Path) -> None:
    keep(tmp_path, base=None)
    done = cutover("undo", RUN, home=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert f"the report of run {RUN} lacks base: another version of cutover wrote it" in done.stderr


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"outcome": "held"}, "nothing of it stands: it ended held"),
        ({"outcome": "holding"}, "`cutover abort payments --context prod` goes back from there"),
        ({"pointOfNoReturn": {"at": "promotion", "passed": True}}, "it passed its point of no return"),
    ],
)
def test_a_run_that_no_plan_can_undo_is_refused_and_nothing_is_printed(
    tmp_path: Path, more: dict[str, Any], words: str
) -> None:
    keep(tmp_path, **more)
    file = tmp_path / "undo.yaml"
    done = cutover("undo", RUN, "--out", str(file), home=tmp_path)
    assert (done.returncode, done.stdout, file.exists()) == (3, "", False)
    assert words in done.stderr
    assert "refused (exit code 3)" in done.stderr


@pytest.mark.parametrize(("flag", "told"), [("-n", "payments"), ("--context", "prod")])
def test_a_flag_that_disagrees_with_the_run_is_refused(tmp_path: Path, flag: str, told: str) -> None:
    keep(tmp_path)
    done = cutover("undo", RUN, flag, "elsewhere", home=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert f"{flag} says 'elsewhere', run {RUN} was in '{told}'" in done.stderr


def test_a_file_that_is_there_is_kept(tmp_path: Path) -> None:
    keep(tmp_path)
    file = tmp_path / "undo.yaml"
    file.write_text("reviewed")
    done = cutover("undo", RUN, "--out", str(file), home=tmp_path)
    assert (done.returncode, done.stdout, file.read_text()) == (2, "", "reviewed")
    assert f"{file}: the file is there already" in done.stderr
