"""Planted secret values must not be found in anything that `cutover` printed, stored, or wrote to the cluster."""

import json
from collections.abc import Iterator
from urllib.parse import quote

from tests.e2e.arena import Arena


def assert_nothing_leaked(arena: Arena) -> None:
    """Search outputs, state files, annotations (ReplicaSets too) and Events of the arena for every planted value."""
    for place, text in _places(arena):
        for name, value in planted(arena).items():
            assert value not in text, f"the secret {name} leaked into {place}"


def planted(arena: Arena) -> dict[str, str]:
    """The values that must never be seen, in the forms that they take."""
    databases = arena.bed.databases
    passwords = {"password of db-a": databases.a.password, "password of db-b": databases.b.password}
    return passwords | {f"{name}, quoted": quote(value) for name, value in passwords.items()}


def _places(arena: Arena) -> Iterator[tuple[str, str]]:
    yield "an output", "\n".join(arena.outputs)
    for file in sorted((arena.folder / "state").rglob("*")):
        if file.is_file():
            yield str(file), file.read_text(errors="replace")
    yield from _annotations(arena)
    yield "an Event", json.dumps(arena.get(f"/api/v1/namespaces/{arena.namespace}/events"))


def _annotations(arena: Arena) -> Iterator[tuple[str, str]]:
    groups = ("apis/argoproj.io/v1alpha1", "rollouts"), ("apis/apps/v1", "replicasets"), ("api/v1", "pods")
    for group, plural in groups:
        for item in arena.get(f"/{group}/namespaces/{arena.namespace}/{plural}")["items"]:
            # What `kubectl apply` notes about the Secrets themselves is not ours; a Rollout's own note is read too.
            yield f"{plural}/{item['metadata']['name']}", json.dumps(item["metadata"].get("annotations", {}))
