"""C051 to C057: what stands around the Rollout in its namespace, and what of the old is left elsewhere."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest

from cutover.core.base.documents import Json
from cutover.core.base.resources import Resource
from cutover.core.base.secret_text import SecretText
from cutover.core.checks.check import CheckContext
from cutover.core.checks.controller_version import TESTED
from cutover.core.objects.autoscaler import KEDA_LABEL
from cutover.core.objects.config_object import config_read
from cutover.core.objects.namespace_objects import AROUND, CONSUMERS, NamespaceObjects, namespace_objects_of
from cutover.core.patch.edit import ConfigCopy, EnvEdit, KeyChange, edits_between
from cutover.core.podtemplate.env_source import LiteralValue
from tests.core.checks.documents import (
    TEMPLATE,
    TO_B,
    Changes,
    changed,
    codes,
    edit,
    ground,
    replicaset,
    secret,
    told,
    whole,
)

PLACE: Final = "payments/rollout/payments"
APP: Final = "spec.template.spec.containers.0"
AS_PATH: Final = f"{PLACE}: spec.template.spec.containers"
OLD: Final = "https://auth.old.example/realms/shop"
NEW: Final = "https://auth.new.example/realms/shop"


def around(**documents: Json) -> NamespaceObjects:
    """One object of each of these resources."""
    return namespace_objects_of({each: (documents[each],) for each in AROUND if each in documents}, {})


def unreadable(*resources: str) -> NamespaceObjects:
    return NamespaceObjects(unread={each: f"the right to list {each} is missing" for each in resources})


# -- C051: the old value elsewhere -------------------------------------------------------------------------------------


def literal(before: str, after: str, **elsewhere: Any) -> CheckContext:
    """A plan that changes a literal, and what else stands in the template."""
    live = changed(TEMPLATE, {"spec.containers.0.env.1": {"name": "ISSUER", "value": before}, **elsewhere})
    wanted = edit(LiteralValue(SecretText(after)), variable="ISSUER", template=live)
    return ground(rollout={"spec.template": live}, edits=[wanted])


def test_a_host_that_stands_elsewhere_is_told_place_by_place_and_never_shown() -> None:
    judged = literal(
        OLD,
        NEW,
        **{
            "metadata.annotations": {"example.com/issuer": "auth.old.example"},
            "spec.containers.1.args": ["--upstream", "https://AUTH.OLD.example:8443/x"],
        },
    )
    said = "the host in the old ISSUER of container app stands here, too, and the plan leaves it as it is"
    remedy = "let the plan change this place, too; or accept it in spec.allow of the plan, if it is meant to stay"
    assert told(judged) == [
        f"C051 warn | {PLACE}: spec.template.metadata.annotations[example.com/issuer]\n{said}\n→ {remedy}",
        f"C051 warn | {AS_PATH}[sidecar].args[1]\n{said}\n→ {remedy}",
    ]


@pytest.mark.parametrize(
    ("before", "after", "elsewhere"),
    [
        ("eu-west-1", "eu-west-2", {"spec.containers.1.env.0.value": "s3 in eu-west-1"}),
        ("db-a.shop:5432", "db-b.shop:5432", {"spec.containers.1.command": ["wait", "db-a.shop"]}),
        ("jdbc:postgresql://pg1,pg-2.shop/x", "jdbc:postgresql://pg3/x", {"spec.initContainers.0.args": ["pg-2.shop"]}),
        ("http://orders/", "http://orders-v2/", {"spec.containers.1.env.0.value": "http://user:pw@orders:80/x"}),
        ("http://orders/", "http://orders-v2/", {"spec.containers.1.env.0.value": "orders:80"}),
        (OLD, NEW, {"spec.hostAliases": [{"ip": "10.0.0.1", "hostnames": ["auth.old.example"]}]}),
        (OLD, OLD.replace("shop", "bank"), {"spec.containers.1.env.0.value": f"{OLD}/certs"}),
        ("12.0.0.7:80", "12.0.0.8:80", {"spec.containers.1.livenessProbe": {"httpGet": {"host": "12.0.0.7"}}}),
    ],
)
def test_it_is_found_in_whatever_form_it_has_there(before: str, after: str, elsewhere: Changes) -> None:
    assert codes(literal(before, after, **elsewhere))[:1] == ["C051"]


@pytest.mark.parametrize(
    ("before", "after", "elsewhere"),
    [
        pytest.param("production", "staging", {"spec.containers.1.env.0.value": "production"}, id="a word"),
        pytest.param("3000000", "4000000", {"spec.containers.1.env.0.value": "3000000"}, id="a number"),
        pytest.param("a-b", "c", {"spec.containers.1.env.0.value": "a-b"}, id="short"),
        pytest.param("http://localhost:1/", NEW, {"spec.containers.1.args": ["localhost"]}, id="this very pod"),
        pytest.param(
            "http://orders/", NEW, {"spec.containers.1.args": ["orders", "x-orders:1"]}, id="a word as a host"
        ),
        pytest.param(OLD, NEW, {"spec.containers.1.args": ["x.auth.old.example", "auth.old.example-2"]}, id="a part"),
        pytest.param(OLD, f"{OLD}?x=1", {"spec.containers.1.args": ["auth.old.example"]}, id="the host stays"),
        pytest.param("eu-west-1", "eu-west-2", {"spec.containers.1.image": "eu-west-1/payments:1"}, id="an image"),
        pytest.param("eu-west-1", "eu-west-2", {"metadata.labels.at": "eu-west-1"}, id="a label"),
    ],
)
def test_what_says_nothing_is_not_told(before: str, after: str, elsewhere: Changes) -> None:
    assert codes(literal(before, after, **elsewhere)) == []


def test_a_place_that_the_plan_changes_is_none_of_them() -> None:
    assert codes(literal(OLD, f"{NEW}?from={OLD}")) == []


def test_an_env_in_another_order_does_not_hide_what_stands_in_it() -> None:
    before = {"spec.containers.1.env": [{"name": "ISSUER", "value": OLD}, {"name": "LOGIN", "value": f"{OLD}/login"}]}
    after = {"spec.containers.1.env": [{"name": "LOGIN", "value": f"{OLD}/login"}, {"name": "ISSUER", "value": NEW}]}
    live, wanted = changed(TEMPLATE, before), changed(TEMPLATE, after)
    context = ground(rollout={"spec.template": live})
    edits = replace(context.edits, edits=edits_between(live, wanted), before=live, after=wanted)
    assert len(edits.edits) == 2, "the variable, and the order"
    assert "C051" in codes(CheckContext(context.snapshot, context.plan, edits))


def test_of_a_secrets_value_the_host_is_looked_for() -> None:
    old = {"metadata": {"name": "payments-db-a"}, "data": {"url": "cG9zdGdyZXM6Ly9hcHA6cGFzcy13b3JkQGRiLWEuc2hvcC94"}}
    new = {"metadata": {"name": "payments-db-b"}, "data": {"url": "cG9zdGdyZXM6Ly9hcHA6cGFzcy13b3JkQGRiLWIuc2hvcC94"}}
    configs = {("Secret", each["metadata"]["name"]): config_read("Secret", each) for each in (old, new)}
    for args, found in ((["--db", "db-a.shop"], ["C051"]), (["pass-word"], [])):
        live: Changes = {f"{APP}.args": args}
        judged = ground(rollout=live, configs=configs)
        assert codes(judged) == found
    assert "db-a.shop" not in whole(ground(rollout={f"{APP}.args": ["db-a.shop"]}, configs=configs))


def test_any_other_value_of_a_secret_is_not() -> None:
    old = config_read("Secret", {"metadata": {"name": "payments-db-a"}, "data": {"url": "ZXUtd2VzdC0x"}})
    configs = {("Secret", "payments-db-a"): old, ("Secret", "payments-db-b"): secret("payments-db-b", "url")}
    assert codes(ground(rollout={f"{APP}.args": ["eu-west-1"]}, configs=configs)) == []


# -- C052: consumers that are not in the plan --------------------------------------------------------------------------


def pods(env: Mapping[str, Any], **spec: Any) -> dict[str, Any]:
    return {"spec": {"containers": [{"name": "c", "env": [{"name": "X", **env}]}], **spec}}


def from_secret(name: str, key: str) -> Mapping[str, Any]:
    return {"valueFrom": {"secretKeyRef": {"name": name, "key": key}}}


def workload(name: str, template: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    return {"metadata": {"name": name, "uid": f"uid-{name}"}, "spec": {"template": template}, **more}


def cron(name: str, template: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "metadata": {"name": name, "uid": f"uid-{name}"},
        "spec": {"jobTemplate": {"spec": {"template": template}}},
    }


USES: Final = pods(from_secret("payments-db-a", "url"))


def test_others_that_use_the_same_are_told_in_one_finding() -> None:
    mounts = pods({"value": "x"}, volumes=[{"name": "v", "secret": {"secretName": "payments-db-a"}}])
    found = around(
        deployments=workload("worker", USES),
        cronjobs=cron("report", mounts),
        rollouts=workload("orders", USES),
        statefulsets=workload("other", pods(from_secret("payments-db-a", "user"))),
        daemonsets=workload("agent", pods(from_secret("payments-db-b", "url"))),
    )
    assert whole(ground(namespace_objects=found)) == (
        f"C052 warn | {PLACE}: spec.template\n"
        "3 other workloads use what the plan moves away from, and no change of it: "
        "Rollout orders (Secret payments-db-a, key url), Deployment worker (Secret payments-db-a, key url), "
        "CronJob report (Secret payments-db-a, key url)\n"
        "→ change each of them with a plan or a rollout of its own, before or after this one as the data demand it; "
        "or accept it in spec.allow of the plan, if they are meant to stay"
    )


def test_one_that_holds_the_old_value_is_told_without_it() -> None:
    judged = literal(OLD, NEW)
    found = around(deployments=workload("worker", pods({"value": "auth.old.example"})))
    said = whole(CheckContext(replace(judged.snapshot, namespace_objects=found), judged.plan, judged.edits))
    assert "1 other workload uses what" in said
    assert "Deployment worker (the host in the old ISSUER of container app)" in said
    assert "example" not in said


@pytest.mark.parametrize(
    "found",
    [
        pytest.param(around(rollouts=workload("payments", USES)), id="the target"),
        pytest.param(around(deployments=workload("worker", pods({"value": "10"}))), id="nothing of it"),
        pytest.param(around(jobs=workload("j", USES, status={"conditions": [{"type": "Complete", "status": "True"}]})),
                     id="a Job that is over"),
        pytest.param(around(jobs=workload("j", USES, status={"conditions": [{"type": "Failed", "status": "True"}]})),
                     id="a Job that failed"),
    ],
)  # fmt: skip
def test_others_are_not(found: NamespaceObjects) -> None:
    assert codes(ground(namespace_objects=found)) == []


def test_a_job_is_told_unless_its_cron_job_is() -> None:
    job = workload("report-1", USES, status={"conditions": [{"type": "Suspended", "status": "True"}]})
    owned = changed(job, {"metadata.ownerReferences": [{"uid": "uid-report", "controller": True}]})
    assert "Job report-1" in whole(
        ground(namespace_objects=around(jobs=owned, cronjobs=cron("report", pods({"value": "x"}))))
    )
    said = whole(ground(namespace_objects=around(jobs=owned, cronjobs=cron("report", USES))))
    assert "1 other workload uses" in said
    assert "CronJob report" in said


def test_of_a_copied_object_only_the_keys_that_change_are_moved_away_from() -> None:
    live = changed(TEMPLATE, {"spec.containers.0.envFrom": [{"secretRef": {"name": "flags"}}]})
    after = changed(live, {"spec.containers.0.envFrom": [{"secretRef": {"name": "flags-1"}}]})
    change = KeyChange("pool", LiteralValue(SecretText("a")), LiteralValue(SecretText("b")))
    copy = ConfigCopy("Secret", "flags-1", "flags", "flags", (change,), {"pool": SecretText("Yg==")})
    judged = ground(rollout={"spec.template": live})
    edits = replace(judged.edits, edits=edits_between(live, after), before=live, after=after, copies=(copy,))
    for key, expected in (("pool", ["C052"]), ("size", [])):
        found = around(deployments=workload("worker", pods(from_secret("flags", key))))
        snapshot = replace(judged.snapshot, namespace_objects=found)
        assert [each for each in codes(CheckContext(snapshot, judged.plan, edits)) if each == "C052"] == expected


def test_what_could_not_be_looked_at_is_named_and_what_could_is_told_all_the_same() -> None:
    some = replace(
        around(deployments=workload("worker", USES)), unread={"jobs": "no", "cronjobs": "no", "rollouts": "x"}
    )
    found, unknown = told(ground(namespace_objects=some))
    assert "Deployment worker" in found
    assert unknown.startswith(
        f"C052 warn (unverified) | {PLACE}: spec.template\n"
        "could not be checked: jobs, cronjobs: no; rollouts: x\n→ change each"
    )


def test_a_plan_that_changes_nothing_moves_away_from_nothing() -> None:
    assert codes(ground(edits=[], namespace_objects=unreadable(*CONSUMERS))) == []


# -- C053: an autoscaler -----------------------------------------------------------------------------------------------


def scaler(
    least: int, most: int = 8, kind: str = "Rollout", name: str = "payments", keda: str = ""
) -> NamespaceObjects:
    target = {"apiVersion": "argoproj.io/v1alpha1" if kind == "Rollout" else "apps/v1", "kind": kind, "name": name}
    spec = {"scaleTargetRef": target, "minReplicas": least, "maxReplicas": most}
    document = {"metadata": {"name": "web", "labels": {KEDA_LABEL: keda} if keda else {}}, "spec": spec}
    return around(horizontalpodautoscalers=document)


def test_an_autoscaler_is_told() -> None:
    assert whole(ground(namespace_objects=scaler(2))) == (
        "C053 warn | payments/horizontalpodautoscaler/web: spec\n"
        "HorizontalPodAutoscaler web scales this Rollout between 2 and 8 replicas, during the run, too\n"
        "→ keep it still for the run: `kubectl edit hpa -n payments`, spec.minReplicas and spec.maxReplicas both at "
        "the number that there is now"
    )


def test_with_so_few_replicas_that_a_weight_is_no_pod_it_is_told_too() -> None:
    none: Changes = {"spec.strategy.canary.maxSurge": 0, "spec.strategy.canary.maxUnavailable": 1}
    said = whole(ground(rollout=none, namespace_objects=scaler(1)))
    assert "between 1 and 8 replicas, during the run, too; with 1, a weight of 20 % is no canary pod\n" in said


def test_one_of_keda_is_told_by_the_name_of_its_scaled_object() -> None:
    judged = ground(namespace_objects=scaler(2, keda="queue"), context="prod")
    assert whole(judged) == (
        "C053 warn | payments/scaledobject/queue: spec\n"
        "ScaledObject queue scales this Rollout between 2 and 8 replicas, during the run, too\n"
        "→ keep it still for the run: `kubectl annotate scaledobject queue -n payments --context prod "
        "autoscaling.keda.sh/paused=true`, and take the annotation away afterwards"
    )


@pytest.mark.parametrize("found", [scaler(4, 4), scaler(2, kind="Deployment"), scaler(2, name="orders")])
def test_one_that_cannot_scale_it_is_not(found: NamespaceObjects) -> None:
    assert codes(ground(namespace_objects=found)) == []


@pytest.mark.parametrize(
    ("code", "resource"),
    [("C053", Resource.AUTOSCALER), ("C054", Resource.DISRUPTION_BUDGET), ("C055", Resource.QUOTA)],
)
def test_what_could_not_be_read_is_said(code: str, resource: str) -> None:
    (said,) = told(ground(namespace_objects=unreadable(resource)))
    assert said.startswith(
        f"{code} warn (unverified) | {PLACE}\n"
        f"could not be checked: {resource}: the right to list {resource} is missing\n"
    )


# -- C054: a disruption budget -----------------------------------------------------------------------------------------


def budget(selector: Any, **status: int) -> NamespaceObjects:
    counted = {"disruptionsAllowed": 0, "currentHealthy": 4, "desiredHealthy": 4, "expectedPods": 4}
    status = {**counted, "observedGeneration": 1, **status}
    document = {"metadata": {"name": "web", "generation": 1}, "spec": {"selector": selector}, "status": status}
    return around(poddisruptionbudgets=document)


LABELS: Final = {"matchLabels": {"app": "payments"}}


def test_a_budget_that_lets_nobody_go_is_told() -> None:
    assert whole(ground(namespace_objects=budget(LABELS))) == (
        "C054 info | payments/poddisruptionbudget/web: status.disruptionsAllowed\n"
        "PodDisruptionBudget web allows no disruption now (4 pods are healthy, 4 have to be): a node that is drained "
        "during the run waits\n"
        "→ let no node be drained during the run, or give it room first: `kubectl edit pdb -n payments`"
    )


@pytest.mark.parametrize(
    ("selector", "selects"),
    [
        ({}, True),
        (None, False),
        ({"matchLabels": {"app": "orders"}}, False),
        ({"matchExpressions": [{"key": "app", "operator": "In", "values": ["orders", "payments"]}]}, True),
        ({"matchExpressions": [{"key": "app", "operator": "NotIn", "values": ["payments"]}]}, False),
        ({"matchExpressions": [{"key": "app", "operator": "Exists"}, {"key": "x", "operator": "DoesNotExist"}]}, True),
        ({"matchExpressions": [{"key": "app", "operator": "Like", "values": ["payments"]}]}, False),
    ],
)
def test_a_budget_is_told_for_the_pods_that_it_selects(selector: Any, selects: bool) -> None:  # noqa: FBT001 -- a table
    assert codes(ground(namespace_objects=budget(selector))) == (["C054"] if selects else [])


@pytest.mark.parametrize("status", [{"disruptionsAllowed": 1}, {"expectedPods": 0}, {"observedGeneration": 0}])
def test_one_that_lets_somebody_go_or_has_not_counted_is_not(status: dict[str, int]) -> None:
    assert codes(ground(namespace_objects=budget(LABELS, **status))) == []


# -- C055: a quota -----------------------------------------------------------------------------------------------------


def quota(counted: str, hard: str, used: str, **spec: Any) -> NamespaceObjects:
    status = {"hard": {counted: hard}, "used": {counted: used}}
    return around(resourcequotas={"metadata": {"name": "team"}, "spec": spec, "status": status})


RESOURCES: Final[Changes] = {
    f"{APP}.resources": {"requests": {"cpu": "250m"}, "limits": {"memory": "1Gi"}},
    "spec.template.spec.containers.1.resources": {"requests": {"cpu": "0.1", "memory": "64Mi"}},
}


def test_a_quota_without_room_is_told() -> None:
    assert whole(ground(rollout=RESOURCES, namespace_objects=quota("requests.cpu", "1750m", "1.401"))) == (
        "C055 warn | payments/resourcequota/team: spec.hard.requests.cpu\n"
        "ResourceQuota team has requests.cpu 1750m, of which 1.401 are used: 1 pod more than spec.replicas, which the "
        "steps need, take 350m\n"
        "→ raise it or make room before the run: `kubectl describe resourcequota -n payments` shows what is used"
    )


@pytest.mark.parametrize(
    ("counted", "hard", "used", "need"),
    [
        ("pods", "4", "4", "1"),
        ("pods", "0", "0", "1"),
        ("count/pods", "5", "5", "1"),
        ("cpu", "1", "700m", "350m"),
        ("memory", "2Gi", "1Gi", "1088Mi"),
        ("requests.memory", "2Gi", "1Gi", "1088Mi"),
        ("limits.memory", "1Gi", "1", "1024Mi"),
    ],
)
def test_whatever_pods_take_of_it_counts(counted: str, hard: str, used: str, need: str) -> None:
    said = whole(ground(rollout=RESOURCES, namespace_objects=quota(counted, hard, used)))
    assert f"{counted} {hard}, of which {used} are used: 1 pod more than spec.replicas" in said
    assert f" take {need}\n" in said


def test_as_many_pods_as_the_largest_step_has_are_counted() -> None:
    surge: Changes = {"spec.strategy.canary.maxSurge": 2}
    assert codes(ground(rollout=surge, namespace_objects=quota("pods", "5", "4"))) == ["C055"]
    assert codes(ground(rollout=surge, namespace_objects=quota("pods", "6", "4"))) == []


@pytest.mark.parametrize(
    "found",
    [
        quota("pods", "5", "4"),
        quota("requests.cpu", "1750m", "1400m"),
        quota("configmaps", "1", "1"),
        quota("requests.nvidia.com/gpu", "1", "1"),
        quota("pods", "4", "4", scopes=["BestEffort"]),
        quota("pods", "4", "4", scopeSelector={"matchExpressions": []}),
        quota("pods", "odd", "4"),
    ],
)
def test_a_quota_with_room_or_of_other_things_is_not(found: NamespaceObjects) -> None:
    assert codes(ground(rollout=RESOURCES, namespace_objects=found)) == []


def test_without_surge_no_room_is_needed() -> None:
    none: Changes = {"spec.strategy.canary.maxSurge": 0, "spec.strategy.canary.maxUnavailable": 1}
    assert "C055" not in codes(ground(rollout=none, namespace_objects=quota("pods", "4", "4")))
    assert codes(ground(edits=[], namespace_objects=quota("pods", "4", "4"))) == []


# -- C056: the controller ----------------------------------------------------------------------------------------------


def of_version(tag: str) -> CheckContext:
    return ground(namespace_objects=NamespaceObjects(controller=tag))


def test_a_newer_controller_is_told_to_be_untested() -> None:
    assert whole(of_version("v1.11.0")) == (
        "C056 warn | argo-rollouts/deployments\n"
        "the controller is v1.11.0, and this tool is tested with v1.10.1\n"
        "→ try a plan that changes nothing of weight first, or accept it in spec.allow of the plan; "
        "`kubectl get deployments -n argo-rollouts -o wide` shows the image"
    )


def test_of_an_older_one_what_is_known_of_it_is_told_too() -> None:
    said = whole(of_version("v1.8.3"))
    assert "is tested with v1.10.1; known of it: the last promotion waits until exactly spec.replicas" in said
    assert "; progressDeadlineAbort aborts late; a ReplicaSet that waits to be scaled down gets no analysis\n" in said
    assert "the last promotion" not in whole(of_version("v1.9.1"))
    assert "known of it" in whole(of_version("1.9.1"))
    assert not any("known of it" in whole(of_version(tag)) for tag in ("v1.10.0-rc1", "v1.10.0", "v1.10.2"))


@pytest.mark.parametrize("tag", ["", TESTED, "1.10.1", "latest", "v1.10", "master-1.9.0"])
def test_the_tested_one_and_what_tells_no_version_are_not(tag: str) -> None:
    assert codes(of_version(tag)) == []


def test_the_version_is_that_of_the_test_bed() -> None:
    modules = (Path(__file__).parents[2] / "cluster" / "binaries" / "go.mod").read_text()
    assert f"github.com/argoproj/argo-rollouts {TESTED} " in modules


# -- C057: taken back before -------------------------------------------------------------------------------------------

AT_B: Final[Changes] = {"spec.containers.0.env.0.valueFrom.secretKeyRef.name": "payments-db-b"}
LATER: Final = "2026-11-21T10:00:00Z"


def tried(edits: list[EnvEdit] | None = None, **more: Any) -> CheckContext:
    other = replicaset("5d4", **{"created": LATER, "template": AT_B, **more})
    return ground(replicasets=[replicaset(), other], edits=edits)


def test_values_that_came_after_stable_and_went_are_told() -> None:
    assert whole(tried()) == (
        "C057 info | payments/replicaset/payments-5d4\n"
        "ReplicaSet payments-5d4 (revision 3) holds all that the plan wants and is newer than the stable one: the "
        "Rollout went there once, and came back\n"
        "→ find out why first: `cutover runs -n payments` and `kubectl argo rollouts get rollout payments -n payments` "
        "show what became of it"
    )


@pytest.mark.parametrize(
    "more",
    [
        pytest.param({"created": "2026-11-19T10:00:00Z"}, id="older than stable"),
        pytest.param({"template": {}}, id="other values"),
        pytest.param({"metadata__ownerReferences": []}, id="somebody else's"),
    ],
)
def test_any_other_revision_is_not(more: Mapping[str, Any]) -> None:
    assert codes(tried(**more)) == []


def test_every_value_has_to_be_in_it() -> None:
    both = [edit(TO_B), edit(LiteralValue(SecretText("20")), variable="POOL_SIZE")]
    assert codes(tried(both)) == []
    assert codes(tried(both, template={**AT_B, "spec.containers.0.env.1.value": "20"})) == ["C057"]


def test_of_a_field_that_goes_nothing_can_be_told() -> None:
    live = changed(TEMPLATE, {"spec.priorityClassName": "high"})
    judged = ground(rollout={"spec.template": live}, replicasets=[replicaset(), replicaset("5d4", created=LATER)])
    edits = replace(judged.edits, edits=edits_between(live, TEMPLATE), before=live, after=TEMPLATE)
    assert "C057" not in codes(CheckContext(judged.snapshot, judged.plan, edits))
    gone = [edit(None, variable="POOL_SIZE")]
    env = TEMPLATE["spec"]["containers"][0]["env"][:1]
    assert codes(tried(gone, template={"spec.containers.0.env": env})) == ["C057"]
