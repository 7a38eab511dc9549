"""Tells Prometheus which pods to scrape: `python -m tests.cluster.targets KUBECONFIG FILE`.

Ready pods with a label `app` and a container port named `http`, in every namespace. Watched, not polled: one change is
one line of JSON, while a list of sixty pods is two megabytes.
"""

import http.client
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.cluster.api_requests import BedApi
from tests.cluster.files import write_whole

PODS = "/api/v1/pods?labelSelector=app"
PodDocument = dict[str, Any]
ScrapeTarget = dict[str, Any]


def target(pod: PodDocument) -> ScrapeTarget | None:
    """How to scrape a pod, if it is to be scraped at all."""
    port = _http_port(pod)
    if port is None or not _ready(pod):
        return None
    labels = pod["metadata"]["labels"]
    return {
        "targets": [f"{pod['status']['podIP']}:{port}"],
        "labels": {
            "namespace": pod["metadata"]["namespace"],
            "pod": pod["metadata"]["name"],
            "app": labels["app"],
            "pod_template_hash": labels.get("rollouts-pod-template-hash", ""),
        },
    }


def _ready(pod: PodDocument) -> bool:
    conditions = pod["status"].get("conditions", [])
    ready = any(condition["type"] == "Ready" and condition["status"] == "True" for condition in conditions)
    return ready and "podIP" in pod["status"] and "deletionTimestamp" not in pod["metadata"]


def _http_port(pod: PodDocument) -> int | None:
    ports = (port for container in pod["spec"]["containers"] for port in container.get("ports", []))
    return next((port["containerPort"] for port in ports if port.get("name") == "http"), None)


def states(api: BedApi) -> Iterator[list[ScrapeTarget]]:
    """The list of targets, after each change of a pod, until the watch ends."""
    listed = api.get(PODS)
    pods = {pod["metadata"]["uid"]: target(pod) for pod in listed["items"]}
    yield _known(pods)
    since = f"{PODS}&watch=1&timeoutSeconds=300&resourceVersion={listed['metadata']['resourceVersion']}"
    with api.open(since, seconds=310) as lines:
        for line in lines:
            change = json.loads(line)
            if change["type"] == "ERROR":
                return
            pod = change["object"]
            pods[pod["metadata"]["uid"]] = target(pod) if change["type"] != "DELETED" else None
            yield _known(pods)


def _known(pods: dict[str, ScrapeTarget | None]) -> list[ScrapeTarget]:
    return [found for found in pods.values() if found]


def feed(api: BedApi, file: Path) -> None:
    """Keep the file true; when the API server goes away, wait for it."""
    written: list[ScrapeTarget] | None = None
    while True:
        try:
            for targets in states(api):
                if targets != written:
                    write_whole(file, json.dumps(targets))
                    written = targets
        except (OSError, http.client.HTTPException):
            time.sleep(1)


if __name__ == "__main__":
    feed(BedApi.of(Path(sys.argv[1])), Path(sys.argv[2]))
