"""What a person does to a canary by one command: abort, promote, retry; each seen to take effect."""

import signal

import pytest

from tests.e2e.arena import FAST, Arena
from tests.e2e.running import CommandResult

pytestmark = pytest.mark.cluster

WAITS = "watch: {readyWithin: 60s, adoptWithin: 20s, hold: 60s, bake: 60s}"


def verb(arena: Arena, *arguments: str) -> CommandResult:
    name, *others = arguments
    return arena.cutover(name, "payments", "-n", arena.namespace, "-o", "json", *others)


def nothing_is_left(arena: Arena) -> bool:
    return (arena.marks(), arena.leases()) == ({}, [])


# -- abort -------------------------------------------------------------------------------------------------------------


def test_the_abort_of_a_live_run_goes_all_the_way_back_and_the_run_lets_go(arena: Arena) -> None:
    arena.deploy()
    template, pods = arena.template(), arena.stable_pods()
    running = arena.start("apply", arena.plan(arena.to_secret("payments-db-b"), watch=WAITS), "-o", "json")
    running.wait_for_line("step 1 of 4: pause")
    aborted = verb(arena, "abort", "--reason", "the wrong database")
    assert aborted.code == 10, aborted.told()
    assert aborted.report["cause"]["code"] == "abort-asked"
    assert aborted.report["unproven"] == []
    assert aborted.seconds < 15
    outcome = running.finish()
    assert outcome.code == 13, outcome.told()
    assert outcome.report["cause"]["code"] == "taken-over"
    assert (arena.template(), arena.stable_pods()) == (template, pods)
    assert nothing_is_left(arena)
    said = arena.kubectl(
        "get", "events", "--field-selector=reason=CutoverAborted", "-o", "jsonpath={.items[*].message}"
    )
    assert "the wrong database" in said


def test_an_abort_waits_for_no_lock_and_needs_no_right_to_it(arena: Arena) -> None:
    """The lock is somebody's on another host, who may live; and whoever aborts may touch Rollouts only."""
    arena.deploy()
    template = arena.template()
    running = arena.start("apply", arena.plan(arena.to_secret("payments-db-b"), watch=WAITS), "-o", "json")
    running.wait_for_line("step 1 of 4: pause")
    running.send(signal.SIGKILL)
    running.finish()
    read = ["get", "list", "watch"]
    kubeconfig = arena.restricted_kubeconfig(
        {"apiGroups": ["argoproj.io"], "resources": ["rollouts", "rollouts/status"], "verbs": [*read, "patch"]},
        {"apiGroups": ["apps"], "resources": ["replicasets"], "verbs": read},
        {"apiGroups": [""], "resources": ["pods", "services"], "verbs": read},
        {"apiGroups": ["discovery.k8s.io"], "resources": ["endpointslices"], "verbs": read},
    )
    aborted = verb(arena, "abort", "--kubeconfig", str(kubeconfig))
    assert aborted.code == 10, aborted.told()
    assert aborted.seconds < 15
    assert arena.template() == template
    assert arena.marks() == {}
    assert verb(arena, "resume").code == 0, "the lock of the dead run is released by who may"
    assert nothing_is_left(arena)


def test_somebody_elses_canary_gets_argos_own_abort_and_its_value_stays(arena: Arena) -> None:
    arena.deploy()
    arena.begin_another_update()
    theirs = arena.template()
    aborted = verb(arena, "abort")
    assert aborted.code == 0, aborted.told()
    assert aborted.report["outcome"] == "done"
    assert "the controller has acknowledged the abort" in aborted.report["proven"]
    assert any("still stand in the spec" in sentence for sentence in aborted.report["unproven"])
    assert aborted.report["next"][0].startswith("kubectl argo rollouts undo payments")
    assert arena.template() == theirs
    assert arena.rollout()["status"]["abort"] is True


def test_an_abort_in_the_bake_moves_back_by_a_new_rollout(arena: Arena) -> None:
    arena.deploy()
    template = arena.template()
    watch = WAITS.replace("hold: 60s", "hold: 1s")
    running = arena.start("apply", arena.plan(arena.to_secret("payments-db-b"), watch=watch), "-o", "json")
    running.wait_for_line("watching for 60 s more")
    aborted = verb(arena, "abort")
    assert aborted.code == 16, aborted.told()
    assert running.finish().code == 13
    assert arena.template() == template
    assert nothing_is_left(arena)


@pytest.mark.whole("tests/commands/test_abort.py::test_trying_the_abort_of_somebody_elses_canary_writes_nothing")
def test_trying_an_abort_writes_nothing(arena: Arena) -> None:
    arena.deploy()
    arena.begin_another_update()
    with arena.no_write():
        tried = verb(arena, "abort", "--dry-run")
    assert (tried.code, tried.report["outcome"]) == (0, "planned")


def test_where_no_canary_is_under_way_there_is_nothing_to_abort(arena: Arena) -> None:
    arena.deploy()
    with arena.no_write():
        outcome = verb(arena, "abort")
    assert (outcome.code, outcome.report["outcome"]) == (0, "unchanged")


# -- promote, retry ----------------------------------------------------------------------------------------------------


def test_a_pause_is_passed_once_and_the_controller_is_seen_to_go_on(arena: Arena) -> None:
    arena.deploy()
    arena.begin_another_update()
    hash_ = arena.rollout()["status"]["currentPodHash"]
    with arena.no_write():
        assert verb(arena, "promote", "--hash", "another").code == 4
        assert verb(arena, "promote", "--dry-run").report["outcome"] == "planned"
    done = verb(arena, "promote", "--hash", hash_)
    assert done.code == 0, done.told()
    assert done.report["proven"] == ["the pause at step 1 is passed, and the controller has gone on"]


def test_a_full_promotion_is_done_when_the_revision_is_stable(arena: Arena) -> None:
    arena.deploy()
    arena.begin_another_update()
    hash_ = arena.rollout()["status"]["currentPodHash"]
    done = verb(arena, "promote", "--full", "--reason", "it is night")
    assert done.code == 0, done.told()
    assert arena.rollout()["status"]["stableRS"] == hash_


@pytest.mark.whole(
    "tests/commands/test_promote_retry.py::test_what_the_controller_does_not_take_up_is_unverified",
    "tests/commands/test_promote_retry.py::test_who_is_stopped_after_a_write_had_begun_is_not_told_that_nothing_was_written",
)
def test_a_promotion_without_effect_is_not_called_done(arena: Arena) -> None:
    arena.deploy()
    arena.secret("candidate", url=arena.bed.databases.refused.url())
    plan = arena.plan(arena.to_secret("candidate"), watch=WAITS)
    running = arena.start("apply", plan, "-o", "json")
    running.wait_for_line("running, not Ready")
    done = verb(arena, "promote", "--full", "--timeout", "2s")
    assert done.code == 11, done.told()
    assert any("no effect was seen within 2 s" in sentence for sentence in done.report["unproven"])
    waiting = arena.start("promote", "payments", "-n", arena.namespace, "--full", "-o", "json")
    waiting.wait_for_line(": done")
    waiting.send(signal.SIGINT)
    left = waiting.finish()
    assert left.code == left.report["exitCode"] == 11, left.told()
    assert "nothing was written" not in left.told()
    assert "stopped after a write had begun" in left.told()
    running.send(signal.SIGTERM)
    stopped = running.finish()
    assert stopped.code == 130, stopped.told()


def test_an_aborted_canary_is_begun_anew(arena: Arena) -> None:
    arena.deploy()
    arena.begin_another_update()
    assert verb(arena, "retry").code == 3
    arena.argo("abort", "payments")
    arena.wait(lambda: bool(arena.rollout()["status"].get("abortedAt")), "it is aborted")
    assert verb(arena, "promote").code == 3
    done = verb(arena, "retry", "--reason", "the database is up again")
    assert done.code == 0, done.told()
    assert not arena.rollout()["status"].get("abort")


# -- runs --------------------------------------------------------------------------------------------------------------


def test_runs_are_listed_finished_and_unfinished(arena: Arena) -> None:
    arena.deploy()
    finished = arena.applied(arena.plan('{name: FEATURE_X, value: "on", container: app}', watch=FAST))
    running = arena.start("apply", arena.plan(arena.to_secret("payments-db-b"), watch=WAITS), "-o", "json")
    running.wait_for_line("step 1 of 4: pause")
    listed = arena.cutover("runs", "-n", arena.namespace, "-o", "json").report["runs"]
    lines = [(line["run"], line["outcome"], line["where"]) for line in listed]
    assert lines[1:] == [(finished.report["run"], "promoted", "here")]
    assert lines[0][1:] == ("unfinished", "both")
    assert listed[0]["holder"].startswith(f"run {listed[0]['run']} of ")
    elsewhere = arena.start(
        "runs", "-n", arena.namespace, "-o", "json", env={"XDG_STATE_HOME": str(arena.folder / "another")}
    ).finish()
    assert [line["where"] for line in elsewhere.report["runs"]] == ["cluster"]
    assert verb(arena, "abort").code == 10
    running.finish()
