"""One target, one run: whoever comes second is told who was first."""

import pytest

from tests.e2e.arena import Arena
from tests.e2e.running import CommandResult

pytestmark = pytest.mark.cluster

TIMES = 10
WATCH = "watch: {readyWithin: 60s, adoptWithin: 20s, hold: 1s, bake: 1s}"


def both(arena: Arena, value: str) -> tuple[CommandResult, CommandResult]:
    """Two `apply` of two plans, begun at once on two machines as far as their state is concerned."""
    plan = arena.plan(f'{{name: FEATURE_X, value: "{value}", container: app}}', watch=WATCH)
    started = [
        arena.start("apply", plan, "-o", "json", env={"XDG_STATE_HOME": str(arena.folder / f"machine-{number}")})
        for number in (1, 2)
    ]
    first, second = (running.finish() for running in started)
    return first, second


def test_of_two_applied_at_once_exactly_one_runs(arena: Arena) -> None:
    arena.deploy(replicas=1, sidecar=False, steps=[{"setWeight": 50}, {"pause": {"duration": "1s"}}])
    for number in range(TIMES):
        outcomes = both(arena, f"value-{number}")
        winner, loser = sorted(outcomes, key=lambda outcome: outcome.code)
        assert winner.code == 0, winner.told()
        assert loser.code == 5, loser.told()
        assert loser.report["outcome"] == "locked"
        said = loser.report["problems"][0]["message"]
        assert winner.report["run"] in said
        assert "another run holds this target" in said
        assert arena.leases() == []


@pytest.mark.whole("tests/commands/test_apply.py::test_a_live_run_is_named_before_the_state_that_it_made")
def test_a_live_run_is_named_before_the_state_that_it_made(arena: Arena) -> None:
    arena.deploy()
    running = arena.start(
        "apply",
        arena.plan(arena.to_secret("payments-db-b"), watch=WATCH.replace("hold: 1s", "hold: 12s")),
        "-o",
        "json",
    )
    running.wait_for_line("step 1 of 4: pause")
    second = arena.applied(arena.plan('{name: FEATURE_X, value: "on", container: app}'))
    assert second.code == 5, second.told()
    resumed = arena.cutover("resume", "payments", "-n", arena.namespace, "-o", "json")
    assert resumed.code == 5, resumed.told()
    outcome = running.finish()
    assert outcome.code == 0, outcome.told()
