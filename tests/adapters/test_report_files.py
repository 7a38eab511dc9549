"""Reports on this machine: stored for their owner only, and the last one of a run is what it ended with."""

import json
from pathlib import Path

import pytest

from cutover.adapters.report_files import read_report, reported_runs, save_report
from cutover.core.base.errors import UsageError


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    return tmp_path / "cutover" / "runs"


def test_the_last_report_of_a_run_is_read(folder: Path) -> None:
    for outcome in ("holding", "promoted"):
        save_report("20261126-1", json.dumps({"outcome": outcome}, indent=2) + "\n")
    assert read_report("20261126-1") == {"outcome": "promoted"}
    assert (folder / "20261126-1.json").stat().st_mode & 0o777 == 0o600


def test_runs_are_listed_with_the_newest_first_and_without_journals(folder: Path) -> None:
    for run in ("20261125-1", "20261126-1"):
        save_report(run, "{}\n")
    (folder / "20261127-1.jsonl").write_text("{}\n")
    assert reported_runs() == ("20261126-1", "20261125-1")


def test_without_a_folder_there_are_no_runs() -> None:
    assert reported_runs() == ()


@pytest.mark.parametrize("text", ['{"a": 1}\n{"outcome": ', "{} x", "[" * 100_000, "\udcff"])
def test_a_report_that_was_cut_off_is_none(folder: Path, text: str) -> None:
    save_report("20261126-1", "{}\n")
    (folder / "20261126-1.json").write_bytes(text.encode(errors="surrogateescape"))
    with pytest.raises(UsageError, match="expected the report of a run, found something else"):
        read_report("20261126-1")


def test_a_report_that_may_not_be_read_says_why(folder: Path) -> None:
    (folder / "20261126-1.json").mkdir(parents=True)
    with pytest.raises(UsageError, match="the report cannot be read: Is a directory"):
        read_report("20261126-1")


@pytest.mark.parametrize("name", ["../x", "/x", "..", "", "a/b", "x\n"])
def test_what_is_no_name_of_a_run_becomes_no_file(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    assert "is not kept" in save_report(name, "{}\n")
    assert list(tmp_path.rglob("*")) == []
