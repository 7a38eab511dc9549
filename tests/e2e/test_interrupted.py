"""A run that is asked to stop restores and verifies; after promotion only the watching ends."""

import signal

import pytest

from tests.e2e.arena import Arena

pytestmark = pytest.mark.cluster

SLOW = "watch: {readyWithin: 60s, adoptWithin: 20s, hold: 60s, bake: 60s}"


@pytest.mark.parametrize(
    ("line", "target", "number"),
    [
        pytest.param("the plan's values stand in the spec", "payments-db-b", signal.SIGINT, id="adoption, SIGINT"),
        pytest.param("running, not Ready", "candidate", signal.SIGTERM, id="readiness, SIGTERM"),
        pytest.param("step 1 of 4: pause", "payments-db-b", signal.SIGHUP, id="pause, SIGHUP"),
        pytest.param("step 1 of 4: pause", "payments-db-b", signal.SIGINT, id="pause, SIGINT"),
    ],
)
def test_a_stopped_run_puts_the_old_values_back(arena: Arena, line: str, target: str, number: signal.Signals) -> None:
    arena.deploy()
    pods, template = arena.stable_pods(), arena.template()
    arena.secret("candidate", url=arena.bed.databases.refused.url())
    running = arena.start("apply", arena.plan(arena.to_secret(target), watch=SLOW), "-o", "json")
    running.wait_for_line(line)
    running.send(number)
    outcome = running.finish()
    assert outcome.code == 130, outcome.told()
    assert outcome.report["cause"]["code"] == "interrupted"
    assert outcome.report["spec"] == "restored"
    assert outcome.report["unproven"] == []
    assert arena.template() == template
    assert arena.stable_pods() == pods
    assert arena.healthy()


def test_a_stop_during_the_bake_leaves_the_promoted_values(arena: Arena) -> None:
    arena.deploy()
    watch = SLOW.replace("hold: 60s", "hold: 1s")
    running = arena.start("apply", arena.plan(arena.to_secret("payments-db-b"), watch=watch), "-o", "json")
    running.wait_for_line("watching for 60 s more")
    running.send(signal.SIGINT)
    outcome = running.finish()
    assert outcome.code == 0, outcome.told()
    assert outcome.report["outcome"] == "promoted"
    assert any("the watch after promotion was stopped" in sentence for sentence in outcome.report["unproven"])
    arena.wait_for_answers_of("db-b")
