"""The kill matrix: `cutover` is killed at every write of every kind of run, and `resume` finishes what it began.

`make test` takes a sample (`CUTOVER_SEED` names it), `make test-all` every row. Each row prints what was killed at
which write and how it ended; the lines are kept in build/kill-matrix.txt.
"""

import os
import random
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Final

import pytest

from tests.cluster.bed import Bed
from tests.conftest import namespace_for
from tests.e2e.arena import Arena
from tests.e2e.matrix.proxy import Fault, Proxy
from tests.e2e.matrix.rows import (
    SCENARIOS,
    Before,
    Row,
    Scenario,
    all_is_well,
    right_ending,
    run_through,
    stored,
    verdict,
)
from tests.e2e.matrix.sabotage import sabotage
from tests.e2e.running import Outcome
from tests.e2e.secrets import assert_nothing_leaked

pytestmark = [pytest.mark.cluster, pytest.mark.alone]

WHOLE: Final = bool(os.environ.get("CUTOVER_WHOLE"))
SEED: Final = os.environ.get("CUTOVER_SEED", "4")
SAMPLE: Final = 2
"""Rows of each scenario in a sample."""

MOST_WRITES: Final = 20
FAULTS: Final = (Fault.KILL_BEFORE, Fault.KILL_AFTER)


@contextmanager
def fresh(bed: Bed, name: str, folder: Path) -> Iterator[Arena]:
    """A namespace for one row; nothing secret may have left it."""
    arena = Arena(bed, namespace_for(f"test_{name}"), folder)
    try:
        yield arena
        assert_nothing_leaked(arena)
    finally:
        arena.kubectl("delete", "namespace", arena.namespace, "--ignore-not-found", "--wait=false")


def killed(arena: Arena, proxy: Proxy, row: Row) -> bool:
    """Whether the run was killed at that write; it may be over before it gets to it."""
    proxy.kills(row.number, row.fault)
    running = run_through(arena, proxy, "apply", row.scenario.plan(arena))
    try:
        row.scenario.provoke(running)
    except AssertionError:
        assert len(proxy.writes) >= row.number, "it ended before it could be provoked"
    running.finish()
    return len(proxy.writes) >= row.number


def resumed(arena: Arena) -> Outcome:
    """`cutover resume` by one that knows nothing of the run."""
    env = {"XDG_STATE_HOME": str(arena.folder / "another")}
    return arena.start("resume", "payments", "-n", arena.namespace, "-o", "json", env=env).finish()


def tell(row: Row, proxy: Proxy, outcome: Outcome) -> None:
    """One line for a row, on the screen and in the file."""
    asked = proxy.writes[row.number - 1]
    line = f"{row.scenario.name:12} {row.fault.value:6} {asked} -> {outcome.report['outcome']} ({outcome.code})"
    print(line)
    Path("build").mkdir(exist_ok=True)
    with Path("build/kill-matrix.txt").open("a", encoding="utf-8") as lines:
        lines.write(line + "\n")


def sabotaged(arena: Arena, scenario: Scenario) -> AbstractContextManager[None]:
    """What goes wrong by itself while the row lasts."""
    return sabotage(arena) if scenario.sabotaged else nullcontext()


def carried_out(arena: Arena, row: Row) -> bool:
    """One row; false where the run has fewer writes."""
    row.scenario.deploy(arena)
    before = Before.of(arena)
    with Proxy(arena.bed) as proxy, arena.load(20) as users, sabotaged(arena, row.scenario):
        if not killed(arena, proxy, row):
            return False
        outcome = resumed(arena)
        result = users.stop()
    done = stored(proxy.writes[: row.number], row.fault)
    tell(row, proxy, outcome)
    all_is_well(arena, before, outcome, right_ending(row.scenario, done), result)
    return True


def rows(scenario: Scenario) -> list[Row]:
    """Every row there may be, or a sample in the seed's order."""
    every = [Row(scenario, number, fault) for number in range(1, MOST_WRITES + 1) for fault in FAULTS]
    if WHOLE:
        return every
    return random.Random(f"{SEED} {scenario.name}").sample(every, len(every))  # noqa: S311 -- a sample, no secret


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_a_run_that_is_killed_at_any_write_is_finished(bed: Bed, scenario: Scenario, tmp_path: Path) -> None:
    print(f"\nseed {SEED}{', whole' if WHOLE else ''}")
    number = 0
    longest = MOST_WRITES
    for row in rows(scenario):
        if row.number > longest:
            continue
        with fresh(bed, f"{scenario.name}-{row.number}-{row.fault.value}", tmp_path) as arena:
            if carried_out(arena, row):
                number += 1
            else:
                longest = row.number - 1
        if not WHOLE and number == SAMPLE:
            break
    assert number >= SAMPLE


@pytest.mark.parametrize("late", [False, True], ids=["going on", "going back"])
def test_a_resume_that_is_killed_at_any_write_is_finished(bed: Bed, tmp_path: Path, late: bool) -> None:  # noqa: FBT001
    """The bad run is killed when it has begun, or when its verdict is noted; then `resume` is, and then it is not."""
    scenario = next(found for found in SCENARIOS if found.name == "bad")
    numbers = list(range(1, MOST_WRITES + 1))
    if not WHOLE:
        random.Random(SEED).shuffle(numbers)  # noqa: S311 -- a sample, no secret
    done, longest = 0, MOST_WRITES
    for number in numbers:
        if number > longest:
            continue
        fault = FAULTS[number % 2]
        with fresh(bed, f"resume-{late}-{number}", tmp_path) as arena:
            if resume_killed(arena, scenario, number, fault, late=late):
                done += 1
            else:
                longest = number - 1
        if not WHOLE and done == 1:
            break
    assert done


def resume_killed(arena: Arena, scenario: Scenario, number: int, fault: Fault, *, late: bool) -> bool:
    """One row in which `resume` is killed; false where it has fewer writes."""
    scenario.deploy(arena)
    before = Before.of(arena)
    with Proxy(arena.bed) as first, Proxy(arena.bed) as second, arena.load(20) as users:
        first.hook = lambda asked: Fault.KILL_AFTER if (verdict(asked) if late else asked.number == 2) else Fault.NONE
        run_through(arena, first, "apply", scenario.plan(arena)).finish()
        second.kills(number, fault)
        run_through(arena, second, "resume", "payments", "-n", arena.namespace).finish()
        if len(second.writes) < number:
            return False
        outcome = resumed(arena)
        result = users.stop()
    tell(Row(scenario, number, fault), second, outcome)
    all_is_well(arena, before, outcome, right_ending(scenario, first.writes + stored(second.writes, fault)), result)
    return True
