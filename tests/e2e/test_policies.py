"""What a failure leads to: after promotion, by policy, and when the way back is disturbed."""

import pytest

from tests.cluster import manifests
from tests.e2e.arena import SHORT, Arena

pytestmark = pytest.mark.cluster


def test_a_plan_that_goes_bad_during_the_bake_is_reverted(arena: Arena) -> None:
    arena.deploy(env={"FAULT": "ready_then_unready:14", "FAULT_WHEN_IDENTITY": "db-b"})
    template = arena.template()
    watch = "watch: {readyWithin: 30s, adoptWithin: 20s, hold: 0s, bake: 60s}"
    outcome = arena.applied(arena.plan(arena.to_secret("payments-db-b"), watch=watch))
    assert outcome.code == 16, outcome.told()
    assert outcome.report["outcome"] == "reverted"
    assert outcome.report["spec"] == "restored"
    assert "promoted" in outcome.report["timeline"]
    assert arena.template() == template
    assert arena.healthy()
    arena.wait_for_answers_of("db-a")


@pytest.mark.users
@pytest.mark.parametrize("policy", ["abort", "hold"])
def test_by_policy_the_bad_value_stays_in_the_spec_and_stable_is_verified(arena: Arena, policy: str) -> None:
    arena.deploy()
    arena.secret("candidate", url=arena.bed.databases.refused.url())
    pods = arena.stable_pods()
    with arena.load(20) as load:
        plan = arena.plan(arena.to_secret("candidate"), watch=SHORT, more=f"  onFailure: {policy}\n")
        outcome = arena.applied(plan)
        result = load.stop()
    assert outcome.code == 15, outcome.told()
    assert outcome.report["outcome"] == "contained"
    assert outcome.report["spec"] == "left"
    assert result.failed == (), result.summary()
    assert arena.stable_pods() == pods
    assert bool(arena.rollout()["status"].get("abort")) is (policy == "abort")
    assert any("undo payments" in command for command in outcome.report["next"])


def test_a_failed_analysis_is_named_as_the_cause(arena: Arena) -> None:
    arena.apply(manifests.namespace(arena.namespace))
    arena.apply(manifests.success_rate(arena.namespace, arena.bed.prometheus))
    arena.deploy(
        env={"FAULT": "answer_5xx", "FAULT_WHEN_IDENTITY": "db-b"},
        strategy={"analysis": manifests.background_analysis()},
    )
    watch = "watch: {readyWithin: 30s, adoptWithin: 20s, hold: 60s, bake: 1s}"
    with arena.load(20):
        outcome = arena.applied(arena.plan(arena.to_secret("payments-db-b"), watch=watch))
    assert outcome.code == 10, outcome.told()
    assert outcome.report["cause"]["code"] == "analysis"
    assert outcome.report["cause"]["attribution"] == "metric"
    assert "success-rate" in outcome.report["cause"]["message"]


def test_an_inconclusive_analysis_holds_for_a_person_who_can_let_it_go_on(arena: Arena) -> None:
    arena.apply(manifests.namespace(arena.namespace))
    arena.apply(manifests.undecided(arena.namespace, arena.bed.prometheus))
    analysis = {"analysis": {"templates": [{"templateName": "undecided"}]}}
    arena.deploy(strategy={"steps": [{"setWeight": 25}, analysis, {"setWeight": 50}]})
    outcome = arena.applied(arena.plan(arena.to_secret("payments-db-b"), watch=SHORT))
    assert outcome.code == 12, outcome.told()
    waits = next(sentence for sentence in outcome.report["proven"] if "for a person" in sentence)
    assert waits.startswith("the Rollout waits at step 1 for a person to judge it: analysis payments-")
    assert waits.endswith(" is inconclusive (metric undecided)")
    assert not any(command.startswith("cutover promote") for command in outcome.report["next"])
    running = arena.start("resume", "payments", "-n", arena.namespace, "--follow", "-o", "json")
    running.wait_for_line("waiting for a person: analysis payments-")
    arena.argo("promote", "payments")
    outcome = running.finish()
    assert (outcome.code, outcome.report["outcome"]) == (0, "promoted"), outcome.told()
