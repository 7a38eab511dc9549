"""`python -m tests.recordings.make [NAME…]`: record runs on the bed, all or those named, for `tests/core/engine`.

Not under `nohup`: one of the runs is interrupted, and a signal that was ignored stays ignored.
"""

import secrets
import signal
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from tests.cluster.bed import Bed
from tests.e2e.arena import FAST, SHORT, USUAL, Arena
from tests.e2e.running import CommandResult, Running
from tests.e2e.secrets import planted
from tests.recordings.replay import recorded, replay

RUNS: Final = Path(__file__).parent / "runs"

LARGEST: Final = 200_000
"""Bytes that a recording may have, so that the repository stays small."""

SLOW: Final = "watch: {readyWithin: 60s, adoptWithin: 20s, hold: 60s, bake: 60s}"
CRASHES: Final = "watch: {readyWithin: 60s, adoptWithin: 20s, hold: 30s, bake: 1s}"
BAKES: Final = "watch: {readyWithin: 30s, adoptWithin: 20s, hold: 0s, bake: 60s}"

ONLY_B: Final = {"FAULT_WHEN_IDENTITY": "db-b"}


# -- the runs ----------------------------------------------------------------------------------------------------------


def good(arena: Arena, file: Path) -> CommandResult:
    """A good plan is promoted."""
    arena.deploy(**USUAL)
    return _begun(arena, file, "payments-db-b", FAST).finish()


def bad_database(arena: Arena, file: Path) -> CommandResult:
    """Nothing listens at the new address."""
    arena.deploy(**USUAL)
    arena.secret("candidate", url=arena.bed.databases.refused.url())
    return _begun(arena, file, "candidate", SHORT).finish()


def crash_loop(arena: Arena, file: Path) -> CommandResult:
    """The application exits with the new values."""
    arena.deploy(**USUAL, env={"FAULT": "crash_loop:1", **ONLY_B})
    return _begun(arena, file, "payments-db-b", CRASHES).finish()


def interrupted_at_the_pause(arena: Arena, file: Path) -> CommandResult:
    """A person presses Ctrl-C while the run holds at the first pause."""
    arena.deploy(**USUAL)
    running = _begun(arena, file, "payments-db-b", SLOW)
    running.wait_for_line("step 1 of 4: pause")
    running.send(signal.SIGINT)
    return running.finish()


def somebody_elses_template(arena: Arena, file: Path) -> CommandResult:
    """Somebody else writes a template while the run holds at the first pause."""
    arena.deploy(**USUAL)
    running = _begun(arena, file, "payments-db-b", SLOW)
    running.wait_for_line("step 1 of 4: pause")
    arena.patch_env("FEATURE_X", "theirs")
    return running.finish()


def failed_in_the_bake(arena: Arena, file: Path) -> CommandResult:
    """The new values go bad after the promotion."""
    arena.deploy(**USUAL, env={"FAULT": "ready_then_unready:14", **ONLY_B})
    return _begun(arena, file, "payments-db-b", BAKES).finish()


def resumed_at_the_pause(arena: Arena, file: Path) -> CommandResult:
    """The process is killed at the first pause, and another one finishes the run."""
    arena.deploy(**USUAL)
    running = _begun(arena, file.with_suffix(".killed"), "payments-db-b", CRASHES.replace("30s", "5s"))
    running.wait_for_line("step 1 of 4: pause")
    running.send(signal.SIGKILL)
    running.finish()
    return arena.cutover("resume", "payments", "-n", arena.namespace, "-o", "json", "--record", file)


MADE: Final[Mapping[str, Callable[[Arena, Path], CommandResult]]] = {
    "good": good,
    "bad_database": bad_database,
    "crash_loop": crash_loop,
    "interrupted_at_the_pause": interrupted_at_the_pause,
    "somebody_elses_template": somebody_elses_template,
    "failed_in_the_bake": failed_in_the_bake,
    "resumed_at_the_pause": resumed_at_the_pause,
}


def _begun(arena: Arena, file: Path, secret: str, watch: str) -> Running:
    plan = arena.plan(arena.to_secret(secret), watch=watch)
    return arena.start("apply", plan, "-o", "json", "--record", file)


# -- making them -------------------------------------------------------------------------------------------------------


def main(names: tuple[str, ...]) -> int:
    """Make the recordings; each one is checked before it takes the place of the one before."""
    bed = Bed.up()
    RUNS.mkdir(exist_ok=True)
    for name in names or tuple(MADE):
        text, outcome = _made(bed, name)
        (RUNS / f"{name}.jsonl").write_text(text)
        print(f"{name}: exit {outcome.code}, {len(text.splitlines())} lines, {len(text.encode())} bytes", flush=True)
    return 0


def _made(bed: Bed, name: str) -> tuple[str, CommandResult]:
    with tempfile.TemporaryDirectory() as folder:
        arena = Arena(bed, f"recording-{name.replace('_', '-')}-{secrets.token_hex(4)}", Path(folder))
        try:
            file = Path(folder) / "recording.jsonl"
            outcome = MADE[name](arena, file)
            assert file.exists(), outcome.told()
            text = file.read_text()
            check(text, outcome, arena)
            return text, outcome
        finally:
            arena.kubectl("delete", "namespace", arena.namespace, "--ignore-not-found", "--wait=false")


def check(text: str, outcome: CommandResult, arena: Arena) -> None:
    """The recording replays to the ending that the run reported, is small enough, and holds no secret.

    Raises:
        AssertionError: it is not so.
    """
    lines = text.splitlines()
    assert replay(lines) == recorded(lines), (replay(lines), outcome.told())
    assert recorded(lines).outcome == outcome.report["outcome"], outcome.told()
    assert len(text.encode()) <= LARGEST, f"{len(text.encode())} bytes"
    leaked = [secret for secret, value in planted(arena).items() if value in text]
    assert not leaked, leaked


if __name__ == "__main__":
    sys.exit(main(tuple(sys.argv[1:])))
