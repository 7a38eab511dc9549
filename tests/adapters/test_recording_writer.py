"""The file of a recording: private, new, and never in the way of the run."""

import stat
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cutover.adapters.recording_writer import Recording
from cutover.core.base.outcomes import Ending, Outcome, SpecState
from cutover.core.base.redaction import Redactor
from cutover.core.recording.header_footer import LastLine
from tests.core.engine.play import Play
from tests.core.recording.recorded_plays import recording
from tests.recordings.replay import recorded, replay

ENDING = Ending(Outcome.HELD, None, SpecState.RESTORED)


def recorded_in(file: Path, *, odd: bool = False) -> None:
    """A run of three observations, recorded in that file; `odd` is one that no recording can hold."""
    with recording() as played:
        play = Play().begins().accepts("cutover").sees()
    kept = Recording(file)
    kept.begin(played.begun[0], Redactor(b"key"))
    for seen in played.seen:
        strange: tuple[Any, ...] = (object(),) if odd else ()
        kept.see(replace(seen, evidence=strange))
    for write in play.writes:
        kept.sent(write)
    kept.end(ENDING)


def test_a_run_is_kept_in_a_private_file(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "folder" / "run.jsonl"
    recorded_in(file)
    lines = file.read_text().splitlines()
    assert recorded(lines) == LastLine("held", "", ("cutover",))
    assert replay(lines[:-1]) == LastLine("", "", ("cutover",))
    assert len(lines) == 5
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert capfd.readouterr() == ("", "")


def test_a_file_with_something_in_it_is_left_alone(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "notes"
    file.write_text("mine")
    recorded_in(file)
    assert file.read_text() == "mine"
    told = f"cutover: the run is not recorded in {file}: it is there already, and not empty\n"
    assert capfd.readouterr() == ("", told)


def test_an_empty_file_that_was_there_is_private_from_then_on(tmp_path: Path) -> None:
    file = tmp_path / "run.jsonl"
    file.touch()
    file.chmod(0o644)
    recorded_in(file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert recorded(file.read_text().splitlines()).outcome == "held"


def test_a_device_keeps_its_mode() -> None:
    before = Path("/dev/full").stat().st_mode
    recorded_in(Path("/dev/full"))
    assert Path("/dev/full").stat().st_mode == before


def test_a_place_that_cannot_be_written_is_told_once(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    recorded_in(tmp_path)
    assert capfd.readouterr().err == f"cutover: the run is not recorded in {tmp_path}: Is a directory\n"


def test_a_full_disk_is_told_once(capfd: pytest.CaptureFixture[str]) -> None:
    recorded_in(Path("/dev/full"))
    assert capfd.readouterr().err == "cutover: the run is not recorded in /dev/full: No space left on device\n"


def test_a_defect_of_the_recorder_is_told_once_and_raised_nowhere(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    recorded_in(tmp_path / "run.jsonl", odd=True)
    assert capfd.readouterr().err.endswith("run.jsonl: a defect in cutover (ValueError)\n")
