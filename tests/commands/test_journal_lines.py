"""The journal of a run, to the letter: `cutover runs` of another version reads it.

The files in `tests/recordings/wire` were written by the version before the names of these fields were spelled out, from
two of the recorded runs.
"""

import json
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from cutover.adapters.journal import Journal
from cutover.commands import run_setup
from cutover.commands.run_setup import open_journal
from cutover.core.base.redaction import Redactor
from cutover.core.engine.step import advance
from cutover.core.review.runs import RunLine, run_of
from cutover.runtime.record import Record
from tests.core.writes.test_lock_holder import BOB
from tests.recordings.replay import first_state, observations, read

RECORDINGS: Final = Path(__file__).parents[1] / "recordings"


def kept(name: str) -> str:
    return (RECORDINGS / "wire" / f"journal_{name}.jsonl").read_text(encoding="utf-8")


def journal_of(name: str, monkeypatch: pytest.MonkeyPatch) -> Journal:
    """The journal that the recorded run leaves; every moment of it is one of the recording."""
    documents = read((RECORDINGS / "runs" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines())
    state, seen = first_state(documents), tuple(observations(documents))
    moments = [seen[0].at]
    monkeypatch.setattr(run_setup, "now", lambda: moments[-1])
    record = Record(Redactor(b"k" * 32), lambda: moments[-1], moments[0])
    journal = open_journal(record, replace(BOB, session=name), "apply", state.run_spec.target, "payments-to-db")
    for observation in seen:
        moments.append(observation.at)
        state, decision = advance(state, observation)
        for fact in decision.facts:
            record.add(fact)
        if decision.ending is not None:
            break
    assert journal.flush(5.0)
    return journal


@pytest.mark.parametrize("name", ["good", "bad_database"])
def test_a_journal_reads_as_ever(name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert journal_of(name, monkeypatch).file.read_text(encoding="utf-8") == kept(name)


@pytest.mark.parametrize(("name", "outcome"), [("good", "promoted"), ("bad_database", "held")])
def test_the_run_in_a_journal_of_an_earlier_version_is_listed(name: str, outcome: str) -> None:
    lines = [json.loads(line) for line in kept(name).splitlines()]
    begin = lines[0]
    expected = RunLine("run-1", begin["target"], "payments-to-db", outcome, "here", began=begin["at"])
    assert run_of(lines) == (expected,)
    assert run_of(lines[:-1]) == (replace(expected, outcome="unfinished"),)
