"""C051 to C057 on objects as a real API server gives them: there, and not there.

One application for all of them; what is around it makes no pod of its own.
"""

from pathlib import Path
from typing import Any

import pytest

from tests.cluster import manifests
from tests.cluster.manifests import Manifest
from tests.e2e.arena import FAST, SHORT, SMALL, Arena
from tests.e2e.test_rbac import granted

pytestmark = pytest.mark.cluster

OLD = "https://auth.old.example/realms/shop"
AROUND = {f"C05{number}" for number in range(1, 8)}
LONG_ENOUGH = FAST.replace("hold: 1s", "hold: 3s")
"""So that nothing else is told of."""


@pytest.mark.sampled(1)
def test_each_is_silent_where_all_is_well_and_speaks_where_it_is_not(arena: Arena) -> None:
    arena.deploy(env={"ISSUER": OLD})
    assert told(arena, moving(arena)) == {}
    arena.apply(scaler(arena), budget(arena), worker(arena), report(arena))
    arena.quota(pods="2", **{"requests.memory": "1Gi"})
    arena.wait(lambda: "observedGeneration" in budget_status(arena), "the budget's pods are counted")
    found = told(arena, moving(arena))
    assert set(found) == {"C052", "C053", "C054", "C055"}
    assert found["C052"].endswith(
        "no change of it: Deployment worker (Secret payments-db-a, key url), "
        "CronJob report (the host in the old ISSUER of container app)"
    )
    assert found["C053"] == (
        "HorizontalPodAutoscaler web scales this Rollout between 1 and 3 replicas, during the run, too"
    )
    assert found["C054"].startswith(
        "PodDisruptionBudget web allows no disruption now (2 pods are healthy, 2 have to be)"
    )
    assert found["C055"].startswith(
        "ResourceQuota quota has pods 2, of which 2 are used: 1 pod more than spec.replicas"
    )
    shown = arena.cutover("diff", moving(arena))
    assert "Consumers not in this plan\n  Deployment worker (Secret payments-db-a, key url)\n  CronJob" in shown.stdout


@pytest.mark.sampled(1)
def test_who_may_not_look_around_is_told_so_and_applies_all_the_same(arena: Arena) -> None:
    arena.deploy()
    plan = arena.plan(arena.to_secret("payments-db-b"), watch=LONG_ENOUGH)
    blind = granted(arena, plan, "--minimal")
    outcome = arena.applied(plan, "--kubeconfig", str(blind))
    assert outcome.code == 0, outcome.told()
    found = [each for each in outcome.report["findings"] if each["code"] in AROUND]
    assert [(each["code"], each["verified"]) for each in found] == [
        (code, False) for code in ("C052", "C053", "C054", "C055")
    ]
    assert found[0]["message"] == (
        "could not be checked: deployments, statefulsets, daemonsets, cronjobs, jobs: the right to list them is missing"
    )


@pytest.mark.sampled(1)
def test_the_old_value_elsewhere_and_values_that_were_taken_back_are_told(arena: Arena) -> None:
    arena.deploy(env={"ISSUER": OLD, "LOGIN": f"{OLD}/login"})
    arena.secret("candidate", url=arena.bed.databases.refused.url())
    bad = arena.plan(arena.to_secret("candidate"), watch=SHORT)
    assert told(arena, bad) == {}
    outcome = arena.applied(bad)
    assert outcome.code == 10, outcome.told()
    arena.wait_healthy()
    assert set(told(arena, bad)) == {"C057"}
    assert set(told(arena, arena.plan(arena.to_secret("payments-db-b"), watch=LONG_ENOUGH))) == set()
    found = told(arena, moving(arena))
    assert found == {
        "C051": "the host in the old ISSUER of container app stands here, too, and the plan leaves it as it is"
    }


def told(arena: Arena, plan: Path) -> dict[str, str]:
    """Code and message of whatever is told of what is around; `cutover check` writes nothing."""
    with arena.no_write():
        done = arena.cutover("check", plan, "-o", "json")
    assert done.code == 0, done.told()
    return {each["code"]: each["message"] for each in done.report["findings"] if each["code"] in AROUND}


def moving(arena: Arena) -> Path:
    issuer = f'{{name: ISSUER, container: app, value: "{OLD.replace("old", "new")}"}}'
    return arena.plan(arena.to_secret("payments-db-b"), issuer, watch=LONG_ENOUGH)


def named(api: str, kind: str, arena: Arena, name: str, spec: dict[str, Any]) -> Manifest:
    return {
        "apiVersion": api,
        "kind": kind,
        "metadata": {"name": name, "namespace": arena.namespace},
        "spec": spec,
    }


def scaler(arena: Arena) -> Manifest:
    target = {"apiVersion": "argoproj.io/v1alpha1", "kind": "Rollout", "name": "payments"}
    spec = {"scaleTargetRef": target, "minReplicas": 1, "maxReplicas": 3}
    return named("autoscaling/v2", "HorizontalPodAutoscaler", arena, "web", spec)


def budget(arena: Arena) -> Manifest:
    spec = {"minAvailable": SMALL["replicas"], "selector": {"matchLabels": manifests.LABELS}}
    return named("policy/v1", "PodDisruptionBudget", arena, "web", spec)


def budget_status(arena: Arena) -> dict[str, Any]:
    path = f"/apis/policy/v1/namespaces/{arena.namespace}/poddisruptionbudgets/web"
    status: dict[str, Any] = arena.get(path).get("status", {})
    return status


def worker(arena: Arena) -> Manifest:
    env = {"URL": manifests.from_secret("payments-db-a", "url")}
    spec = {"replicas": 0, "selector": {"matchLabels": {"app": "worker"}}, "template": pod(arena, env)}
    return named("apps/v1", "Deployment", arena, "worker", spec)


def report(arena: Arena) -> Manifest:
    once = pod(arena, {"LOGIN": f"{OLD}/login"})
    once["spec"]["restartPolicy"] = "Never"
    job = {"spec": {"template": once}}
    return named("batch/v1", "CronJob", arena, "report", {"schedule": "0 0 1 1 *", "suspend": True, "jobTemplate": job})


def pod(arena: Arena, env: dict[str, Any]) -> Manifest:
    container = manifests.app_container(arena.bed.image, {**env, "DATABASE_URL": None}, {})
    return {"metadata": {"labels": {"app": "worker"}}, "spec": manifests.pod_spec([container])}
