"""`cutover`, and `resume` itself, killed at each discovered write; every row in a namespace of its own.

`make test` takes a sample by its seed, of the writes that every run of a kind has (`FEWEST`); `make test-all` discovers
them, and takes every row. Half of the rows arm a dead-man. A row in which nobody is killed has failed.
Each row prints what was killed at which write and how it ended; the lines are kept in build/kill-matrix.txt.
"""

import signal
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

import pytest

from tests.cluster.bed import Bed
from tests.e2e.kills.proxy import ProxiedRequest, Proxy, ProxyFault
from tests.e2e.kills.rows import (
    FEWEST,
    SCENARIOS,
    RolloutBefore,
    Scenario,
    all_is_well,
    apply,
    begun,
    fresh,
    must_be_stopped,
    nobody_noticed,
    resume,
    resume_through,
    stored,
)
from tests.e2e.kills.writes import cutover, verdict
from tests.e2e.running import CommandResult
from tests.sampling import SEED, WHOLE, drawn

pytestmark = [pytest.mark.cluster, pytest.mark.users]

FAULTS: Final = (ProxyFault.KILL_BEFORE, ProxyFault.KILL_AFTER)
DISARM: Final = 4
"""The write that only runs with a dead-man have; all after it are one number later there."""

Point = Callable[[ProxiedRequest], bool]
MID_POINTS: Final[tuple[tuple[str, Point], ...]] = (
    ("good", cutover),
    ("bad", verdict),
    *([("bad", cutover), ("bake", verdict)] if WHOLE else []),
)


def rows(name: str, counts: dict[bool, int]) -> Iterator[tuple[bool, int, ProxyFault]]:
    """Dead-man, write and fault of every row, or of one by the seed; `counts` are the writes with and without one.

    Every write is killed before it without a dead-man, and after it with one.
    """
    print(f"\nseed {SEED}{', whole' if WHOLE else ''}: {name}, {counts} writes by dead-man")
    every = [
        (deadman, number, fault)
        for deadman, count in counts.items()
        for number in range(1, count + 1)
        for fault in FAULTS
        if not WHOLE or deadman == (fault is ProxyFault.KILL_AFTER) or (deadman and number == DISARM)
    ]
    yield from drawn(name, every)


def variants(name: str) -> tuple[bool, ...]:
    """With and without a dead-man; in a sample one of them."""
    return tuple(drawn(name, (False, True)))


def numbers(name: str, discovers: Mapping[bool, Callable[[], int]]) -> dict[bool, int]:
    """How many writes there are to be killed at, by dead-man: in a sample those that every run of the kind has."""
    if not WHOLE:
        return {deadman: FEWEST[name][deadman] for deadman in discovers}
    counts = {deadman: discover() for deadman, discover in discovers.items()}
    more = {deadman: count - FEWEST[name][deadman] for deadman, count in counts.items()}
    assert set(more.values()) <= {0, 1}, f"{name}, by dead-man: {counts} writes, and FEWEST says {FEWEST[name]}"
    return counts


def tell(label: str, number: int, fault: ProxyFault, writes: list[ProxiedRequest], last: CommandResult) -> None:
    """One line for a row, on the screen and in the file; nothing for a run that only discovers its writes."""
    if not number:
        return
    ending = last.report.get("outcome", "no report")
    at = str(writes[number - 1]).partition(" ")[2] if number <= len(writes) else f"not reached, {len(writes)} writes"
    line = f"{label} {number} {fault.value} {at} -> {ending} ({last.code})"
    print(line, flush=True)
    Path("build").mkdir(exist_ok=True)
    with Path("build/kill-matrix.txt").open("a", encoding="utf-8") as lines:
        lines.write(line + "\n")


def discovered(bed: Bed, scenario: Scenario, folder: Path) -> list[ProxiedRequest]:
    """The writes of a run that nobody kills, which has to end as it should itself."""
    with fresh(bed, f"{scenario}", folder) as arena:
        world = RolloutBefore.before(arena, scenario)
        with Proxy(bed) as proxy, arena.load(20) as users, scenario.spoiling(arena):
            last = apply(arena, proxy, scenario)
            nobody_noticed(users.stop(), last)
        assert last.code == scenario.ending[0], last.told()
        world.check(arena, promoted=last.code == 0)
    return proxy.writes


def one_row(bed: Bed, scenario: Scenario, number: int, fault: ProxyFault, folder: Path) -> None:
    """The run is killed there and finished by `resume`."""
    with fresh(bed, f"{scenario}-{number}-{fault.value}", folder) as arena:
        world = RolloutBefore.before(arena, scenario)
        with Proxy(bed) as proxy, arena.load(20) as users, scenario.spoiling(arena):
            proxy.kills(number, fault)
            last = apply(arena, proxy, scenario)
            done = begun(proxy.writes)
            if was_killed(last, proxy, number, FEWEST[scenario.name][scenario.deadman]):
                done = stored(proxy.writes, number, fault)
                last = resume(arena, interrupt=must_be_stopped(scenario, done))
            tell(str(scenario), number, fault, proxy.writes, last)
            nobody_noticed(users.stop(), last)
        all_is_well(arena, scenario, world, done, last=last)


def was_killed(last: CommandResult, proxy: Proxy, number: int, fewest: int) -> bool:
    """Whether it was killed at that write; at one that not every run of its kind has, it need not be."""
    killed = last.code == -signal.SIGKILL
    assert killed == (len(proxy.writes) >= number), last.told()
    assert killed or number > fewest, f"nobody was killed: {len(proxy.writes)} writes\n{last.told()}"
    return killed


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_run_killed_at_any_of_its_discovered_writes_ends_as_it_should(bed: Bed, name: str, tmp_path: Path) -> None:
    scenarios = {deadman: replace(SCENARIOS[name], deadman=deadman) for deadman in variants(name)}

    def discover(deadman: bool) -> int:  # noqa: FBT001 -- called by position
        return len(discovered(bed, scenarios[deadman], tmp_path))

    counts = numbers(name, {deadman: partial(discover, deadman) for deadman in scenarios})
    each_row(name, counts, lambda deadman, number, fault: one_row(bed, scenarios[deadman], number, fault, tmp_path))


def each_row(name: str, counts: dict[bool, int], row: Callable[[bool, int, ProxyFault], None]) -> None:
    """Every row is run, also after one that failed; all failures are told at the end."""
    failures = []
    for deadman, number, fault in rows(name, counts):
        try:
            row(deadman, number, fault)
        except AssertionError as error:
            failures.append(f"{name}, dead-man {deadman}, {number} {fault.value}: {error}")
            print(f"FAILED {failures[-1]}", flush=True)
    assert failures == [], "\n\n".join(failures)


# -- resume itself -----------------------------------------------------------------------------------------------------


def resumed(name: str, point: Point) -> str:
    """The kind of the rows in which the run is killed at that point, and then `resume`."""
    return f"resume {name} after {point.__name__}"


def killed_at(bed: Bed, scenario: Scenario, point: Point, second: tuple[int, ProxyFault], folder: Path) -> int:
    """The run is killed right after that point, `resume` at its own write (0: never), and `resume` finishes it.

    How many writes the first `resume` made.
    """
    number, fault = second
    label = f"{scenario}, killed after its {point.__name__}, resume"
    with fresh(bed, f"resume-{scenario}-{point.__name__}-{number}-{fault.value}", folder) as arena:
        world = RolloutBefore.before(arena, scenario)
        with Proxy(bed) as first, Proxy(bed) as proxy, arena.load(20) as users, scenario.spoiling(arena):
            first.hook = lambda asked: ProxyFault.KILL_AFTER if point(asked) else ProxyFault.NONE
            assert apply(arena, first, scenario).code == -signal.SIGKILL
            proxy.kills(number or -1, fault)
            last = resume_through(arena, proxy, interrupt=False)
            done = list(first.writes)
            if number and was_killed(last, proxy, number, FEWEST[resumed(scenario.name, point)][scenario.deadman]):
                done += stored(proxy.writes, number, fault)
                last = resume(arena, interrupt=False)
            tell(label, number, fault, proxy.writes, last)
            nobody_noticed(users.stop(), last)
        all_is_well(arena, scenario, world, done, last=last)
    return len(proxy.writes)


@pytest.mark.parametrize(("name", "point"), MID_POINTS, ids=lambda part: getattr(part, "__name__", part))
def test_a_resume_killed_at_any_of_its_discovered_writes_is_finished_by_the_next(
    bed: Bed, name: str, point: Point, tmp_path: Path
) -> None:
    scenarios = {deadman: replace(SCENARIOS[name], deadman=deadman) for deadman in variants(f"resume {name}")}

    def discover(deadman: bool) -> int:  # noqa: FBT001 -- called by position
        return killed_at(bed, scenarios[deadman], point, (0, ProxyFault.NONE), tmp_path)

    def row(deadman: bool, number: int, fault: ProxyFault) -> None:  # noqa: FBT001 -- called by position
        killed_at(bed, scenarios[deadman], point, (number, fault), tmp_path)

    kind = resumed(name, point)
    each_row(kind, numbers(kind, {deadman: partial(discover, deadman) for deadman in scenarios}), row)
