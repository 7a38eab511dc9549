"""The healthy base of every check's test: Kubernetes documents as the API gives them, read by the real views.

A test names only what is different: `ground(rollout={"spec.paused": True})`; `GONE` removes a field.
"""

import copy
from collections.abc import Mapping, Sequence
from typing import Any, Final

from cutover.core.base.target import Target
from cutover.core.checks import run_all
from cutover.core.checks.check import CheckContext
from cutover.core.objects.config_object import ConfigView, config_view
from cutover.core.objects.namespace_objects import NOT_ASKED, NamespaceObjects
from cutover.core.objects.pod import PodView, pod_view
from cutover.core.objects.read_results import NotFound, ReadFailed
from cutover.core.objects.replicaset import ReplicaSetView, replicaset_view
from cutover.core.objects.rollout import rollout_view
from cutover.core.objects.service import ServiceView, service_view
from cutover.core.objects.snapshot import ConfigId, Snapshot
from cutover.core.patch.edit import Edits, EnvEdit, env_edit
from cutover.core.plan.changes import EnvChange, OneContainer
from cutover.core.plan.model import OnFailure, Plan
from cutover.core.podtemplate.containers import containers
from cutover.core.podtemplate.env_source import FromConfigMap, FromSecret, LiteralValue, Settable, entry_of
from tests.quotations import unmasked

GONE: Final = object()
STABLE: Final = "6f5d8c7b9"
ROLLOUT_UID: Final = "0c1d4f3e-1111-4000-8000-000000000001"
Changes = Mapping[str, Any]
"""Dotted paths and what stands there instead; numbers are indices."""

TEMPLATE: Final[Mapping[str, Any]] = {
    "metadata": {"labels": {"app": "payments"}},
    "spec": {
        "containers": [
            {
                "name": "app",
                "image": "payments:1",
                "env": [
                    {"name": "DATABASE_URL", "valueFrom": {"secretKeyRef": {"name": "payments-db-a", "key": "url"}}},
                    {"name": "POOL_SIZE", "value": "10"},
                ],
                "readinessProbe": {"httpGet": {"path": "/readyz", "port": 8080}, "periodSeconds": 1},
            },
            {"name": "sidecar", "image": "proxy:1", "env": [{"name": "UPSTREAM", "value": "localhost:8080"}]},
        ],
        "initContainers": [{"name": "migrate", "image": "payments:1", "env": [{"name": "DATABASE_URL", "value": "x"}]}],
    },
}

ROLLOUT: Final[Mapping[str, Any]] = {
    "apiVersion": "argoproj.io/v1alpha1",
    "kind": "Rollout",
    "metadata": {"name": "payments", "namespace": "payments", "uid": ROLLOUT_UID, "generation": 7},
    "spec": {
        "replicas": 4,
        "selector": {"matchLabels": {"app": "payments"}},
        "strategy": {
            "canary": {
                "maxSurge": 1,
                "maxUnavailable": 0,
                "steps": [{"setWeight": 20}, {"pause": {}}, {"setWeight": 60}, {"pause": {"duration": "2s"}}],
            },
        },
        "template": TEMPLATE,
    },
    "status": {
        "phase": "Healthy",
        "observedGeneration": "7",
        "currentPodHash": STABLE,
        "stableRS": STABLE,
        "currentStepIndex": 4,
        "replicas": 4,
        "updatedReplicas": 4,
        "readyReplicas": 4,
        "availableReplicas": 4,
        "conditions": [{"type": "Progressing", "status": "True", "reason": "NewReplicaSetAvailable", "message": "up"}],
    },
}


def changed(document: Mapping[str, Any], changes: Changes) -> dict[str, Any]:
    """A copy of the document with the changes made."""
    copied: dict[str, Any] = copy.deepcopy(dict(document))
    for path, value in changes.items():
        _put(copied, path.split("."), value)
    return copied


def _put(at: Any, path: list[str], value: Any) -> None:
    key: Any = int(path[0]) if isinstance(at, list) else path[0]
    if len(path) > 1:
        at = at if isinstance(at, list) else _opened(at, key)
        _put(at[key], path[1:], value)
    elif value is GONE:
        del at[key]
    else:
        at[key] = value


def _opened(at: Any, key: Any) -> Any:
    at.setdefault(key, {})
    return at


def replicaset(
    pod_hash: str = STABLE, *, created: str = "2026-11-20T10:00:00Z", template: Changes | None = None, **changes: Any
) -> ReplicaSetView:
    """A ReplicaSet of the Rollout; its template carries the hash label, as Argo makes it."""
    labels = {"app": "payments", "rollouts-pod-template-hash": pod_hash}
    document: dict[str, Any] = {
        "metadata": {
            "name": f"payments-{pod_hash}",
            "namespace": "payments",
            "uid": f"uid-{pod_hash}",
            "creationTimestamp": created,
            "labels": labels,
            "annotations": {"rollout.argoproj.io/revision": "3"},
            "ownerReferences": [{"uid": ROLLOUT_UID, "controller": True, "kind": "Rollout", "name": "payments"}],
        },
        "spec": {
            "replicas": 4,
            "template": changed(
                TEMPLATE, {"metadata.labels": labels, "spec.dnsPolicy": "ClusterFirst", **(template or {})}
            ),
        },
        "status": {"replicas": 4, "readyReplicas": 4, "availableReplicas": 4, "observedGeneration": 1},
    }
    return replicaset_view(changed(document, {path.replace("__", "."): value for path, value in changes.items()}))


def pod(number: int = 0, *, pod_hash: str = STABLE, ready: bool = True, waiting: str = "") -> PodView:
    """A pod of the ReplicaSet of that hash."""
    state = {"waiting": {"reason": waiting}} if waiting else {"running": {"startedAt": "2026-11-20T10:00:01Z"}}
    return pod_view(
        {
            "metadata": {
                "name": f"payments-{pod_hash}-{number}",
                "namespace": "payments",
                "uid": f"uid-pod-{number}",
                "labels": {"app": "payments", "rollouts-pod-template-hash": pod_hash},
                "ownerReferences": [{"uid": f"uid-{pod_hash}", "controller": True, "kind": "ReplicaSet"}],
            },
            "spec": {"nodeName": "node"},
            "status": {
                "phase": "Running",
                "conditions": [{"type": "Ready", "status": "True" if ready else "False"}],
                "containerStatuses": [{"name": "app", "ready": ready, "restartCount": 0, "state": state}],
            },
        }
    )


def service(name: str = "payments", *, unready: bool = False, **selector: str) -> ServiceView:
    """A Service; it selects `app=payments` unless told otherwise."""
    return service_view(
        {
            "metadata": {"name": name, "namespace": "payments", "uid": f"uid-service-{name}"},
            "spec": {
                "selector": {key.replace("_", "-"): value for key, value in selector.items()} or {"app": "payments"},
                "publishNotReadyAddresses": unready,
            },
        }
    )


def secret(name: str = "payments-db-b", *keys: str) -> ConfigView:
    """A Secret with those keys."""
    return config_view("Secret", {"metadata": {"name": name, "namespace": "payments"}, "data": dict.fromkeys(keys, "")})


def edit(
    after: Settable | None,
    *,
    container: str = "app",
    variable: str = "DATABASE_URL",
    template: Mapping[str, Any] = TEMPLATE,
) -> EnvEdit:
    """The edit of one variable."""
    found = next(each for each in containers(template) if each.name == container)
    return env_edit(found, variable, found.entry(variable).source, after)


TO_B: Final = FromSecret("payments-db-b", "url")


def ground(
    *,
    rollout: Changes | None = None,
    edits: Sequence[EnvEdit] | None = None,
    replicasets: Sequence[ReplicaSetView] | None = None,
    pods: Sequence[PodView] | None = None,
    services: tuple[ServiceView, ...] | ReadFailed | None = None,
    configs: Mapping[ConfigId, ConfigView | NotFound | ReadFailed] | None = None,
    on_failure: OnFailure = OnFailure.RESTORE,
    context: str = "",
    namespace_objects: NamespaceObjects = NOT_ASKED,
) -> CheckContext:
    """A healthy application and a good plan, but for what is named."""
    document = changed(ROLLOUT, rollout or {})
    target = Target(rollout="payments", namespace="payments", app="payments", context=context)
    chosen = (edit(TO_B),) if edits is None else tuple(edits)
    snapshot = Snapshot(
        target=target,
        rollout=rollout_view(document),
        replicasets=(replicaset(),) if replicasets is None else tuple(replicasets),
        pods=tuple(pod(number) for number in range(4)) if pods is None else tuple(pods),
        services=(service(),) if services is None else services,
        configs={("Secret", "payments-db-b"): secret("payments-db-b", "url", "user")} if configs is None else configs,
        namespace_objects=namespace_objects,
    )
    return CheckContext(snapshot, _plan(target, on_failure), _edits(document["spec"]["template"], chosen))


def _plan(target: Target, on_failure: OnFailure) -> Plan:
    change = EnvChange("DATABASE_URL", TO_B, OneContainer("app"))
    return Plan("payments-to-b", target, (change,), digest="0" * 64, on_failure=on_failure)


def _edits(template: Mapping[str, Any], edits: tuple[EnvEdit, ...]) -> Edits:
    after = copy.deepcopy(dict(template))
    for each in edits:
        _set(after, each)
    return Edits(edits, operations=(), inverse=(), before=template, after=after)


def _set(template: dict[str, Any], wanted: EnvEdit) -> None:
    listed = template["spec"]["initContainers" if wanted.init else "containers"]
    container = next(each for each in listed if each["name"] == wanted.container)
    kept = [entry for entry in container.get("env", ()) if entry["name"] != wanted.variable]
    new = []
    if isinstance(wanted.after, LiteralValue | FromSecret | FromConfigMap):
        new = [entry_of(wanted.variable, wanted.after)]
    container["env"] = [*kept, *new]


def told(judged: CheckContext) -> list[str]:
    """Every finding as one text: `CODE severity | where | message | → remedy`."""
    return [
        f"{each.code} {each.severity}{'' if each.verified else ' (unverified)'} | {each.where}\n"
        f"{unmasked(each.message)}\n→ {each.remedy}"
        for each in run_all(judged)
    ]


def whole(judged: CheckContext) -> str:
    """All that is told, as one text."""
    return "\n\n".join(told(judged))


def codes(judged: CheckContext) -> list[str]:
    """The codes of the findings, in their order."""
    return [each.code for each in run_all(judged)]
