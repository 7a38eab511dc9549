"""What must not be written is not written: the audit log of the API server has no write of ours."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cluster import manifests
from tests.cluster.manifests import Manifest
from tests.e2e.arena import Arena
from tests.e2e.running import CommandResult

pytestmark = pytest.mark.cluster


def test_nothing_to_change_ends_well_without_a_write(arena: Arena) -> None:
    arena.deploy()
    with arena.no_write():
        outcome = arena.applied(arena.plan(arena.to_secret("payments-db-a")))
    assert outcome.code == 0, outcome.told()
    assert outcome.report["outcome"] == "unchanged"


def test_a_dry_run_does_everything_but_the_write(arena: Arena) -> None:
    arena.deploy()
    with arena.no_write():
        outcome = arena.applied(arena.plan(arena.to_secret("payments-db-b")), "--dry-run")
    assert outcome.code == 0, outcome.told()
    assert outcome.report["outcome"] == "planned"
    assert outcome.report["coverage"], "the report says which classes of failure the run would not notice"


def test_another_old_value_than_the_plan_was_made_for_is_stale(arena: Arena) -> None:
    arena.deploy()
    with arena.no_write():
        outcome = arena.applied(arena.plan('{name: FEATURE_X, value: "on", container: app, from: {value: "beta"}}'))
    assert outcome.code == 4, outcome.told()
    assert outcome.report["outcome"] == "stale"


def test_an_invalid_plan_names_every_problem_with_its_line(arena: Arena) -> None:
    plan = arena.folder / "plan.yaml"
    plan.write_text(
        "apiVersion: cutover.dev/v1alpha1\nkind: CutoverPlan\nmetadata: {name: x}\nspec:\n"
        "  target: {app: payments}\n  changes:\n    - env: {name: A, value: 1}\n    - env: {nam: B, value: x}\n"
    )
    outcome = arena.applied(plan)
    assert outcome.code == 2, outcome.told()
    assert outcome.report["outcome"] == "invalid"
    lines = {problem["line"] for problem in outcome.report["problems"]}
    assert lines == {7, 8}


def test_an_unreachable_server_is_told_apart(arena: Arena, tmp_path: Path) -> None:
    kubeconfig = tmp_path / "kubeconfig"
    kubeconfig.write_text(arena.bed.kubeconfig.read_text().replace(arena.bed.server, "https://127.0.0.1:1"))
    plan = arena.plan(arena.to_secret("payments-db-b"))
    outcome = arena.cutover("apply", plan, "-o", "json", "--kubeconfig", kubeconfig)
    assert outcome.code == 7, outcome.told()


def test_a_flag_that_disagrees_with_the_plan_never_redirects_it(arena: Arena) -> None:
    outcome = arena.applied(arena.plan(arena.to_secret("payments-db-b")), "-n", "elsewhere")
    assert outcome.code == 2, outcome.told()


def refused(arena: Arena, plan: Path) -> CommandResult:
    with arena.no_write():
        outcome = arena.applied(plan)
    assert outcome.code == 3, outcome.told()
    assert outcome.report["outcome"] == "refused"
    return outcome


def codes(outcome: CommandResult) -> set[str]:
    return {found["code"] for found in outcome.report.get("findings", []) if found["severity"] == "refuse"}


@pytest.mark.sampled(6)
def test_a_missing_rollout_is_refused(arena: Arena) -> None:
    outcome = refused(arena, arena.plan(arena.to_secret("payments-db-b")))
    assert "C001" in outcome.stdout


@pytest.mark.sampled(6)
def test_a_missing_key_is_refused_beforehand(arena: Arena) -> None:
    arena.deploy()
    outcome = refused(arena, arena.plan(arena.to_secret("payments-db-b", "dsn")))
    assert codes(outcome) == {"C017"}
    assert "dsn" in outcome.stdout


@pytest.mark.sampled(6)
def test_an_unknown_container_is_refused_by_name(arena: Arena) -> None:
    arena.deploy(sidecar=True)
    outcome = refused(arena, arena.plan('{name: FEATURE_X, value: "on", container: web}'))
    assert "C012" in outcome.stdout
    assert "sidecar" in outcome.stdout


@pytest.mark.sampled(6)
def test_a_container_must_be_named_where_there_are_several(arena: Arena) -> None:
    arena.deploy(sidecar=True)
    outcome = refused(arena, arena.plan('{name: FEATURE_X, value: "on"}'))
    assert "C013" in outcome.stdout


SPECS: dict[str, tuple[str, dict[str, Any]]] = {
    "no steps": ("C005", {"steps": []}),
    "maxUnavailable by default": ("C020", {"replicas": 4, "strategy": {"maxUnavailable": "25%"}}),
    "replicaProgressThreshold": ("C022", {"strategy": {"replicaProgressThreshold": {"type": "Percent", "value": 50}}}),
    "weight rounds to no pod": (
        "C015",
        {"replicas": 1, "steps": [{"setWeight": 20}, {"pause": {}}], "strategy": {"maxSurge": 0, "maxUnavailable": 1}},
    ),
    "first step is a pause": ("C015", {"steps": [{"pause": {"duration": "1s"}}, {"setWeight": 50}, {"pause": {}}]}),
}


@pytest.mark.sampled(6)
@pytest.mark.parametrize("name", SPECS)
def test_a_rollout_that_would_not_protect_stable_is_refused(arena: Arena, name: str) -> None:
    code, options = SPECS[name]
    arena.deploy(**options)
    assert code in codes(refused(arena, arena.plan(arena.to_secret("payments-db-b"))))


@pytest.mark.sampled(6)
def test_a_changed_container_without_a_readiness_probe_is_refused(arena: Arena) -> None:
    arena.deploy(sidecar=True)
    outcome = refused(arena, arena.plan('{name: LOG_LEVEL, value: "debug", container: sidecar}'))
    assert codes(outcome) == {"C019"}


@pytest.mark.sampled(6)
def test_check_finds_what_apply_refuses_and_writes_nothing(arena: Arena) -> None:
    arena.deploy(sidecar=True)
    with arena.no_write():
        done = arena.cutover("check", arena.plan('{name: LOG_LEVEL, value: "debug", container: sidecar}'), "-o", "json")
    assert done.code == 3, done.told()
    assert [found["code"] for found in done.report["findings"]] == ["C019"]


@pytest.mark.sampled(6)
def test_zero_replicas_are_refused(arena: Arena) -> None:
    arena.deploy()
    arena.patch({"spec": {"replicas": 0}})
    arena.wait(lambda: not arena.pods(), "the pods are gone")
    assert "C011" in codes(refused(arena, arena.plan(arena.to_secret("payments-db-b"))))


@pytest.mark.sampled(6)
def test_a_paused_rollout_is_refused(arena: Arena) -> None:
    arena.deploy()
    arena.patch({"spec": {"paused": True}})
    arena.wait(lambda: arena.rollout()["status"]["phase"] == "Paused", "the Rollout is paused")
    assert "C007" in codes(refused(arena, arena.plan(arena.to_secret("payments-db-b"))))


@pytest.mark.sampled(6)
def test_an_aborted_rollout_is_refused_so_that_nobodys_abort_is_cleared(arena: Arena) -> None:
    arena.deploy()
    arena.begin_another_update()
    arena.argo("abort", "payments")
    arena.wait(lambda: arena.rollout()["status"]["phase"] == "Degraded", "the abort is acknowledged")
    assert "C008" in codes(refused(arena, arena.plan(arena.to_secret("payments-db-b"))))
    assert arena.rollout()["status"]["abort"] is True


@pytest.mark.sampled(6)
def test_an_update_in_flight_is_refused(arena: Arena) -> None:
    arena.deploy()
    arena.begin_another_update()
    assert "C009" in codes(refused(arena, arena.plan(arena.to_secret("payments-db-b"))))


@pytest.mark.sampled(6)
def test_a_stable_side_that_is_not_whole_is_refused(arena: Arena) -> None:
    arena.deploy()
    arena.quota(pods="2")
    arena.kubectl("scale", "rollout", "payments", "--replicas=3")
    arena.wait(lambda: arena.rollout()["status"].get("phase") == "Progressing", "the third pod is missing")
    assert "C016" in codes(refused(arena, arena.plan(arena.to_secret("payments-db-b"))))


@pytest.mark.sampled(6)
def test_a_rollback_window_that_would_skip_the_steps_is_refused(arena: Arena) -> None:
    arena.deploy(rollbackWindow={"revisions": 3})
    forth = arena.applied(arena.plan(arena.to_secret("payments-db-b")))
    assert forth.code == 0, forth.told()
    assert "C021" in codes(refused(arena, arena.plan(arena.to_secret("payments-db-a"))))


@pytest.mark.sampled(6)
def test_on_failure_hold_needs_an_indefinite_pause(arena: Arena) -> None:
    arena.deploy(steps=[{"setWeight": 20}, {"pause": {"duration": "1s"}}])
    plan = arena.plan(arena.to_secret("payments-db-b"), more="  onFailure: hold\n")
    assert "C023" in codes(refused(arena, plan))


OTHER_KINDS: dict[str, tuple[str, Manifest]] = {
    "blueGreen": ("C002", {"strategy": {"blueGreen": {"activeService": "payments"}}}),
    "trafficRouting": (
        "C004",
        {
            "strategy": {
                "canary": {
                    "canaryService": "payments",
                    "stableService": "stable",
                    "steps": [{"setWeight": 20}, {"pause": {}}],
                    "trafficRouting": {"plugins": {"example/none": {}}},
                }
            }
        },
    ),
}


@pytest.mark.sampled(6)
@pytest.mark.parametrize("name", OTHER_KINDS)
def test_a_strategy_that_is_not_supported_is_refused_by_its_own_code(arena: Arena, name: str) -> None:
    code, spec = OTHER_KINDS[name]
    arena.deploy()
    arena.kubectl("patch", "rollout", "payments", "--type=json", "-p", _replacing_strategy(spec))
    assert code in codes(refused(arena, arena.plan(arena.to_secret("payments-db-b"))))


@pytest.mark.sampled(6)
def test_a_template_in_a_workload_ref_is_refused(arena: Arena) -> None:
    arena.deploy()
    reference = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "elsewhere"}
    arena.patch({"spec": {"workloadRef": reference}})
    assert "C003" in codes(refused(arena, arena.plan('{name: FEATURE_X, value: "on", container: app}')))


@pytest.mark.sampled(6)
def test_a_service_that_publishes_unready_pods_is_refused(arena: Arena) -> None:
    arena.deploy()
    arena.kubectl("patch", "service", "payments", "-p", '{"spec": {"publishNotReadyAddresses": true}}')
    assert "C025" in codes(refused(arena, arena.plan(arena.to_secret("payments-db-b"))))


def _replacing_strategy(spec: Manifest) -> str:
    return json.dumps([{"op": "replace", "path": "/spec/strategy", "value": spec["strategy"]}])


def test_a_missing_right_for_the_way_back_is_refused(arena: Arena) -> None:
    arena.deploy()
    kubeconfig = arena.restricted_kubeconfig(
        {"apiGroups": ["argoproj.io"], "resources": ["rollouts"], "verbs": ["get", "list", "watch", "patch"]},
        {"apiGroups": ["apps"], "resources": ["replicasets"], "verbs": ["get", "list", "watch"]},
        {"apiGroups": [""], "resources": ["pods", "services"], "verbs": ["get", "list", "watch"]},
        {"apiGroups": ["discovery.k8s.io"], "resources": ["endpointslices"], "verbs": ["get", "list", "watch"]},
    )
    with arena.no_write():
        outcome = arena.applied(arena.plan(arena.to_secret("payments-db-b")), "--kubeconfig", str(kubeconfig))
    assert outcome.code == 3, outcome.told()
    assert codes(outcome) == {"C093"}
    assert "not allowed: patch rollouts/status payments" in outcome.stdout


@pytest.mark.sampled(6)
def test_promotion_full_past_an_analysis_is_refused(arena: Arena) -> None:
    arena.apply(manifests.namespace(arena.namespace), manifests.success_rate(arena.namespace, arena.bed.prometheus))
    arena.deploy(strategy={"analysis": manifests.background_analysis()})
    assert codes(refused(arena, arena.plan(arena.to_secret("payments-db-b"), promotion="full"))) == {"C026"}
