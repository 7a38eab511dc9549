"""C056 on a Deployment as the makers of Argo Rollouts install it. It stands for the whole cluster, hence alone."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from cutover.core.checks.controller_version import TESTED
from tests.e2e.arena import Arena

pytestmark = [pytest.mark.cluster, pytest.mark.alone]

NAMESPACE = "argo-rollouts"
LABELS = {"app.kubernetes.io/name": "argo-rollouts"}


@contextmanager
def installed(arena: Arena) -> Iterator[Callable[[str], None]]:
    """What sets the tag of its image. It has no pods: the controller of the bed is a process of its own."""
    try:
        arena.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAMESPACE}})
        yield lambda tag: put(arena, deployment(f"argoproj/argo-rollouts:{tag}"))
    finally:
        arena.kubectl("delete", "deployment", "argo-rollouts", f"--namespace={NAMESPACE}", "--ignore-not-found")


def put(arena: Arena, manifest: dict[str, object]) -> None:
    arena.kubectl("apply", f"--namespace={NAMESPACE}", "-f", "-", stdin=json.dumps(manifest))


def deployment(image: str) -> dict[str, object]:
    template = {"metadata": {"labels": LABELS}, "spec": {"containers": [{"name": "argo-rollouts", "image": image}]}}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "argo-rollouts", "namespace": NAMESPACE, "labels": LABELS},
        "spec": {"replicas": 0, "selector": {"matchLabels": LABELS}, "template": template},
    }


def test_another_version_of_the_controller_is_told_of_with_what_is_known_of_it(arena: Arena) -> None:
    arena.deploy()
    with installed(arena) as tagged:
        said = {}
        for tag in (TESTED, "v1.8.3", "latest"):
            tagged(tag)
            report = arena.cutover("check", arena.plan(arena.to_secret("payments-db-b")), "-o", "json").report
            said[tag] = [each["message"] for each in report["findings"] if each["code"] == "C056"]
    assert (said[TESTED], said["latest"]) == ([], [])
    (message,) = said["v1.8.3"]
    assert message.startswith(f"the controller is v1.8.3, and this tool is tested with {TESTED}; known of it: ")
