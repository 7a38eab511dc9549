"""When the real controller has taken a template for its own, and when its status only looks like it."""

from typing import Any

import pytest

from tests.cluster import facts
from tests.cluster import facts_seen as seen
from tests.cluster.facts import BAD, GOOD
from tests.cluster.manifests import APP
from tests.e2e.arena import Arena

pytestmark = [pytest.mark.cluster, pytest.mark.sampled(2)]


def test_the_hash_moves_with_the_template(arena: Arena) -> None:
    """Row "Template patch → `status.currentPodHash` moves": soon (the table saw 0.2 s), and with a ReplicaSet."""
    facts.deploy_idle(arena)
    hash_ = facts.adopt(arena, BAD)
    rollout = arena.rollout()
    assert seen.observed(rollout)
    assert seen.replicaset(arena, hash_)["metadata"]["ownerReferences"][0]["uid"] == rollout["metadata"]["uid"]


def test_adoption_is_one_write(arena: Arena) -> None:
    """Section 2.4: hash, step index, generation and phase move together."""
    facts.deploy_idle(arena)
    tape = seen.Tape.from_now(arena)
    facts.change(arena, BAD)
    *before, new = tape.rollouts(lambda rollout: seen.adopted(rollout["status"]))
    assert not any(seen.observed(rollout) for rollout in before)
    assert seen.observed(new)
    assert (new["status"]["phase"], new["status"]["currentStepIndex"]) == ("Progressing", 0)


@pytest.mark.alone
def test_restored_before_it_was_seen(arena: Arena) -> None:
    """Row "Template patched and restored three times within milliseconds": stays Healthy, the generation catches up.

    The controller, held meanwhile, never adopts what is over; a ReplicaSet without pods is what it may leave behind.
    """
    facts.deploy(arena)
    hash_, stable, tape = arena.rollout()["status"]["stableRS"], arena.stable_pods(), seen.Tape.from_now(arena)
    with facts.held(arena):
        for _ in range(3):
            facts.restore(arena, facts.change(arena, BAD))
        assert not seen.observed(arena.rollout())
    statuses = [rollout["status"] for rollout in tape.rollouts(seen.observed)]
    assert {(status["phase"], status["currentPodHash"]) for status in statuses} == {("Healthy", hash_)}
    assert {pod["metadata"]["name"] for pod in arena.pods()} == set(stable)


def test_a_new_deadline_changes_no_canary(arena: Arena) -> None:
    """Row "Editing `progressDeadlineSeconds` in mid-canary": hash and step unchanged."""
    facts.deploy_idle(arena)
    facts.adopt(arena, BAD)
    before = seen.wait_status(arena, seen.at_gate, "the gate is reached")
    facts.patch(arena, facts.put("/spec/progressDeadlineSeconds", 60))
    arena.wait(lambda: seen.observed(arena.rollout()), "the edit is observed")
    after = arena.rollout()["status"]
    kept = ("currentPodHash", "currentStepIndex", "currentStepHash", "pauseConditions")
    assert [after[name] for name in kept] == [before[name] for name in kept]


def test_a_refused_replicaset_looks_healthy(arena: Arena) -> None:
    """Section 2.5 B, open point: Healthy and observed on the old hash; one condition tells the truth."""
    facts.deploy_idle(arena)
    before = arena.rollout()["status"]["currentPodHash"]
    facts.limit_replicasets(arena, 1)
    facts.change(arena, BAD)
    status = seen.wait_status(arena, _create_failed, "creating the ReplicaSet has failed")
    assert seen.observed(arena.rollout())
    assert (status["phase"], status["currentPodHash"]) == ("Healthy", before)
    assert "exceeded quota" in seen.condition(status, "Progressing")["message"]


@pytest.mark.parametrize(("replicas", "phase"), [(2, "Progressing"), (0, "Healthy")], ids=["up", "down"])
def test_scaling_hides_a_change(arena: Arena, replicas: int, phase: str) -> None:
    """Section 2.5 C, open point: replicas and template in one patch are observed before the template is adopted."""
    facts.deploy(arena)
    tape = seen.Tape.from_now(arena)
    facts.change(arena, BAD, facts.put("/spec/replicas", replicas))
    *before, _ = tape.rollouts(lambda rollout: seen.adopted(rollout["status"]))
    assert phase in {rollout["status"]["phase"] for rollout in before if seen.observed(rollout)}


def test_scaling_up_lets_too_many_canaries_in(arena: Arena) -> None:
    """Section 2.5 C, open point: 2 canary pods at once where the first step, 25 % of 2, wants one."""
    facts.deploy(arena)
    stable, tape = arena.rollout()["status"]["stableRS"], seen.Tape.from_now(arena)
    facts.change(arena, BAD, facts.put("/spec/replicas", 2))
    [*_, canary] = tape.replicasets(lambda new: seen.hash_of(new) != stable and new["spec"]["replicas"] == 2)
    seen.wait_replicas(arena, seen.hash_of(canary), 1)


def test_scaling_down_costs_a_stable_pod(arena: Arena) -> None:
    """Section 2.5 C, open point: 3 to 2 with `maxUnavailable: 1` leaves one stable pod before there is a canary."""
    facts.deploy(arena, 3, strategy={"maxSurge": 1, "maxUnavailable": 1})
    stable, tape = arena.rollout()["status"]["stableRS"], seen.Tape.from_now(arena)
    facts.change(arena, BAD, facts.put("/spec/replicas", 2))
    versions = tape.replicasets(lambda new: seen.hash_of(new) == stable and new["spec"]["replicas"] == 1)
    assert {each["spec"]["replicas"] for each in versions if seen.hash_of(each) != stable} == {0}


def test_the_last_canarys_pause_hides_a_change(arena: Arena) -> None:
    """Section 2.5 D, open point: Paused, as if the new canary were at the gate, with the last one's hash."""
    facts.deploy_idle(arena)
    last = facts.adopt(arena, BAD)
    seen.wait_status(arena, seen.at_gate, "the gate is reached")
    tape = seen.Tape.from_now(arena)
    facts.change(arena, GOOD)
    *before, _ = tape.rollouts(lambda rollout: rollout["status"]["currentPodHash"] != last)
    misleading = [rollout["status"] for rollout in before if seen.observed(rollout)]
    told = {(status["phase"], status["message"], status["currentStepIndex"]) for status in misleading}
    assert told == {("Paused", "CanaryPauseStep", 1)}


def test_other_words_for_the_same_template(arena: Arena) -> None:
    """Section 2.5 E: an amount written in another way is observed, and nothing rolls out."""
    facts.deploy_idle(arena)
    before = arena.rollout()["status"]["currentPodHash"]
    facts.patch(arena, facts.put("/spec/template/spec/containers/0/resources/requests/cpu", "0.003"))
    arena.wait(lambda: seen.observed(arena.rollout()), "the edit is observed")
    status = arena.rollout()["status"]
    assert (status["phase"], status["currentPodHash"]) == ("Healthy", before)
    assert len(arena.replicasets()) == 1


def test_an_invalid_template_is_observed(arena: Arena) -> None:
    """Section 2.5 A: Degraded InvalidSpec on the old hash; the API server had accepted it."""
    facts.deploy_idle(arena)
    before = arena.rollout()["status"]["currentPodHash"]
    assert facts.patch(arena, facts.put("/spec/template/spec/containers/0/ports/0/containerPort", 70000)).code == 200
    status = seen.wait_phase(arena, "Degraded")
    assert seen.observed(arena.rollout())
    assert status["message"].startswith("InvalidSpec: ")
    assert status["currentPodHash"] == before


def test_a_replicasets_template_is_another_text(arena: Arena) -> None:
    """The API server adds defaults to the ReplicaSet's template only: it never equals the Rollout's."""
    facts.deploy_idle(arena)
    [replicaset] = arena.replicasets()
    ours, theirs = arena.template()["spec"], replicaset["spec"]["template"]["spec"]
    assert theirs["restartPolicy"] == "Always"
    assert "restartPolicy" not in ours


@pytest.mark.alone
def test_a_workloads_change_is_not_waited_for(arena: Arena) -> None:
    """Section 2.3, open point: for a client the check of the referenced workload's generation never fires."""
    facts.deploy_reference(arena)
    with facts.held(arena):
        arena.kubectl("set", "env", f"deployment/{APP}", "FAULT=wrong_identity")
        arena.kubectl("annotate", "rollout", APP, "--overwrite", "rollout.argoproj.io/workload-generation=99")
        assert arena.argo("status", APP, "--watch=false").strip() == "Healthy"
        facts.patch(arena, facts.put("/spec/progressDeadlineSeconds", 60))
        assert "waiting for rollout spec update to be observed" in arena.argo("status", APP, "--watch=false")


def _create_failed(status: Any) -> bool:
    return bool(seen.condition(status, "Progressing").get("reason") == "ReplicaSetCreateError")


def test_the_controller_spells_a_new_template_in_its_own_way(arena: Arena) -> None:
    """Not in the tables: with the revision the whole typed Rollout is written, so zero values go (`sync.go`)."""
    facts.deploy_idle(arena)
    written = [facts.put("/spec/template/spec/containers/0/resources", {"limits": {"cpu": "1000m"}})]
    facts.change(arena, {"EMPTY": ""}, *written)
    seen.wait_status(arena, seen.adopted, "the new template is adopted")
    arena.wait(lambda: _limit(arena) == "1", "the quantity is spelled anew")
    assert arena.template()["spec"]["containers"][0]["env"][-1] == {"name": "EMPTY"}


def _limit(arena: Arena) -> Any:
    return arena.template()["spec"]["containers"][0]["resources"]["limits"]["cpu"]
