"""What the real controller does with a canary: who gets pods, and what a step waits for."""

from typing import Any

import pytest

from tests.cluster import facts
from tests.cluster import facts_seen as seen
from tests.cluster.facts import BAD, GATE, GOOD
from tests.cluster.manifests import APP, Manifest
from tests.e2e.arena import Arena

pytestmark = [pytest.mark.cluster, pytest.mark.sampled(2)]


def test_a_bad_canary_stays_outside(arena: Arena) -> None:
    """Row "Bad value, `setWeight: 25` of 4": Running and unready, step 0, 4 of 4 stable endpoints ready."""
    facts.deploy(arena, 4)
    stable = arena.stable_pods()
    facts.run_canary(arena, BAD)
    [canary] = arena.canary_pods()
    arena.wait(lambda: canary["metadata"]["name"] in seen.endpoints(arena), "the canary pod has an endpoint")
    assert seen.endpoints(arena) == {**dict.fromkeys(stable, True), canary["metadata"]["name"]: False}
    seen.stays(arena, _waits_at_step_0, "it waits at step 0")


def test_the_plugin_tells_wanted_and_real_weight(arena: Arena) -> None:
    """Row "Bad value": weight 25 desired and 0 actual."""
    facts.deploy(arena)
    facts.run_canary(arena, BAD)
    words = arena.argo("get", "rollout", APP, "--no-color").split()
    assert words[words.index("SetWeight:") + 1] == "25"
    assert words[words.index("ActualWeight:") + 1] == "0"


def test_the_default_strategy_costs_a_stable_pod(arena: Arena) -> None:
    """Row "Same with Argo's defaults" (25 % each): 3 of 4 stable pods at once, and an abort has to start one again."""
    facts.deploy(arena, 4)
    before = set(arena.stable_pods())
    limits = ("maxSurge", "maxUnavailable")
    facts.patch(arena, *({"op": "remove", "path": f"/spec/strategy/canary/{limit}"} for limit in limits))
    facts.adopt(arena, BAD)
    arena.wait(lambda: len(arena.stable_pods()) == 3, "one stable pod is taken down")
    assert not any(seen.is_ready(pod) for pod in arena.canary_pods())
    facts.set_status(arena, abort=True)
    arena.wait(lambda: len(arena.stable_pods()) == 4, "a stable pod is started")
    assert set(arena.stable_pods()) - before


def test_a_good_canary_is_ready_before_the_gate(arena: Arena) -> None:
    """Row "Good value": Ready, then `pause: {}`; after unpausing the promotion goes through."""
    steps: list[Manifest] = [{"setWeight": 25}, {"pause": {}}, {"setWeight": 50}, {"pause": {"duration": "1s"}}]
    facts.deploy(arena, 2, steps=steps)
    canary = facts.adopt(arena, GOOD)
    status = seen.wait_status(arena, seen.at_gate, "the gate is reached")
    assert (status["phase"], status["message"]) == ("Paused", "CanaryPauseStep")
    assert seen.replicaset(arena, canary)["status"]["availableReplicas"] == 1
    arena.argo("promote", APP)
    arena.wait_healthy()
    assert arena.rollout()["status"]["stableRS"] == canary


def test_a_deadline_aborts_by_itself(arena: Arena) -> None:
    """Row "`progressDeadlineSeconds: 8` + `progressDeadlineAbort: true` in the same patch as the template"."""
    facts.deploy(arena)
    deadline = {"progressDeadlineSeconds": 4, "progressDeadlineAbort": True}
    facts.change(arena, BAD, *(facts.put(f"/spec/{name}", value) for name, value in deadline.items()))
    status = seen.wait_status(arena, seen.aborted, "the deadline aborts")
    assert status["abort"] is True
    assert status["phase"] == "Degraded"
    assert "has timed out progressing" in seen.condition(status, "Progressing")["message"]


def test_without_the_option_a_deadline_aborts_nothing(arena: Arena) -> None:
    """Section 3.5: ProgressDeadlineExceeded is Degraded, and the canary stays."""
    facts.deploy(arena)
    facts.change(arena, BAD, facts.put("/spec/progressDeadlineSeconds", 3))
    status = seen.wait_phase(arena, "Degraded")
    assert seen.condition(status, "Progressing")["reason"] == "ProgressDeadlineExceeded"
    assert not seen.aborted(status)
    assert len(arena.canary_pods()) == 1


def test_a_deleted_canary_is_recreated(arena: Arena) -> None:
    """Row "Canary ReplicaSet deleted while the bad template stands, no abort": recreated at once."""
    facts.deploy_idle(arena)
    hash_ = facts.adopt(arena, BAD)
    before = seen.replicaset(arena, hash_)["metadata"]["uid"]
    tape = seen.Tape.from_now(arena)
    arena.kubectl("delete", "replicaset", f"{APP}-{hash_}")
    tape.replicasets(lambda new: new["metadata"]["name"] == f"{APP}-{hash_}" and new["metadata"]["uid"] != before)


def test_a_template_tried_again_is_the_same_revision(arena: Arena) -> None:
    """Row "The same bad template a second time": the old ReplicaSet is used again, same hash."""
    facts.deploy(arena)
    good = arena.template()
    first = facts.adopt(arena, BAD)
    uid = seen.replicaset(arena, first)["metadata"]["uid"]
    facts.restore(arena, good)
    arena.wait_healthy()
    assert facts.adopt(arena, BAD) == first
    assert seen.replicaset(arena, first)["metadata"]["uid"] == uid


def test_75_percent_of_two_is_no_canary_at_all(arena: Arena) -> None:
    """Section 3.2, open point: 2 replicas, no surge, 75 %: the gate is reached and nothing was tested."""
    facts.deploy(arena, 2, steps=({"setWeight": 75}, {"pause": {}}), strategy={"maxSurge": 0, "maxUnavailable": 1})
    canary = facts.adopt(arena, BAD)
    seen.wait_status(arena, seen.at_gate, "the gate is reached")
    assert seen.replicaset(arena, canary)["spec"]["replicas"] == 0
    assert len(arena.stable_pods()) == 2


def test_with_zero_replicas_steps_pass_untested(arena: Arena) -> None:
    """Section 3.8, open point: a bad value is promoted without ever having had a pod."""
    facts.deploy_idle(arena, steps=({"setWeight": 20}, {"setWeight": 60}))
    before = arena.rollout()["status"]["stableRS"]
    facts.change(arena, BAD)
    seen.wait_status(arena, lambda status: status["stableRS"] != before, "the bad value is promoted")
    assert arena.pods() == []


def test_with_zero_replicas_a_pause_still_holds(arena: Arena) -> None:
    """Section 3.8, open point: `setWeight` passes, `pause: {}` does not."""
    facts.deploy_idle(arena, steps=GATE)
    facts.adopt(arena, BAD)
    seen.wait_status(arena, seen.at_gate, "the gate is reached")


def test_a_first_revision_is_stable_before_it_is_ready(arena: Arena) -> None:
    """Section 3.6: a first deploy has nothing to hold on to; what cannot even start is stable at once."""
    facts.create(arena)
    status = seen.wait_status(arena, lambda status: bool(status.get("stableRS")), "there is a stable revision")
    assert status["stableRS"] == status["currentPodHash"]
    assert "readyReplicas" not in status


def _waits_at_step_0(status: Any) -> bool:
    said = status["phase"], status["message"], status["currentStepIndex"]
    return said == ("Progressing", "more replicas need to be updated", 0)
