"""Somebody else acts on the same Rollout during a run."""

import json
from collections.abc import Callable

import pytest

from tests.e2e.arena import SHORT, Arena
from tests.e2e.running import Running

pytestmark = pytest.mark.cluster

AT_THE_PAUSE = "watch: {readyWithin: 20s, adoptWithin: 20s, hold: 40s, bake: 1s}"


@pytest.fixture
def run_at_the_pause(arena: Arena) -> Callable[[], Running]:
    """A run whose good canary waits out its hold at the first pause."""

    def begin() -> Running:
        arena.deploy()
        plan = arena.plan(arena.to_secret("payments-db-b"), watch=AT_THE_PAUSE)
        running = arena.start("apply", plan, "-o", "json")
        running.wait_for_line("step 1 of 4: pause")
        return running

    return begin


def test_somebody_elses_template_is_left_alone(arena: Arena, run_at_the_pause: Callable[[], Running]) -> None:
    running = run_at_the_pause()
    arena.patch_env("FEATURE_X", "theirs")
    theirs = arena.template()
    outcome = running.finish()
    assert outcome.code == 13, outcome.told()
    assert arena.template() == theirs
    assert "1 of 1 of the plan's values stand in the template that is there now" in outcome.report["proven"]
    assert outcome.report["cause"]["code"] == "superseded"
    assert "kubectl-patch" in outcome.report["cause"]["message"]


def test_somebody_else_putting_the_old_template_back_is_verified(
    arena: Arena, run_at_the_pause: Callable[[], Running]
) -> None:
    running = run_at_the_pause()
    arena.argo("undo", "payments")
    outcome = running.finish()
    assert outcome.code == 13, outcome.told()
    assert outcome.report["cause"]["code"] in {"undone", "superseded"}
    arena.wait_healthy()


def test_the_very_old_value_put_back_by_hand_is_an_undo_and_is_verified(
    arena: Arena, run_at_the_pause: Callable[[], Running]
) -> None:
    """`argo undo` writes a ReplicaSet's template, with the API server's defaults in it; this is the old one itself."""
    running = run_at_the_pause()
    index = [entry["name"] for entry in arena.template()["spec"]["containers"][0]["env"]].index("DATABASE_URL")
    path = f"/spec/template/spec/containers/0/env/{index}/valueFrom/secretKeyRef/name"
    operation = [{"op": "replace", "path": path, "value": "payments-db-a"}]
    arena.kubectl("patch", "rollout", "payments", "--type=json", "-p", json.dumps(operation))
    outcome = running.finish()
    assert outcome.code == 13, outcome.told()
    assert outcome.report["cause"]["code"] == "undone"
    arena.wait_healthy()


@pytest.mark.whole(
    "tests/core/engine/test_others_act.py::test_scaling_up_at_a_long_pause_goes_on",
    "tests/core/engine/test_others_act.py::test_nothing_is_promoted_while_stable_grows",
)
def test_scaling_during_a_run_does_not_disturb_it(arena: Arena) -> None:
    arena.deploy()
    plan = arena.plan(arena.to_secret("payments-db-b"), watch=AT_THE_PAUSE.replace("40s", "4s"))
    running = arena.start("apply", plan, "-o", "json")
    running.wait_for_line("step 1 of 4: pause")
    arena.kubectl("scale", "rollout", "payments", "--replicas=3")
    outcome = running.finish()
    assert outcome.code == 0, outcome.told()
    assert arena.rollout()["spec"]["replicas"] == 3
    assert arena.healthy()


def test_a_persons_abort_is_finished_by_the_restore(arena: Arena, run_at_the_pause: Callable[[], Running]) -> None:
    running = run_at_the_pause()
    arena.argo("abort", "payments")
    outcome = running.finish()
    assert outcome.code == 10, outcome.told()
    assert outcome.report["cause"]["code"] == "aborted"
    assert outcome.report["cause"]["attribution"] == "person"
    assert outcome.report["spec"] == "restored"
    assert arena.healthy()


def test_a_persons_promotion_lets_the_run_go_on(arena: Arena, run_at_the_pause: Callable[[], Running]) -> None:
    running = run_at_the_pause()
    arena.argo("promote", "payments", "--full")
    outcome = running.finish()
    assert outcome.code == 0, outcome.told()
    assert outcome.report["outcome"] == "promoted"


def test_a_deleted_rollout_ends_the_run(arena: Arena, run_at_the_pause: Callable[[], Running]) -> None:
    running = run_at_the_pause()
    arena.kubectl("delete", "rollout", "payments")
    outcome = running.finish()
    assert outcome.code == 13, outcome.told()
    assert outcome.report["cause"]["code"] == "deleted"


def test_a_changed_strategy_ends_the_run_without_overwriting_it(
    arena: Arena, run_at_the_pause: Callable[[], Running]
) -> None:
    running = run_at_the_pause()
    arena.patch({"spec": {"strategy": {"canary": {"maxSurge": 2}}}})
    outcome = running.finish()
    assert outcome.code == 13, outcome.told()
    assert arena.rollout()["spec"]["strategy"]["canary"]["maxSurge"] == 2


@pytest.mark.whole(
    "tests/core/engine/test_others_act.py::test_a_paused_spec_promotes_nothing",
    "tests/core/engine/test_others_act.py::test_a_paused_spec_whose_value_stays_by_policy_keeps_its_canary_and_names_the_command_that_lets_it_go",
)
def test_a_rollout_paused_by_hand_is_not_promoted_and_the_way_out_is_told(arena: Arena) -> None:
    arena.deploy()
    arena.secret("candidate", url=arena.bed.databases.refused.url())
    plan = arena.plan(arena.to_secret("candidate"), watch=SHORT, more="  onFailure: abort\n")
    running = arena.start("apply", plan, "-o", "json")
    running.wait_for_line("running, not Ready")
    arena.patch({"spec": {"paused": True}})
    outcome = running.finish()
    # A paused Rollout scales nothing down: the canary pods stay until somebody lifts the pause.
    assert outcome.code == 11, outcome.told()
    assert any('"paused":false' in command for command in outcome.report["next"])
