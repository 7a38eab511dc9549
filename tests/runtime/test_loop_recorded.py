"""Runs that really happened, through the loop: their news arrive once more, and it does what the engine decided."""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Final

import pytest

from cutover.core.base.outcomes import Ending
from cutover.core.engine.decision import Command, RefreshAll
from cutover.core.engine.facts import Waiting
from cutover.core.engine.observation import Observation
from cutover.core.engine.state import State
from cutover.core.engine.step import advance
from cutover.core.objects.world import StreamLost, Synced, WatchEvent, World
from cutover.runtime.loop import News
from tests.quotations import unmasked
from tests.recordings.replay import first_state, observations, read
from tests.runtime.ports import Script

RUNS: Final = Path(__file__).parents[1] / "recordings" / "runs"
NAMES: Final = tuple(sorted(file.stem for file in RUNS.glob("*.jsonl")))


def run_of(name: str) -> tuple[State, tuple[Observation, ...]]:
    """The state in which the run began, and all that the engine was shown."""
    documents = read((RUNS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines())
    return first_state(documents), tuple(observations(documents))


def decided(state: State, shown: tuple[Observation, ...]) -> tuple[list[str], list[Command], Ending]:
    """The facts, the commands and the ending of the engine, shown the same without a loop."""
    facts, commands = list[str](), list[Command]()
    for observation in shown:
        state, decision = advance(state, observation)
        facts += [f"{fact.kind}: {unmasked(fact.text)}" for fact in decision.facts]
        commands += decision.commands
        if decision.ending is not None:
            return facts, commands, decision.ending
    raise AssertionError("the recorded run has no end")


def news_between(before: World, after: World) -> Iterator[WatchEvent]:
    """The news by which the one world becomes the other."""
    for kind, at in after.seen.items():
        if before.seen.get(kind) != at or before.objects[kind] != after.objects[kind]:
            yield Synced(kind, tuple(after.objects[kind].values()), at)
    for kind, reason in after.trouble.items():
        yield StreamLost(kind, reason, 0.0)


@pytest.mark.parametrize("name", NAMES)
def test_a_recorded_run_goes_through_the_loop_as_the_engine_decided_it(name: str) -> None:
    state, shown = run_of(name)
    facts, commands, ending = decided(state, shown)

    def story(script: Script) -> Iterator[Iterable[News]]:
        for before, after in pairwise(shown):
            script.clock.now, script.lock = after.at, after.lock
            yield (
                *news_between(before.world, after.world),
                *after.answers,
                *after.requests,
                *after.fresh_reads,
                *after.evidence,
            )

    script = Script(shown[0].at)
    script.lock = shown[0].lock
    assert script.run(state, shown[0].world, story) == ending
    assert script.observations == list(shown[: len(script.observations)])
    recorded = [each.fact for each in script.record.facts if not isinstance(each.fact, Waiting)]
    assert [f"{fact.kind}: {unmasked(fact.text)}" for fact in recorded] == facts
    assert script.asked.everything == ["read all" if isinstance(each, RefreshAll) else each for each in commands]
