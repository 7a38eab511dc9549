"""A run with `--record FILE` leaves a file that replays to the same ending, and that holds no secret."""

import json
import signal
import stat

import pytest

from tests.e2e.arena import FAST, SHORT, Arena
from tests.e2e.secrets import planted
from tests.recordings.replay import recorded, replay

pytestmark = pytest.mark.cluster


@pytest.mark.sampled(1)
@pytest.mark.parametrize(("secret", "watch"), [("payments-db-b", FAST), ("candidate", SHORT)], ids=["good", "bad"])
def test_a_recorded_run_replays_to_its_own_ending(arena: Arena, secret: str, watch: str) -> None:
    arena.deploy()
    arena.secret("candidate", url=arena.bed.databases.refused.url())
    file = arena.folder / "recordings" / "run.jsonl"
    outcome = arena.applied(arena.plan(arena.to_secret(secret), watch=watch), "--record", str(file))
    lines = file.read_text().splitlines()
    assert replay(lines) == recorded(lines), outcome.told()
    assert replay(lines).outcome == outcome.report["outcome"]
    assert replay(lines).code == outcome.report["cause"].get("code", "")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert len(lines) > 20
    assert not [name for name, value in planted(arena).items() if value in file.read_text()]


@pytest.mark.whole("tests/commands/test_resume.py::test_both_halves_of_a_run_that_died_are_recorded")
def test_both_halves_of_a_run_that_died_are_recorded(arena: Arena) -> None:
    arena.deploy()
    first, second = arena.folder / "first.jsonl", arena.folder / "second.jsonl"
    plan = arena.plan(arena.to_secret("payments-db-b"), watch=FAST.replace("hold: 1s", "hold: 20s"))
    running = arena.start("apply", plan, "--record", first)
    running.wait_for_line("step 1 of 4: pause")
    running.send(signal.SIGKILL)
    running.finish()
    outcome = arena.cutover("resume", "payments", "-n", arena.namespace, "-o", "json", "--record", second)
    assert outcome.code == 0, outcome.told()
    assert replay(first.read_text().splitlines()).writes == ("cutover",)
    lines = second.read_text().splitlines()
    assert replay(lines) == recorded(lines)
    assert recorded(lines).outcome == "promoted"


@pytest.mark.sampled(1)
def test_a_recording_that_cannot_be_written_disturbs_nothing_and_is_told_once(arena: Arena) -> None:
    arena.deploy()
    file = arena.folder / "notes.txt"
    file.write_text("mine")
    outcome = arena.applied(arena.plan(arena.to_secret("payments-db-b")), "--record", str(file))
    assert outcome.code == 0, outcome.told()
    assert outcome.stderr.count("the run is not recorded in") == 1, outcome.stderr
    assert file.read_text() == "mine"
    assert json.loads(outcome.stdout)["outcome"] == "promoted"
