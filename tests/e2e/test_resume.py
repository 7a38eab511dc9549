"""A run whose process is killed is finished by another: from another state directory, without the plan."""

import json
import signal

import pytest

from tests.e2e.arena import FAST, Arena
from tests.e2e.running import CommandResult, Running

pytestmark = pytest.mark.cluster

SLOW_HOLD = "watch: {readyWithin: 60s, adoptWithin: 20s, hold: 6s, bake: 1s}"
LONG_WAIT = "watch: {readyWithin: 12s, adoptWithin: 10s, hold: 1s, bake: 1s}"


def killed(running: Running, line: str) -> None:
    """The process is gone in the middle of its work, at that line."""
    running.wait_for_line(line)
    running.send(signal.SIGKILL)
    running.finish()


def resumed(arena: Arena, *arguments: str) -> CommandResult:
    """`cutover resume` from a machine that knows nothing of the run."""
    env = {"XDG_STATE_HOME": str(arena.folder / "another")}
    return arena.start("resume", "payments", "-n", arena.namespace, "-o", "json", *arguments, env=env).finish()


def nothing_is_left(arena: Arena) -> bool:
    return (arena.marks(), arena.leases()) == ({}, [])


@pytest.mark.sampled(1)
def test_a_good_run_that_died_at_the_pause_is_promoted(arena: Arena) -> None:
    arena.deploy()
    with arena.load(20) as users:
        running = arena.start("apply", arena.plan(arena.to_secret("payments-db-b"), watch=SLOW_HOLD), "-o", "json")
        killed(running, "step 1 of 4: pause")
        outcome = resumed(arena)
        result = users.stop()
    assert outcome.code == 0, outcome.told()
    assert outcome.report["outcome"] == "promoted"
    assert outcome.report["unproven"] == []
    assert outcome.report["plan"]["name"] == "test-plan"
    assert not result.failed
    assert nothing_is_left(arena)


@pytest.mark.sampled(1)
def test_a_bad_run_that_died_waiting_is_held(arena: Arena) -> None:
    arena.deploy()
    template, pods = arena.template(), arena.stable_pods()
    arena.secret("candidate", url=arena.bed.databases.refused.url())
    running = arena.start("apply", arena.plan(arena.to_secret("candidate"), watch=LONG_WAIT), "-o", "json")
    killed(running, "running, not Ready")
    outcome = resumed(arena)
    assert outcome.code == 10, outcome.told()
    assert outcome.report["unproven"] == []
    assert arena.template() == template
    assert arena.stable_pods() == pods
    assert nothing_is_left(arena)


def test_a_run_that_died_on_its_way_back_keeps_its_cause(arena: Arena) -> None:
    arena.deploy()
    template = arena.template()
    arena.secret("candidate", url=arena.bed.databases.refused.url())
    running = arena.start("apply", arena.plan(arena.to_secret("candidate"), watch=LONG_WAIT), "-o", "json")
    killed(running, "→ abort the canary")
    outcome = resumed(arena)
    assert outcome.code == 10, outcome.told()
    assert outcome.report["cause"]["code"] == "deadline", outcome.told()
    assert arena.template() == template
    assert nothing_is_left(arena)


def test_a_verdict_that_nobody_can_read_means_going_back(arena: Arena) -> None:
    """Whatever it was, somebody had decided; the canary is a good one, and is taken back all the same."""
    arena.deploy()
    template = arena.template()
    killed(arena.start("apply", arena.plan(arena.to_secret("payments-db-b"), watch=SLOW_HOLD)), "step 1 of 4: pause")
    arena.kubectl("annotate", "lease", "cutover-payments", "cutover.dev/verdict=of another version")
    outcome = resumed(arena)
    assert outcome.code == 10, outcome.told()
    assert outcome.report["cause"]["code"] == "unknown-intent", outcome.told()
    assert arena.template() == template
    assert nothing_is_left(arena)


def test_literals_are_put_back_from_the_replicaset_of_the_base(arena: Arena) -> None:
    arena.deploy()
    template = arena.template()
    plan = arena.plan(
        '{name: FEATURE_X, value: "on", container: app}',
        '{name: NEW_ONE, value: "new", container: app}',
        "{name: LOG_LEVEL, remove: true, container: app}",
        watch=SLOW_HOLD,
    )
    running = arena.start("apply", plan, "-o", "json")
    killed(running, "step 1 of 4: pause")
    aborted = arena.cutover("abort", "payments", "-n", arena.namespace, "-o", "json", "--reason", "not today")
    assert aborted.code == 10, aborted.told()
    assert arena.template() == template
    assert "not today" in aborted.report["cause"]["message"]
    assert nothing_is_left(arena)


def test_applying_the_same_plan_again_finishes_the_run_and_then_changes_nothing(arena: Arena) -> None:
    arena.deploy()
    plan = arena.plan(arena.to_secret("payments-db-b"), watch=SLOW_HOLD)
    killed(arena.start("apply", plan, "-o", "json"), "step 1 of 4: pause")
    again = arena.applied(plan)
    assert again.code == 0, again.told()
    assert again.report["outcome"] == "promoted"
    assert "is resumed" in again.stderr
    with arena.no_write():
        once_more = arena.applied(plan)
    assert once_more.report["outcome"] == "unchanged"


def test_after_a_held_run_the_same_plan_is_a_new_run(arena: Arena) -> None:
    arena.deploy()
    arena.secret("candidate", url=arena.bed.databases.refused.url())
    plan = arena.plan(arena.to_secret("candidate"), watch="watch: {readyWithin: 6s, adoptWithin: 6s, hold: 1s}")
    first, second = arena.applied(plan), arena.applied(plan)
    assert (first.code, second.code) == (10, 10), second.told()
    assert first.report["run"] != second.report["run"]


def test_another_plan_does_not_mix_with_an_unfinished_run(arena: Arena) -> None:
    arena.deploy()
    plan = arena.plan(arena.to_secret("payments-db-b"), watch=SLOW_HOLD)
    killed(arena.start("apply", plan, "-o", "json"), "step 1 of 4: pause")
    other = arena.applied(arena.plan('{name: FEATURE_X, value: "on", container: app}'))
    assert other.code == 3, other.told()
    assert "C027" in {found["code"] for found in other.report["findings"]}
    assert resumed(arena).code == 0


def test_where_nothing_is_left_nothing_is_written(arena: Arena) -> None:
    arena.deploy()
    with arena.no_write():
        outcome = resumed(arena)
    assert (outcome.code, outcome.report["outcome"]) == (0, "unchanged")


def test_a_dead_lease_without_a_run_is_released(arena: Arena) -> None:
    arena.deploy()
    lease = {
        "apiVersion": "coordination.k8s.io/v1",
        "kind": "Lease",
        "metadata": {"name": "cutover-payments", "namespace": arena.namespace},
        "spec": {"holderIdentity": "bob@laptop/1", "leaseDurationSeconds": 2},
    }
    arena.kubectl("create", "-f", "-", stdin=json.dumps(lease))
    outcome = resumed(arena)
    assert outcome.code == 0, outcome.told()
    assert arena.leases() == []
    assert "if it is not heard of, it is gone in" in outcome.stderr


@pytest.mark.sampled(1)
def test_a_run_that_waits_for_a_person_is_finished_after_the_promotion(arena: Arena) -> None:
    arena.deploy()
    held = arena.applied(arena.plan(arena.to_secret("payments-db-b"), promotion="steps", watch=FAST))
    assert held.code == 12, held.told()
    assert arena.leases() == []
    again = resumed(arena)
    assert again.code == 12, again.told()
    hash_ = arena.rollout()["status"]["currentPodHash"]
    stale = arena.cutover("promote", "payments", "-n", arena.namespace, "--hash", "another")
    assert stale.code == 4, stale.told()
    done = arena.cutover("promote", "payments", "-n", arena.namespace, "--hash", hash_, "--reason", "looks good")
    assert done.code == 0, done.told()
    assert "looks good" in arena.kubectl("get", "events", "--field-selector=reason=CutoverPromoted", "-o", "yaml")
    outcome = resumed(arena)
    assert outcome.code == 0, outcome.told()
    assert nothing_is_left(arena)


def test_the_controllers_own_abort_by_the_dead_man_is_ours(arena: Arena) -> None:
    arena.deploy()
    spec = {key: value for key, value in arena.rollout()["spec"].items() if key != "template"}
    template = arena.template()
    arena.secret("candidate", url=arena.bed.databases.refused.url())
    watch = "watch: {readyWithin: 5s, adoptWithin: 10s, hold: 1s, bake: 1s}"
    plan = arena.plan(arena.to_secret("candidate"), watch=watch, more="  deadman: {seconds: 12}\n")
    killed(arena.start("apply", plan, "-o", "json"), "the controller made revision")
    assert arena.rollout()["spec"]["progressDeadlineSeconds"] == 12
    arena.wait(lambda: bool(arena.rollout()["status"].get("abortedAt")), "the controller aborts by itself")
    outcome = resumed(arena)
    assert outcome.code == 10, outcome.told()
    assert outcome.report["cause"]["code"] == "deadman"
    assert any("armed for 12 s" in sentence for sentence in outcome.report["deadman"])
    assert arena.template() == template
    assert {key: value for key, value in arena.rollout()["spec"].items() if key != "template"} == spec
    assert nothing_is_left(arena)


def test_past_its_point_of_no_return_a_failing_canary_is_left_alone(arena: Arena) -> None:
    arena.deploy()
    more = "  pointOfNoReturn: canaryReady\n"
    watch = "watch: {readyWithin: 60s, adoptWithin: 20s, hold: 60s, bake: 1s}"
    running = arena.start("apply", arena.plan(arena.to_secret("payments-db-b"), watch=watch, more=more), "-o", "json")
    running.wait_for_line("step 1 of 4: pause")
    arena.wait(lambda: "cutover.dev/passed" in arena.marks(), "the passage is noted")
    template = arena.template()
    running.send(signal.SIGTERM)
    outcome = running.finish()
    assert outcome.code == 11, outcome.told()
    assert arena.template() == template
    assert any("cutover abort" in command for command in outcome.report["next"])
    back = arena.cutover("abort", "payments", "-n", arena.namespace, "-o", "json")
    assert back.code == 10, back.told()
