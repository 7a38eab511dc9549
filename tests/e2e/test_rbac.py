"""The printed Role is enough for a run, and no more is needed than its minimal form to come back from a bad plan."""

from pathlib import Path
from typing import Any

import pytest

from tests.e2e.arena import SHORT, Arena
from tests.e2e.running import CommandResult

pytestmark = pytest.mark.cluster

EVIDENCE = {
    "an analysis measured",
    "the Secrets' keys (not verified)",
    "whether the API server takes pods of the plan",
    "the pods' logs",
    "readiness endpoints answer",
    "the Events of the pods and of the Rollout",
    "the Event that says who",
    "list deployments, statefulsets, daemonsets",
    "list cronjobs, jobs",
    "whether an autoscaler",
    "whether a PodDisruptionBudget",
    "whether a ResourceQuota",
}


def plan_to(arena: Arena, name: str, **options: str) -> Path:
    """A plan that says which Secret stands there now, as reviewed plans do."""
    old = "from: {secretKeyRef: {name: payments-db-a, key: url}}"
    return arena.plan(f"{arena.to_secret(name).removesuffix('}')}, {old}}}", **options)


def granted(arena: Arena, plan: Path, *arguments: str) -> Path:
    """A kubeconfig of somebody new, to whom the printed Role is bound as its last lines tell."""
    kubeconfig = arena.restricted_kubeconfig()
    printed = arena.cutover("rbac", plan, *arguments)
    assert printed.code == 0, printed.told()
    role, rest = printed.stdout.split("# Who runs cutover")
    binding = "\n".join(line.removeprefix("# ") for line in rest.splitlines()[1:])
    arena.kubectl("apply", "-f", "-", stdin=f"{role}{binding.replace('SUBJECT', 'someone')}\n")
    return kubeconfig


def applied(arena: Arena, plan: Path, *arguments: str) -> CommandResult:
    return arena.applied(plan, "--kubeconfig", str(granted(arena, plan, *arguments)))


def findings(outcome: CommandResult) -> list[Any]:
    return [found for found in outcome.report["findings"] if found["code"] in {"C093", "C094"}]


def assert_names_the_evidence(outcome: CommandResult) -> None:
    found = findings(outcome)
    assert {(each["code"], each["severity"], each["verified"]) for each in found} == {("C094", "warn", True)}
    assert len(found) == len(EVIDENCE), outcome.told()
    assert all(any(words in each["message"] for each in found) for words in EVIDENCE), outcome.told()


def test_with_exactly_the_printed_role_a_run_lacks_nothing(arena: Arena) -> None:
    arena.deploy()
    outcome = applied(arena, plan_to(arena, "payments-db-b"))
    assert outcome.code == 0, outcome.told()
    assert findings(outcome) == []
    assert all(found["verified"] for found in outcome.report["findings"]), outcome.told()
    assert arena.healthy()


@pytest.mark.sampled(1)
def test_with_the_minimal_role_a_run_ends_well_and_says_which_evidence_is_missing(arena: Arena) -> None:
    arena.deploy()
    outcome = applied(arena, plan_to(arena, "payments-db-b"), "--minimal")
    assert outcome.code == 0, outcome.told()
    assert_names_the_evidence(outcome)
    assert arena.healthy()


@pytest.mark.sampled(1)
def test_with_the_minimal_role_a_bad_plan_is_held_all_the_same(arena: Arena) -> None:
    arena.deploy()
    arena.secret("candidate", url=arena.bed.databases.refused.url())
    pods, template = arena.stable_pods(), arena.template()
    outcome = applied(arena, plan_to(arena, "candidate", watch=SHORT), "--minimal")
    assert outcome.code == 10, outcome.told()
    assert outcome.report["outcome"] == "held"
    assert_names_the_evidence(outcome)
    missed = {piece["kind"]: piece["missed"] for piece in outcome.report["evidence"]}
    assert set(missed) == {"readyz", "log", "events"}
    assert all("the right to" in why for why in missed.values()), missed
    assert arena.stable_pods() == pods
    assert arena.template() == template
    assert arena.healthy()
