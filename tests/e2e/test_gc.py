"""`cutover gc` on a real cluster: exactly what nothing refers to goes, and nothing that a run may still need."""

import base64
import json
import signal
from collections.abc import Iterable
from typing import Any, Final

import pytest

from cutover.adapters.kube.namespace_objects import copies
from cutover.adapters.kube.session import connect
from cutover.adapters.kube.write import send
from cutover.core.base.target import Target
from cutover.core.objects.read_results import ReadFailed
from cutover.core.objects.workload import WORKLOADS
from cutover.core.patch.config_copies import COPY_OF, PLAN, RUN
from cutover.core.writes.delete_copy import collect_write
from cutover.core.writes.write import Refused
from tests.cluster import manifests
from tests.cluster.manifests import Manifest
from tests.e2e.arena import Arena
from tests.e2e.running import CommandResult

pytestmark = pytest.mark.cluster

WAITS: Final = "watch: {readyWithin: 60s, adoptWithin: 20s, hold: 60s, bake: 60s}"
GROUPS: Final = {
    "rollouts": "argoproj.io/v1alpha1",
    "experiments": "argoproj.io/v1alpha1",
    "deployments": "apps/v1",
    "statefulsets": "apps/v1",
    "daemonsets": "apps/v1",
    "replicasets": "apps/v1",
    "jobs": "batch/v1",
    "cronjobs": "batch/v1",
    "pods": "v1",
}
KINDS: Final = {
    "rollouts": "Rollout",
    "experiments": "Experiment",
    "deployments": "Deployment",
    "statefulsets": "StatefulSet",
    "daemonsets": "DaemonSet",
    "replicasets": "ReplicaSet",
    "jobs": "Job",
    "cronjobs": "CronJob",
    "pods": "Pod",
}
COPIES: Final[Manifest] = {
    "apiGroups": [""],
    "resources": ["configmaps", "secrets"],
    "verbs": ["list", "delete"],
}
LEASES: Final[Manifest] = {"apiGroups": ["coordination.k8s.io"], "resources": ["leases"], "verbs": ["list"]}


def copy(arena: Arena, name: str, run: str = "run-0", kind: str = "ConfigMap", **more: Any) -> Manifest:
    """A copy as a run makes it. The value is one that must never be seen again."""
    value = arena.bed.databases.b.url()
    labels = {COPY_OF: "config", PLAN: "move", RUN: run}
    metadata = {"name": name, "namespace": arena.namespace, "labels": labels}
    data = {"url": base64.b64encode(value.encode()).decode() if kind == "Secret" else value}
    return {"apiVersion": "v1", "kind": kind, "metadata": metadata, "immutable": True, "data": data, **more}


def workload(arena: Arena, resource: str) -> Manifest:
    """A workload without a running pod that refers to the ConfigMap of its own name."""
    labels = {"app": resource}  # of its own: a ReplicaSet would take another's pod for its own, and remove it
    volume = {"name": "v", "configMap": {"name": f"for-{resource}"}}
    container = {"name": "app", "image": arena.bed.image, "imagePullPolicy": "Never"}
    spec = manifests.pod_spec([container]) | {"volumes": [volume], "nodeSelector": {"there": "is-none"}}
    once = {"metadata": {"labels": labels}, "spec": spec | {"restartPolicy": "Never"}}
    selected = {"selector": {"matchLabels": labels}, "template": {"metadata": {"labels": labels}, "spec": spec}}
    none = {**selected, "replicas": 0}
    specs: dict[str, Any] = {
        "rollouts": {**none, "strategy": {"canary": {}}},
        "experiments": {"templates": [{**none, "name": "one"}]},
        "deployments": none,
        "statefulsets": {**none, "serviceName": "x"},
        "daemonsets": selected,
        "replicasets": none,
        "jobs": {"suspend": True, "template": once},
        "cronjobs": {"schedule": "0 0 1 1 *", "suspend": True, "jobTemplate": {"spec": {"template": once}}},
        "pods": once["spec"],
    }
    metadata = {"name": f"x-{resource}", "namespace": arena.namespace, "labels": labels}
    return {"apiVersion": GROUPS[resource], "kind": KINDS[resource], "metadata": metadata, "spec": specs[resource]}


def opened(arena: Arena) -> None:
    """A namespace without the application, fit for pods."""
    arena.apply(manifests.namespace(arena.namespace))
    path = f"/api/v1/namespaces/{arena.namespace}/serviceaccounts/default"
    arena.wait(lambda: arena.bed.api.get_or_none(path) is not None, "there is a service account")


def held(arena: Arena, name: str, annotations: dict[str, str]) -> Manifest:
    metadata = {"name": name, "namespace": arena.namespace, "annotations": annotations}
    spec = {"holderIdentity": "alice@laptop/s", "leaseDurationSeconds": 30}
    return {"apiVersion": "coordination.k8s.io/v1", "kind": "Lease", "metadata": metadata, "spec": spec}


def names(arena: Arena) -> set[str]:
    """The copies that there are."""
    lists = (
        arena.get(f"/api/v1/namespaces/{arena.namespace}/{resource}?labelSelector={COPY_OF}")["items"]
        for resource in ("configmaps", "secrets")
    )
    return {item["metadata"]["name"] for listed in lists for item in listed}


def gc(arena: Arena, *arguments: str) -> CommandResult:
    return arena.cutover("gc", "payments", "-n", arena.namespace, "-o", "json", *arguments)


def fates(outcome: CommandResult) -> dict[str, str]:
    return {line["name"]: line["fate"] for line in outcome.report["copies"]}


def reasons(outcome: CommandResult) -> dict[str, str]:
    return {line["name"]: line["reason"] for line in outcome.report["copies"]}


def readers(resources: Iterable[str]) -> list[Manifest]:
    return [
        {"apiGroups": [GROUPS[each].rpartition("/")[0]], "resources": [each], "verbs": ["list"]} for each in resources
    ]


# -- what goes and what stays ------------------------------------------------------------------------------------------


def test_exactly_what_nothing_refers_to_is_removed(arena: Arena) -> None:
    opened(arena)
    mutable = copy(arena, "mutable") | {"immutable": False}
    plain = manifests.config_map(arena.namespace, "plain", url="x") | {"immutable": True}
    referenced = {f"for-{resource}" for resource in WORKLOADS}
    arena.apply(*(copy(arena, name) for name in sorted(referenced)), mutable, plain)
    # A Secret of the same name as a ConfigMap that is referred to is another object.
    loose = (copy(arena, "loose"), copy(arena, "for-pods", kind="Secret"))
    arena.apply(*loose, *(workload(arena, resource) for resource in WORKLOADS))
    there = names(arena)

    with arena.no_write():
        tried = gc(arena, "--dry-run")
        told = arena.cutover("gc", "payments", "-n", arena.namespace, "--dry-run")
    assert (tried.code, tried.report["outcome"], names(arena)) == (0, "planned", there), tried.told()
    lines = [(line["kind"], line["name"]) for line in tried.report["copies"] if line["fate"] == "removable"]
    assert lines == [("ConfigMap", "loose"), ("Secret", "for-pods")]
    for resource in WORKLOADS:
        assert f"referenced by {resource[:-1]}/x-{resource}" in told.stdout
    assert f"2 to be removed, {len(WORKLOADS) + 1} kept in namespace {arena.namespace}" in told.stdout

    done = gc(arena)
    assert (done.code, done.report["outcome"]) == (0, "done"), done.told()
    assert [line["name"] for line in done.report["copies"] if line["fate"] == "removed"] == ["loose", "for-pods"]
    assert f"remove ConfigMap {arena.namespace}/loose, a copy of config: done" in done.stderr
    assert names(arena) == {*referenced, "mutable"}
    assert "not immutable" in reasons(done)["mutable"]
    assert arena.get(f"/api/v1/namespaces/{arena.namespace}/configmaps/plain")["data"] == {"url": "x"}

    with arena.no_write():
        again = gc(arena)
    assert (again.code, again.report["outcome"]) == (0, "unchanged"), again.told()
    journals = "".join(file.read_text() for file in (arena.folder / "state").rglob("*.jsonl"))
    assert journals.count(f"remove Secret {arena.namespace}/for-pods, a copy of config") == 2, "before and after"


def test_where_there_are_no_copies_there_is_nothing_to_do(arena: Arena) -> None:
    opened(arena)
    outcome = gc(arena)
    assert (outcome.code, outcome.report["outcome"], outcome.report["copies"]) == (0, "unchanged", [])


# -- runs under way ----------------------------------------------------------------------------------------------------


def test_a_run_under_way_keeps_what_it_made_and_what_others_made_goes(arena: Arena) -> None:
    arena.deploy()
    change = "secret: {name: payments-db-a, set: {url: {secretKeyRef: {name: payments-db-b, key: url}}}}"
    running = arena.start("apply", arena.plan_of(change, watch=WAITS), "-o", "json")
    running.wait_for_line("step 1 of 4: pause")
    (made,) = names(arena)
    run = arena.marks()["cutover.dev/run"]
    arena.apply(copy(arena, "its-own", run), copy(arena, "anothers", kind="Secret"))
    done = gc(arena)
    assert done.code == 0, done.told()
    assert names(arena) == {made, "its-own"}
    assert reasons(done)["its-own"] == f"run {run} under way"
    assert "referenced by rollout/payments" in reasons(done)[made]
    running.send(signal.SIGTERM)
    assert running.finish().code == 130
    assert fates(gc(arena)) == {made: "kept", "its-own": "removed"}
    assert names(arena) == {made}, "the aborted revision is still part of the history"


def test_a_run_that_has_not_written_yet_keeps_everything(arena: Arena) -> None:
    """It may have found just the copy that it needs; only the Lease tells that it is there."""
    opened(arena)
    arena.apply(copy(arena, "loose"), held(arena, "cutover-payments", {"cutover.dev/holder": '{"run": "run-9"}'}))
    with arena.no_write():
        outcome = gc(arena)
    assert (outcome.code, outcome.report["outcome"]) == (0, "unchanged"), outcome.told()
    assert reasons(outcome)["loose"].startswith("run run-9 under way (cutover-payments)")
    arena.kubectl("delete", "lease", "cutover-payments")
    assert fates(gc(arena)) == {"loose": "removed"}


def test_a_run_that_begins_meanwhile_keeps_what_is_still_there(arena: Arena) -> None:
    opened(arena)
    arena.apply(*(copy(arena, f"loose-{number:03}") for number in range(150)))
    running = arena.start("gc", arena.namespace, "-o", "json")
    running.wait_for_line("done")
    lease = held(arena, "cutover-payments", {"cutover.dev/holder": '{"run": "run-9"}'})
    path = f"/apis/coordination.k8s.io/v1/namespaces/{arena.namespace}/leases"
    arena.bed.api.open(path, body=json.dumps(lease).encode(), method="POST").close()
    there = names(arena)
    outcome = running.finish()
    assert outcome.code == 0, outcome.told()
    assert len(there) > 2, "the removals were over before the run began"
    # One removal may have been on its way.
    assert len(there - names(arena)) <= 1
    assert set(fates(outcome).values()) == {"removed", "kept"}


def test_who_is_stopped_says_what_was_removed(arena: Arena) -> None:
    opened(arena)
    arena.apply(*(copy(arena, f"loose-{number:03}") for number in range(100)))
    running = arena.start("gc", "-n", arena.namespace, "-o", "json")
    running.wait_for_line("done")
    running.send(signal.SIGINT)
    outcome = running.finish()
    assert (outcome.code, outcome.report["outcome"]) == (14, "unobservable"), outcome.told()
    told = fates(outcome)
    assert sorted(told.values()).count("unclear") == 1
    assert names(arena) >= {name for name, fate in told.items() if fate == "left"} != set()
    assert names(arena).isdisjoint(name for name, fate in told.items() if fate == "removed")


def test_what_was_changed_or_made_anew_since_it_was_seen_stays(arena: Arena) -> None:
    opened(arena)
    arena.apply(copy(arena, "changed"), copy(arena, "anew"))
    session, target = connect(str(arena.bed.kubeconfig)), Target("", arena.namespace)
    seen = copies(session, arena.namespace, "ConfigMap")
    assert not isinstance(seen, ReadFailed)
    arena.kubectl("label", "configmap", "changed", "by=somebody")
    arena.kubectl("delete", "configmap", "anew")
    arena.apply(copy(arena, "anew"))
    answers = [send(session, collect_write(target, each)) for each in seen]
    assert [answer.status for answer in answers if isinstance(answer, Refused)] == [409, 409]
    assert names(arena) == {"changed", "anew"}


# -- rights ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("unseen", ["cronjobs", "experiments", "pods"])
def test_who_may_not_see_all_that_refers_removes_nothing(arena: Arena, unseen: str) -> None:
    opened(arena)
    arena.apply(copy(arena, "loose"))
    seen = readers(resource for resource in WORKLOADS if resource != unseen)
    kubeconfig = arena.restricted_kubeconfig(COPIES, LEASES, *seen)
    with arena.no_write():
        refused = gc(arena, "--kubeconfig", str(kubeconfig))
    assert (refused.code, refused.report["outcome"]) == (3, "refused"), refused.told()
    (problem,) = refused.report["problems"]
    assert f"the right to list {unseen} in namespace {arena.namespace} is missing" in problem["message"]


def test_the_rights_that_the_help_names_are_enough_and_none_of_them_can_be_spared(arena: Arena) -> None:
    opened(arena)
    arena.apply(copy(arena, "loose"), copy(arena, "loose", kind="Secret"))
    told = " ".join(arena.cutover("gc", "--help").stdout.split())
    assert all(resource in told for resource in (*WORKLOADS, "configmaps", "secrets", "leases"))
    no_delete = COPIES | {"resources": ["configmaps"]}, COPIES | {"resources": ["secrets"], "verbs": ["list"]}
    with arena.no_write():
        blind = gc(arena, "--kubeconfig", str(arena.restricted_kubeconfig(COPIES, *readers(WORKLOADS))))
        unable = gc(arena, "--kubeconfig", str(arena.restricted_kubeconfig(*no_delete, LEASES, *readers(WORKLOADS))))
    assert (blind.code, unable.code) == (3, 3), blind.told() + unable.told()
    assert f"the right to list leases in namespace {arena.namespace}" in blind.stderr
    assert f"the right to delete secrets in namespace {arena.namespace} is missing" in unable.stderr
    kubeconfig = arena.restricted_kubeconfig(COPIES, LEASES, *readers(WORKLOADS))
    done = gc(arena, "--kubeconfig", str(kubeconfig))
    assert (done.code, names(arena)) == (0, set()), done.told()
