"""Objects of Kubernetes of every kind that a plan is judged on, and everything that is shown of a plan on them."""

import copy
from typing import Any, Final

from cutover.commands.load_plan import LoadedPlan
from cutover.commands.resolve_inputs import Supply
from cutover.core.base.documents import mapping
from cutover.core.base.secret_text import SecretText
from cutover.core.base.target import Target
from cutover.core.objects.config_object import config_read
from cutover.core.objects.namespace_objects import AROUND, namespace_objects_of
from cutover.core.objects.pod import pod_view
from cutover.core.objects.replicaset import replicaset_view
from cutover.core.objects.rollout import rollout_view
from cutover.core.objects.service import service_view
from cutover.core.objects.snapshot import Snapshot
from cutover.core.patch.planned import Supplied
from cutover.core.plan.changes import FromEnvironment
from cutover.core.plan.load import load
from cutover.render import diff_json, diff_markdown, diff_patches, diff_text
from tests.core.checks.documents import ROLLOUT
from tests.core.engine.stage import opening

RENDERERS: Final = (
    *(diff_text.diff_text, diff_json.diff_json, diff_markdown.diff_markdown),
    *(diff_patches.diff_yaml, diff_patches.diff_patch, diff_patches.diff_kustomize),
)
SUPPLY: Final[Supply] = {FromEnvironment("B"): Supplied(SecretText("cGxhbnRlZA=="))}

_HEAD: Final = """\
apiVersion: cutover.dev/v1alpha1
kind: CutoverPlan
metadata: {name: a}
spec:
  target: {app: payments}
  promotion: auto
  deadman: {seconds: 900}
  allow: [{code: C040, reason: "x"}]
  changes:
"""
CHANGES: Final = (
    'env: {name: A, value: "x", container: app}',
    'env: {name: EVERYWHERE, value: "x", allContainers: true}',
    "database: {engine: postgres, env: DATABASE_URL, container: app, to: {value: db-b}, dataRelation: same}",
    "env: {name: POOL_SIZE, remove: true, container: app}",
    'oidc: {provider: keycloak, env: ISSUER, container: app, to: {issuer: "https://a/b"}, accepts: [old]}',
    'configMap: {name: c, set: {a.b: "1"}, remove: [z]}',
    "secret: {name: payments-db-a, set: {url: {fromEnv: B}, user: {secretKeyRef: {name: payments-db-b, key: user}}}}",
    "patch: [{op: add, path: /spec/template/spec/hostNetwork, value: false}]",
    "patch: [{op: replace, path: /spec/template/spec/containers/0/readinessProbe/periodSeconds, value: 5}]",
    "patch: [{op: add, path: /spec/template/spec/containers/0/args/-, value: x}]",
)


def _loaded(*changes: str) -> LoadedPlan:
    text = _HEAD + "".join(f"    - {change}\n" for change in changes)
    return LoadedPlan(load(text, "plan.yaml"), text)


PLANS: Final = (_loaded(*CHANGES), *map(_loaded, CHANGES))
"""A plan with a change of every kind, and one for each: what one refuses hides nothing of another."""


def rollout(variables: int = 0, width: int = 60) -> dict[str, Any]:
    """The usual Rollout, with every way of referring to something."""
    document: dict[str, Any] = copy.deepcopy(dict(ROLLOUT))
    template = document["spec"]["template"]
    template["metadata"]["annotations"] = {"db": "db-a:5432"}
    pod, app = template["spec"], template["spec"]["containers"][0]
    app["envFrom"] = [{"configMapRef": {"name": "c"}, "prefix": "P_"}, {"secretRef": {"name": "payments-db-a"}}]
    app["env"] += [{"name": "REF", "value": "$(DATABASE_URL)"}, {"name": "ISSUER", "value": "https://old/b"}]
    app["env"] += [{"name": "IP", "valueFrom": {"fieldRef": {"fieldPath": "status.podIP"}}}]
    app["env"] += [{"name": f"V{number}", "value": f"{number} " + "x" * width} for number in range(variables)]
    app |= {"args": ["--db=$(DATABASE_URL)"], "resources": {"requests": {"cpu": "100m"}, "limits": {"memory": "1Gi"}}}
    app |= {"livenessProbe": {"tcpSocket": {"port": 8080}}, "ports": [{"containerPort": 8080, "name": "http"}]}
    pod |= {"terminationGracePeriodSeconds": 30, "volumes": [{"name": "v", "projected": {"sources": list(_SOURCES)}}]}
    pod["hostAliases"] = [{"ip": "10.0.0.1", "hostnames": ["db-a"]}]
    return document


_SOURCES: Final = ({"secret": {"name": "payments-db-a"}}, {"configMap": {"name": "c", "items": [{"key": "a.b"}]}})
_SCALED: Final = {"apiVersion": "argoproj.io/v1alpha1", "kind": "Rollout", "name": "payments"}


def _named(name: str, **rest: Any) -> dict[str, Any]:
    return {"metadata": {"name": name, "namespace": "payments", "uid": f"uid-{name}", "generation": 1}, **rest}


def _around() -> dict[str, list[Any]]:
    """What stands around the Rollout, by resource."""
    template = rollout()["spec"]["template"]
    return {
        "rollouts": [rollout()],
        "deployments": [_named("other", spec={"template": template})],
        "cronjobs": [_named("nightly", spec={"jobTemplate": {"spec": {"template": template}}})],
        "jobs": [_named("once", spec={"template": template}, status={"conditions": []})],
        "horizontalpodautoscalers": [_named("h", spec={"scaleTargetRef": _SCALED, "minReplicas": 2, "maxReplicas": 9})],
        "poddisruptionbudgets": [
            _named(
                "p",
                spec={"selector": {"matchLabels": {"app": "payments"}, "matchExpressions": [{"key": "app"}]}},
                status={"disruptionsAllowed": 0, "currentHealthy": 4, "desiredHealthy": 4, "observedGeneration": 1},
            )
        ],
        "resourcequotas": [
            _named("q", status={"hard": {"pods": "4", "cpu": "1"}, "used": {"pods": "4", "cpu": "900m"}})
        ],
    }


def objects() -> dict[str, Any]:
    """One document of all objects, so that anything in it can be made odd."""
    stage = opening()
    return {
        "rollout": rollout(),
        "replicasets": [dict(each) for each in stage.replicasets.values()],
        "pods": [dict(each) for each in stage.pods.values()],
        "services": [_named("s", spec={"selector": {"app": "payments"}, "publishNotReadyAddresses": True})],
        "configMap": _named("c", data={"a.b": "0", "z": "z"}, binaryData={"bin": "/w=="}),
        "payments-db-a": _named("payments-db-a", data={"url": "ZGItYQ==", "user": "dXNlcg=="}, type="Opaque"),
        "payments-db-b": _named("payments-db-b", data={"url": "ZGItYg==", "user": "dXNlcg=="}, immutable=True),
        "around": _around(),
    }


def snapshot_of(found: Any) -> Snapshot:
    """The views of objects, read as the API's answers are: what is no object is none."""
    around = mapping(found, "around")
    listed = {each: _mappings(around.get(each)) for each in AROUND if each in around}
    configs = (("ConfigMap", "c", "configMap"), ("Secret", "payments-db-a", ""), ("Secret", "payments-db-b", ""))
    return Snapshot(
        Target("payments", "payments", "payments"),
        rollout_view(mapping(found, "rollout")),
        tuple(map(replicaset_view, _mappings(found.get("replicasets")))),
        tuple(map(pod_view, _mappings(found.get("pods")))),
        tuple(map(service_view, _mappings(found.get("services")))),
        {(kind, name): config_read(kind, mapping(found, key or name)) for kind, name, key in configs},
        namespace_objects=namespace_objects_of(listed, {}, "v1.10.1"),
    )


def _mappings(listed: Any) -> list[Any]:
    return [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
