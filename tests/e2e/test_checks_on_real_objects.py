"""The warnings, and the refusal of what Git owns, on objects as a real API server gives them: there, and not there.

One application for all of them: what a check reads stands in the Rollout, whether or not its pods ever follow.
"""

from pathlib import Path
from typing import Any

import pytest

from tests.cluster import manifests
from tests.cluster.manifests import Manifest
from tests.e2e.arena import FAST, Arena

pytestmark = pytest.mark.cluster

TRACKING = "argocd.argoproj.io/tracking-id"
RELOADER = "reloader.stakater.com/auto"
LONG_ENOUGH = FAST.replace("hold: 1s", "hold: 3s")
NO_WAIT = [{"setWeight": 20}, {"setWeight": 60}]

ALMOST = {
    "labels": {"app.kubernetes.io/instance": "shop", "app.kubernetes.io/managed-by": "Helm"},
    "annotations": {TRACKING: "shop:argoproj.io/Rollout:elsewhere/payments", RELOADER: "false"},
}
"""Marks that look like an owner's or a reloader's, and are none."""


def test_each_is_silent_where_all_is_well_and_speaks_where_it_is_not(arena: Arena) -> None:
    deploy(arena)
    arena.patch({"metadata": ALMOST})
    assert found(arena, harmless(arena), code=0) == []
    arena.patch(trouble(arena))
    told = found(arena, reckless(arena), code=3)
    assert [one for one in told if one[0] in {code for code, _ in TROUBLE}] == TROUBLE
    assert "C037" not in dict(told)
    arena.patch({"spec": {"strategy": {"canary": {"steps": NO_WAIT}}}})
    told = found(arena, reckless(arena), code=3)
    assert ("C037", "spec.minReadySeconds") in told
    assert "C043" not in dict(told), "without a pause nothing is held"


def found(arena: Arena, plan: Path, *, code: int) -> list[tuple[str, str]]:
    """Code and field of everything that `cutover check` finds."""
    with arena.no_write():
        done = arena.cutover("check", plan, "-o", "json")
    assert done.code == code, done.told()
    return [(one["code"], one["where"].partition(": ")[2]) for one in done.report["findings"]]


def deploy(arena: Arena) -> None:
    """The application with a source of variables beside its own; the plans touch other keys than it gives."""
    flags = manifests.config_map(arena.namespace, "flags", FEATURE_Y="on", LOG_LEVEL="debug")
    arena.apply(manifests.namespace(arena.namespace), flags)
    app = manifests.app_container(arena.bed.image, {}, {}) | {"envFrom": [{"configMapRef": {"name": "flags"}}]}
    template = {"metadata": {"labels": manifests.LABELS}, "spec": manifests.pod_spec([app])}
    arena.deploy(template=template)


def harmless(arena: Arena) -> Path:
    """A plan that refers to the source's object, names a variable that stands before, and holds long enough."""
    return arena.plan(
        "{name: FEATURE_X, container: app, configMapKeyRef: {name: flags, key: FEATURE_Y}}",
        '{name: GREETING, container: app, value: "this is $(POD_NAME)"}',
        watch=LONG_ENOUGH,
    )


def reckless(arena: Arena) -> Path:
    return arena.plan(
        "{name: FEATURE_Y, container: app, configMapKeyRef: {name: flags, key: FEATURE_Y}}",
        "{name: LOG_LEVEL, container: app, remove: true}",
        '{name: DB_PASSWORD, container: second, value: "hunter2-x"}',
        '{name: GREETING, container: second, value: "this is $(NOBODY)"}',
    )


def trouble(arena: Arena) -> Manifest:
    """A patch that brings about all that the checks know; paused, so that no pod is made for it."""
    template = arena.template()
    (app,) = template["spec"]["containers"]
    app["readinessProbe"]["httpGet"]["host"] = "127.0.0.1"
    app["livenessProbe"]["httpGet"]["path"] = "/readyz"
    template["spec"]["containers"] = [app, second(arena.bed.image)]
    owned = {
        "labels": {"kustomize.toolkit.fluxcd.io/name": "shop", "kustomize.toolkit.fluxcd.io/namespace": "flux-system"},
        "annotations": {TRACKING: f"shop:argoproj.io/Rollout:{arena.namespace}/payments", RELOADER: "true"},
    }
    spec = {"paused": True, "strategy": {"canary": {"dynamicStableScale": True}}, "template": template}
    return {"metadata": owned, "spec": spec}


def second(image: str) -> dict[str, Any]:
    ready = {name: value for name, value in manifests.READINESS.items() if name != "httpGet"}
    alive = {**ready, "httpGet": {"path": "/status/ready", "port": 8081, "scheme": "HTTP"}}
    probes = {"readinessProbe": {**ready, "tcpSocket": {"port": 8081}}, "livenessProbe": alive}
    return manifests.sidecar_container(image) | {"name": "second"} | probes


APP = "spec.template.spec.containers[app]"
SECOND = "spec.template.spec.containers[second]"
TROUBLE = [
    ("C032", f"{SECOND}.readinessProbe.tcpSocket"),
    ("C033", f"{APP}.livenessProbe.httpGet.path"),
    ("C034", f"{SECOND}.env[DB_PASSWORD].value"),
    ("C035", f"{SECOND}.env[GREETING].value"),
    ("C036", f"metadata.annotations[{TRACKING}]"),
    ("C036", "metadata.labels[kustomize.toolkit.fluxcd.io/name]"),
    ("C038", "spec.strategy.canary.dynamicStableScale"),
    ("C040", f"{APP}.env[FEATURE_Y]"),
    ("C040", f"{APP}.envFrom"),
    ("C042", f"metadata.annotations[{RELOADER}]"),
    ("C043", f"{APP}.readinessProbe.periodSeconds"),
    ("C043", f"{SECOND}.readinessProbe.periodSeconds"),
    ("C044", f"{SECOND}.livenessProbe.httpGet.path"),
    ("C045", f"{APP}.readinessProbe.httpGet.host"),
]
