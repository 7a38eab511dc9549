"""The guards (`test` operations of RFC 6902) that writes are made of.

A write that meets another state than the one it was decided in is refused by the API server with 422 and changes
nothing. On `/status` too the guards are judged on the whole object (seen on v1.34).
"""

from typing import Any

from cutover.core.writes.write import Operation


def test(path: str, value: Any) -> Operation:
    """The guard that `path` holds exactly `value`."""
    return {"op": "test", "path": path, "value": value}


def same_object(uid: str) -> Operation:
    """The guard against a Rollout that was deleted and made anew under the same name."""
    return test("/metadata/uid", uid)


def template_is(template: Any) -> Operation:
    """The guard that nobody changed the pod template."""
    return test("/spec/template", template)


def revision_is(pod_hash: str) -> Operation:
    """The guard on the revision that the controller has adopted."""
    return test("/status/currentPodHash", pod_hash)


def stable_is(pod_hash: str) -> Operation:
    """The guard on the revision that serves."""
    return test("/status/stableRS", pod_hash)
