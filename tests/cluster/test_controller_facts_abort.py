"""What the real controller does with an abort, when it drops one, and what brings the old template back."""

import pytest

from tests.cluster import facts
from tests.cluster import facts_seen as seen
from tests.cluster.facts import BAD, GOOD
from tests.cluster.manifests import APP
from tests.e2e.arena import Arena

pytestmark = [pytest.mark.cluster, pytest.mark.sampled(2)]


def test_an_abort_after_adoption_sticks(arena: Arena) -> None:
    """Row "Abort after adoption": Degraded "RolloutAborted", canary scaled down, weight 0."""
    facts.deploy(arena)
    canary = facts.run_canary(arena, BAD)
    arena.argo("abort", APP)
    status = seen.wait_status(arena, seen.aborted, "the abort is acknowledged")
    assert (status["phase"], status["abort"], status["currentPodHash"]) == ("Degraded", True, canary)
    assert status["message"].startswith("RolloutAborted: Rollout aborted update to revision 2")
    seen.wait_replicas(arena, canary, 0)
    assert "SetWeight: 0" in " ".join(arena.argo("get", "rollout", APP, "--no-color").split())


def test_an_abort_is_told_before_it_is_done(arena: Arena) -> None:
    """Section 4.1: Degraded/RolloutAborted appears while the canary's pods are still there."""
    facts.deploy(arena)
    canary = facts.run_canary(arena, BAD)
    tape = seen.Tape.from_now(arena)
    facts.set_status(arena, abort=True)
    told = tape.rollouts(lambda rollout: seen.aborted(rollout["status"]))[-1]
    assert told["status"]["phase"] == "Degraded"
    assert told["status"]["updatedReplicas"] == 1
    seen.wait_replicas(arena, canary, 0)


def test_an_aborted_rollout_is_healthy_again(arena: Arena) -> None:
    """Row "Restoring the old template while aborted": steps skipped to the end, stable pods never restarted."""
    facts.deploy(arena)
    old, stable = arena.template(), arena.stable_pods()
    facts.run_canary(arena, BAD)
    facts.set_status(arena, abort=True)
    seen.wait_status(arena, seen.aborted, "the abort is acknowledged")
    facts.restore(arena, old)
    arena.wait_healthy()
    status = arena.rollout()["status"]
    assert (status.get("abort"), status["currentStepIndex"]) == (None, len(facts.GATE))
    assert arena.stable_pods() == stable


@pytest.mark.parametrize("status", [{}, {"promoteFull": True}], ids=["plain", "promote-full"])
def test_restoring_needs_no_abort(arena: Arena, status: dict[str, bool]) -> None:
    """Row "Restoring the old template without any abort, canary not ready": also with `promoteFull` set."""
    facts.deploy(arena)
    old, stable, hash_ = arena.template(), arena.stable_pods(), arena.rollout()["status"]["stableRS"]
    facts.run_canary(arena, BAD)
    facts.set_status(arena, **status)
    facts.restore(arena, old)
    arena.wait_healthy()
    assert arena.rollout()["status"]["currentPodHash"] == hash_
    assert arena.stable_pods() == stable


def test_restoring_works_at_the_gate(arena: Arena) -> None:
    """Row "Restoring the old template": at any moment before promotion, the last gate too; no step is walked."""
    facts.deploy_idle(arena)
    old, hash_ = arena.template(), arena.rollout()["status"]["stableRS"]
    facts.adopt(arena, GOOD)
    seen.wait_status(arena, seen.at_gate, "the gate is reached")
    facts.restore(arena, old)
    status = seen.wait_phase(arena, "Healthy")
    assert (status["stableRS"], status["currentPodHash"], status["currentStepIndex"]) == (hash_, hash_, 2)


def test_restoring_needs_one_right_only(arena: Arena) -> None:
    """Row "Restoring the old template": it needs only `patch rollouts`; an abort needs another right."""
    facts.deploy_idle(arena)
    old = arena.template()
    facts.adopt(arena, BAD)
    token = facts.token_with(arena, "patch", "rollouts")
    abort = facts.send(arena, {"status": {"abort": True}}, facts.MERGE_PATCH, "/status", token=token)
    assert (abort.code, abort.document["reason"]) == (403, "Forbidden")
    assert facts.send(arena, [facts.put("/spec/template", old)], facts.JSON_PATCH, token=token).code == 200
    seen.wait_phase(arena, "Healthy")


@pytest.mark.alone
def test_an_abort_before_adoption_is_dropped(arena: Arena) -> None:
    """Row "`status.abort: true` written at once after the template patch": silently dropped, the canary goes on.

    As a race it was lost in 7 of 8 tries; with the controller held between both writes, always.
    """
    facts.deploy_idle(arena)
    with facts.held(arena):
        facts.change(arena, BAD)
        facts.set_status(arena, abort=True)
        assert arena.rollout()["status"]["abort"] is True
    status = seen.wait_status(arena, seen.at_gate, "the canary goes on to its gate")
    assert "abort" not in status
    assert "abortedAt" not in status


def test_an_abort_during_full_promotion_is_dropped(arena: Arena) -> None:
    """Row "Abort while `status.promoteFull` is true": silently ignored."""
    facts.deploy(arena)
    facts.run_canary(arena, BAD)
    facts.set_status(arena, promoteFull=True)
    facts.set_status(arena, abort=True)
    status = seen.wait_status(arena, lambda status: "abort" not in status, "the abort is dropped")
    assert status["promoteFull"] is True
    seen.stays(arena, lambda status: not seen.aborted(status), "it is not aborted")


def test_an_abort_may_end_the_full_promotion(arena: Arena) -> None:
    """Row "Abort while `status.promoteFull` is true": `promoteFull: false` in the same patch makes it work."""
    facts.deploy(arena)
    canary = facts.run_canary(arena, BAD)
    facts.set_status(arena, promoteFull=True)
    facts.set_status(arena, abort=True, promoteFull=False)
    status = seen.wait_status(arena, seen.aborted, "the abort is acknowledged")
    assert status["phase"] == "Degraded"
    seen.wait_replicas(arena, canary, 0)


def test_an_abort_after_promotion_is_dropped(arena: Arena) -> None:
    """Section 4.4: it comes too late, and nothing says so."""
    facts.deploy_idle(arena)
    facts.set_status(arena, abort=True)
    status = seen.wait_status(arena, lambda status: "abort" not in status, "the abort is dropped")
    assert (status["phase"], "abortedAt" in status) == ("Healthy", False)


def test_an_abort_ends_with_the_next_template(arena: Arena) -> None:
    """Section 3.4: a third template clears the abort and starts at step 0 as if nothing had been."""
    facts.deploy_idle(arena)
    first = facts.adopt(arena, BAD)
    facts.set_status(arena, abort=True)
    seen.wait_status(arena, seen.aborted, "the abort is acknowledged")
    facts.change(arena, GOOD)
    status = seen.wait_status(arena, lambda status: status["currentPodHash"] != first, "the third one is adopted")
    assert "abort" not in status
    seen.wait_status(arena, seen.at_gate, "the canary walks its steps")


def test_new_steps_start_an_aborted_canary_again(arena: Arena) -> None:
    """Row "Editing `strategy.canary.steps` of an aborted Rollout": abort cleared, the bad canary is back at step 0."""
    facts.deploy(arena)
    canary = facts.run_canary(arena, BAD)
    facts.set_status(arena, abort=True)
    seen.wait_replicas(arena, canary, 0)
    facts.patch(arena, facts.put("/spec/strategy/canary/steps/0/setWeight", 30))
    arena.wait(lambda: len(arena.canary_pods()) == 1, "the bad canary has a pod again")
    status = arena.rollout()["status"]
    assert (status["currentPodHash"], status["currentStepIndex"], "abort" in status) == (canary, 0, False)


def test_an_abort_of_a_paused_rollout_moves_nothing(arena: Arena) -> None:
    """Section 4.4: with `spec.paused` it is Degraded, and the canary's pod goes on."""
    facts.deploy(arena)
    facts.run_canary(arena, BAD)
    facts.patch(arena, facts.put("/spec/paused", value=True))
    facts.set_status(arena, abort=True)
    seen.wait_phase(arena, "Degraded")
    seen.stays(arena, lambda _: seen.running(arena.canary_pods()) == 1, "the canary runs on")
    facts.patch(arena, facts.put("/spec/paused", value=False))
    arena.wait(lambda: not arena.canary_pods(), "the canary is scaled down")
