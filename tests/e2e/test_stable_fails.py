"""Stable itself loses its readiness during a run: no abort helps where a Ready canary is all that serves."""

import pytest

from tests.e2e.arena import Arena
from tests.e2e.kills.sabotage import unready

pytestmark = pytest.mark.cluster

WAITS = "watch: {readyWithin: 90s, adoptWithin: 20s, hold: 90s, bake: 1s}"


def test_where_only_the_canary_is_ready_nothing_is_touched_and_a_human_is_called(arena: Arena) -> None:
    arena.deploy()
    running = arena.start("apply", arena.plan(arena.to_secret("payments-db-b"), watch=WAITS), "-o", "json")
    running.wait_for_line("step 1 of 4: pause")
    template = arena.template()
    with unready(arena, arena.rollout()["status"]["stableRS"]):
        outcome = running.finish()
    assert outcome.code == 11, outcome.told()
    assert outcome.report["cause"]["code"] == "stable-sick", outcome.told()
    assert arena.template() == template


def test_where_nothing_is_ready_the_run_goes_back_and_stable_is_seen_to_recover(arena: Arena) -> None:
    arena.deploy()
    pods, template = arena.stable_pods(), arena.template()
    arena.secret("candidate", url=arena.bed.databases.refused.url())
    running = arena.start("apply", arena.plan(arena.to_secret("candidate"), watch=WAITS), "-o", "json")
    running.wait_for_line("running, not Ready")
    with unready(arena, arena.rollout()["status"]["stableRS"]):
        running.wait_for_line("! the cutover failed")
    outcome = running.finish()
    assert outcome.code == 10, outcome.told()
    assert outcome.report["cause"]["code"] == "stable-lost", outcome.told()
    assert (arena.template(), arena.stable_pods()) == (template, pods)
