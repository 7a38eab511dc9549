"""Each kind of change, a good plan and a bad one: promoted with the new value, or held with the old one standing."""

import base64
import json
from typing import Any

import pytest

from tests.cluster import manifests
from tests.cluster.manifests import Manifest, from_config_map
from tests.e2e.arena import SHORT, Arena
from tests.e2e.kills.proxy import Proxy, ProxyFault
from tests.e2e.running import CommandResult

pytestmark = pytest.mark.cluster

COPY_OF = "cutover.dev/copy-of"
LIMIT = "/spec/template/spec/containers/0/resources"


def promoted(arena: Arena, plan: Any) -> CommandResult:
    """The plan goes well, and applied once more it changes nothing."""
    outcome = arena.applied(plan)
    assert (outcome.code, outcome.report["outcome"]) == (0, "promoted"), outcome.told()
    assert arena.marks() == {}
    again = arena.applied(plan)
    assert (again.code, again.report["outcome"]) == (0, "unchanged"), again.told()
    return outcome


def held(arena: Arena, plan: Any) -> CommandResult:
    """The plan goes badly: the old template stands, the same pods serve."""
    before, pods = arena.template(), arena.stable_pods()
    outcome = arena.applied(plan)
    assert (outcome.code, outcome.report["outcome"], outcome.report["spec"]) == (10, "held", "restored"), outcome.told()
    assert arena.template() == before
    assert arena.stable_pods() == pods
    assert arena.marks() == {}
    return outcome


def copies(arena: Arena, resource: str) -> list[Any]:
    items = arena.get(f"/api/v1/namespaces/{arena.namespace}/{resource}?labelSelector={COPY_OF}")["items"]
    return sorted(items, key=lambda item: str(item["metadata"]["creationTimestamp"]))


def with_config(arena: Arena) -> tuple[Manifest, dict[str, Any]]:
    """A ConfigMap, and the application reading it in every way there is: the address decides whether it is Ready."""
    config = manifests.config_map(arena.namespace, "payments-config", url=arena.bed.databases.a.url(), legacy="x")
    volumes = [
        {"name": "whole", "configMap": {"name": "payments-config"}},
        {"name": "part", "projected": {"sources": [{"configMap": {"name": "payments-config"}}]}},
    ]
    rollout = manifests.rollout(
        arena.namespace,
        arena.bed.image,
        replicas=2,
        sidecar=False,
        env={"DATABASE_URL": from_config_map("payments-config", "url")},
    )
    spec = rollout["spec"]["template"]["spec"]
    container = spec["containers"][0] | {"envFrom": [{"configMapRef": {"name": "payments-config"}}]}
    mounts = [{"name": name, "mountPath": f"/mnt/{name}"} for name in ("whole", "part")]
    spec |= {"containers": [container | {"volumeMounts": mounts}], "volumes": volumes}
    return config, {"template": {"metadata": rollout["spec"]["template"]["metadata"], "spec": spec}}


def test_a_configmap_is_copied_and_every_reference_follows(arena: Arena) -> None:
    config, spec = with_config(arena)
    arena.deploy(config, **spec)
    url = json.dumps(arena.bed.databases.b.url())
    good = f"configMap: {{name: payments-config, set: {{url: {url}}}, remove: [legacy]}}"
    outcome = promoted(arena, arena.plan_of(good))
    (copy,) = copies(arena, "configmaps")
    name = copy["metadata"]["name"]
    assert (copy["immutable"], sorted(copy["data"])) == (True, ["url"])
    assert copy["metadata"]["labels"] | {"cutover.dev/run": outcome.report["run"]} == {
        COPY_OF: "payments-config",
        "cutover.dev/plan": "test-plan",
        "cutover.dev/run": outcome.report["run"],
    }
    assert json.dumps(arena.template()).count(f'"{name}"') == 4
    assert '"payments-config"' not in json.dumps(arena.template())
    original = arena.get(f"/api/v1/namespaces/{arena.namespace}/configmaps/payments-config")
    assert original["data"] == config["data"], "the original is as it was"
    arena.wait_for_answers_of("db-b")

    bad = f"configMap: {{name: payments-config, set: {{url: {json.dumps(arena.bed.databases.refused.url())}}}}}"
    failed = held(arena, arena.plan_of(bad, watch=SHORT))
    assert "db refused" in failed.stdout
    assert len(copies(arena, "configmaps")) == 2, "an abort deletes nothing"
    assert any(line.startswith("cutover gc payments") for line in failed.report["next"])


def test_a_secret_is_copied_with_a_value_from_outside(arena: Arena) -> None:
    arena.deploy()
    (arena.folder / "url.txt").write_text(arena.bed.databases.b.url())
    diffed = arena.cutover("diff", arena.plan_of("secret: {name: payments-db-a, set: {url: {fromFile: ./url.txt}}}"))
    assert "url: changed" in diffed.stdout, diffed.told()
    promoted(arena, arena.plan_of("secret: {name: payments-db-a, set: {url: {fromFile: ./url.txt}}}"))
    (copy,) = copies(arena, "secrets")
    assert (copy["immutable"], copy["type"]) == (True, "Opaque")
    assert base64.b64decode(copy["data"]["url"]).decode() == arena.bed.databases.b.url()
    arena.wait_for_answers_of("db-b")

    (arena.folder / "url.txt").write_text(arena.bed.databases.refused.url())
    bad = arena.plan_of("secret: {name: payments-db-a, set: {url: {fromFile: ./url.txt}}}", watch=SHORT)
    assert "db refused" in held(arena, bad).stdout
    assert len(copies(arena, "secrets")) == 2


def test_a_database_is_moved(arena: Arena) -> None:
    arena.deploy()
    arena.secret("payments-db-bad", url=arena.bed.databases.refused.url())
    to = (
        "database: {{engine: postgres, env: DATABASE_URL, to: {{secretKeyRef: {{name: {name}, key: url}}}}, "
        "dataRelation: same}}"
    )
    good = arena.plan_of(to.format(name="payments-db-b"))
    assert "Database endpoint\n" in arena.cutover("diff", good).stdout
    promoted(arena, good)
    arena.wait_for_answers_of("db-b")
    assert "db refused" in held(arena, arena.plan_of(to.format(name="payments-db-bad"), watch=SHORT)).stdout


def test_a_patch_changes_what_no_other_kind_does(arena: Arena) -> None:
    arena.deploy()
    # 1000m: typed it reads 1, which is the same; a run must not wait for the spelling.
    good = f"patch: [{{op: add, path: {LIMIT}, value: {{requests: {{cpu: '0.01'}}, limits: {{cpu: 1000m}}}}}}]"
    promoted(arena, arena.plan_of(good))
    assert arena.template()["spec"]["containers"][0]["resources"] == {
        "requests": {"cpu": "10m"},
        "limits": {"cpu": "1"},
    }
    bad = "patch: [{op: replace, path: /spec/template/spec/containers/0/readinessProbe/httpGet/path, value: /nowhere}]"
    held(arena, arena.plan_of(bad, watch=SHORT))


@pytest.mark.whole(
    "tests/commands/test_apply.py::test_an_empty_value_which_the_controller_spells_in_its_own_way_is_still_the_plans"
)
def test_an_empty_value_which_the_controller_spells_in_its_own_way_is_still_the_plans(arena: Arena) -> None:
    arena.deploy()
    promoted(
        arena, arena.plan('{name: FEATURE_X, value: "", container: app}', '{name: NEW, value: "", container: app}')
    )
    env = {entry["name"]: entry for entry in arena.template()["spec"]["containers"][0]["env"]}
    assert (env["FEATURE_X"], env["NEW"]) == ({"name": "FEATURE_X"}, {"name": "NEW"})


def test_a_copy_that_cannot_be_made_leaves_the_rollout_alone(arena: Arena) -> None:
    config, spec = with_config(arena)
    arena.deploy(config, **spec)
    used = len(arena.get(f"/api/v1/namespaces/{arena.namespace}/configmaps")["items"])
    arena.quota(configmaps=str(used))
    change = f"configMap: {{name: payments-config, set: {{url: {json.dumps(arena.bed.databases.b.url())}}}}}"
    before = arena.template()
    outcome = arena.applied(arena.plan_of(change))
    assert (outcome.code, outcome.report["outcome"]) == (3, "refused"), outcome.told()
    assert [found["code"] for found in outcome.report["findings"] if found["severity"] == "refuse"] == ["C095"]
    assert "exceeded quota" in outcome.stdout
    assert (arena.template(), copies(arena, "configmaps")) == (before, [])


@pytest.mark.sampled(1)
@pytest.mark.parametrize("fault", [ProxyFault.KILL_BEFORE, ProxyFault.KILL_AFTER, ProxyFault.CUT_AFTER])
def test_whatever_becomes_of_the_request_that_makes_a_copy_the_plan_can_be_carried_out(
    arena: Arena, fault: ProxyFault
) -> None:
    config, spec = with_config(arena)
    arena.deploy(config, **spec)
    before = arena.template()
    change = f"configMap: {{name: payments-config, set: {{url: {json.dumps(arena.bed.databases.b.url())}}}}}"
    plan = arena.plan_of(change)
    with Proxy(arena.bed) as proxy:
        proxy.kills(2, fault)  # the first write takes the lock
        running = arena.start("apply", plan, "-o", "json", "--kubeconfig", proxy.kubeconfig(arena.folder))
        proxy.pid = running.process.pid
        outcome = running.finish()
        assert proxy.writes[1].path.endswith("/configmaps")
    if fault is ProxyFault.CUT_AFTER:
        assert outcome.code == 0, outcome.told()
        assert "the answer was lost, a read shows that it is done" in outcome.stderr
    else:
        assert (outcome.code, arena.template()) == (-9, before)
        promoted(arena, plan)
    assert len(copies(arena, "configmaps")) == 1
