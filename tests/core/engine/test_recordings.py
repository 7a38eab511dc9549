"""Runs that really happened, on a real cluster: the machine of today decides as the one that was there.

`python -m tests.recordings.make` records them anew. Where a decision is meant to change, that is what is to be done.
"""

from pathlib import Path
from typing import Final

import pytest

from tests.recordings.replay import observations, read, recorded, replay

RUNS: Final = Path(__file__).parents[2] / "recordings" / "runs"
FOUND: Final = tuple(sorted(file.stem for file in RUNS.glob("*.jsonl")))

ENDINGS: Final = {
    "good": ("promoted", ""),
    "bad_database": ("held", "deadline"),
    "crash_loop": ("held", "crash-loop"),
    "interrupted_at_the_pause": ("interrupted", "interrupted"),
    "somebody_elses_template": ("superseded", "superseded"),
    "failed_in_the_bake": ("reverted", "relapse"),
    "resumed_at_the_pause": ("promoted", ""),
}
"""How the runs that are always there have to have ended."""


@pytest.mark.parametrize("name", FOUND)
def test_a_recorded_run_is_decided_as_it_was(name: str) -> None:
    lines = (RUNS / f"{name}.jsonl").read_text().splitlines()
    assert replay(lines) == recorded(lines)


@pytest.mark.parametrize("name", ENDINGS)
def test_the_usual_runs_are_there(name: str) -> None:
    lines = (RUNS / f"{name}.jsonl").read_text().splitlines()
    ending = recorded(lines)
    assert (ending.outcome, ending.code) == ENDINGS[name]
    assert len(tuple(observations(read(lines)))) > 20
