"""The objects of the test application, as the API takes them: `payments` is the Rollout, the Service and the label."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any, Final

Manifest = dict[str, Any]

APP: Final = "payments"
LABELS: Final = {"app": APP}
PORT: Final = 8080
# Every field is given: Argo validates a template without the API server's defaults.
READINESS: Final[Manifest] = {
    "httpGet": {"path": "/readyz", "port": PORT, "scheme": "HTTP"},
    "initialDelaySeconds": 0,
    "periodSeconds": 1,
    # On a busy machine an answer takes a while; the application itself gives up on a dependency before a second.
    "timeoutSeconds": 3,
    "failureThreshold": 3,
    "successThreshold": 1,
}
LIVENESS: Final[Manifest] = READINESS | {
    "httpGet": {"path": "/healthz", "port": PORT, "scheme": "HTTP"},
    "periodSeconds": 10,
    "timeoutSeconds": 5,
    "failureThreshold": 6,
}
# 20 % of 4 is one canary pod beside 4 stable ones; then a gate for a person; then a gate in time.
STEPS: Final[Sequence[Manifest]] = ({"setWeight": 20}, {"pause": {}}, {"setWeight": 60}, {"pause": {"duration": "2s"}})


def namespace(name: str, labels: Mapping[str, str] | None = None) -> Manifest:
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": dict(labels or {})}}


def secret(namespace: str, name: str, **values: str) -> Manifest:
    """A Secret; of a database (`payments-db-a`, `payments-db-b`) the key is `url`."""
    return _object("v1", "Secret", namespace, name) | {"type": "Opaque", "stringData": values}


def config_map(namespace: str, name: str, **values: str) -> Manifest:
    return _object("v1", "ConfigMap", namespace, name) | {"data": values}


def service(namespace: str) -> Manifest:
    """Users come through port 80 of this Service."""
    port = {"name": "http", "port": 80, "targetPort": PORT, "protocol": "TCP"}
    spec = {"type": "ClusterIP", "selector": LABELS, "ports": [port]}
    return _object("v1", "Service", namespace, APP) | {"spec": spec}


def rollout(
    namespace: str,
    image: str,
    *,
    replicas: int = 4,
    steps: Sequence[Manifest] = STEPS,
    env: Mapping[str, str | Manifest | None] | None = None,
    sidecar: bool = True,
    probe: Manifest | None = None,
    strategy: Manifest | None = None,
    **spec: Any,
) -> Manifest:
    """The usual Rollout. `env`, `probe` (readiness) and `strategy` (below canary) override; `spec` is merged in."""
    containers = [app_container(image, env or {}, probe or {}), *([sidecar_container(image)] if sidecar else [])]
    canary = {"maxSurge": 1, "maxUnavailable": 0, "steps": [dict(step) for step in steps]} | (strategy or {})
    whole = {
        "replicas": replicas,
        "selector": {"matchLabels": LABELS},
        "strategy": {"canary": canary},
        "template": {"metadata": {"labels": LABELS}, "spec": pod_spec(containers)},
    }
    return _object("argoproj.io/v1alpha1", "Rollout", namespace, APP) | {"spec": deepcopy(whole | spec)}


def pod_spec(containers: list[Manifest]) -> Manifest:
    return {
        "containers": containers,
        "dnsPolicy": "Default",  # the bed has no cluster DNS
        "terminationGracePeriodSeconds": 30,
        "automountServiceAccountToken": False,
        "enableServiceLinks": False,
    }


def app_container(image: str, env: Mapping[str, str | Manifest | None], probe: Manifest) -> Manifest:
    """The application; a variable set to None is left out."""
    usual: dict[str, str | Manifest | None] = {
        "DATABASE_URL": from_secret("payments-db-a", "url"),
        "FEATURE_X": "off",
        "LOG_LEVEL": "info",
        "POD_NAME": from_field("metadata.name"),
        "POD_NAMESPACE": from_field("metadata.namespace"),
        "POD_HASH": from_field("metadata.labels['rollouts-pod-template-hash']"),
    }
    return _container("app", image, usual | dict(env)) | {
        "ports": [{"name": "http", "containerPort": PORT, "protocol": "TCP"}],
        "readinessProbe": READINESS | probe,
        "livenessProbe": LIVENESS,
    }


def sidecar_container(image: str) -> Manifest:
    """A second container that takes no part in serving."""
    return _container("sidecar", image, {"LOG_LEVEL": "info"}) | {"args": ["sidecar"]}


def from_secret(name: str, key: str) -> Manifest:
    return {"valueFrom": {"secretKeyRef": {"name": name, "key": key}}}


def from_config_map(name: str, key: str) -> Manifest:
    return {"valueFrom": {"configMapKeyRef": {"name": name, "key": key}}}


def from_field(path: str) -> Manifest:
    return {"valueFrom": {"fieldRef": {"apiVersion": "v1", "fieldPath": path}}}


def success_rate(namespace: str, prometheus: str) -> Manifest:
    """The platform's gate: the canary's success rate, as its metric sees success (a 401 is one)."""
    requests = f'http_requests_total{{namespace="{namespace}",hash="{{{{args.canary-hash}}}}"'
    # Without a request there is no rate: an empty vector, not the 0/0 that would count as a failure.
    query = f'sum(rate({requests},code!~"5.."}}[10s])) / (sum(rate({requests}}}[10s])) > 0)'
    metric = {
        "name": "success-rate",
        "interval": "3s",
        "successCondition": "result[0] >= 0.95",
        "failureLimit": 2,
        "provider": {"prometheus": {"address": prometheus, "query": query}},
    }
    spec = {"args": [{"name": "canary-hash"}], "metrics": [metric]}
    return _object("argoproj.io/v1alpha1", "AnalysisTemplate", namespace, "success-rate") | {"spec": spec}


def undecided(namespace: str, prometheus: str) -> Manifest:
    """A gate that can tell neither success nor failure: its run is Inconclusive, which pauses the Rollout."""
    metric = {
        "name": "undecided",
        "successCondition": "result[0] > 2",
        "failureCondition": "result[0] < 0",
        "provider": {"prometheus": {"address": prometheus, "query": "vector(1)"}},
    }
    return _object("argoproj.io/v1alpha1", "AnalysisTemplate", namespace, "undecided") | {"spec": {"metrics": [metric]}}


def background_analysis(template: str = "success-rate") -> Manifest:
    """For `strategy={"analysis": …}`: run the gate beside the steps."""
    canary_hash = {"name": "canary-hash", "valueFrom": {"podTemplateHashValue": "Latest"}}
    return {"templates": [{"templateName": template}], "args": [canary_hash]}


def quota(namespace: str, **hard: str) -> Manifest:
    """A ResourceQuota; keys that are no Python names go in as `**{"count/replicasets.apps": "1"}`."""
    return _object("v1", "ResourceQuota", namespace, "quota") | {"spec": {"hard": hard}}


def _container(name: str, image: str, env: Mapping[str, str | Manifest | None]) -> Manifest:
    return {
        "name": name,
        "image": image,
        "imagePullPolicy": "Never",  # there is no registry
        "env": [_variable(key, value) for key, value in env.items() if value is not None],
        "resources": {"requests": {"cpu": "3m", "memory": "16Mi"}},  # 250 pods of two fit on two cores
    }


def _variable(name: str, value: str | Manifest) -> Manifest:
    return {"name": name, "value": value} if isinstance(value, str) else {"name": name, **value}


def _object(api_version: str, kind: str, namespace: str, name: str) -> Manifest:
    return {"apiVersion": api_version, "kind": kind, "metadata": {"name": name, "namespace": namespace}}
