"""The guards (`test` operations of RFC 6902) that writes are made of.

A write that meets another state than the one it was decided in is refused by the API server with 422 and changes
nothing. On `/status` too the guards are judged on the whole object (seen on v1.34).
"""

from dataclasses import replace
from typing import Any

from cutover.core.base.documents import Operation
from cutover.core.writes.run_annotations import OWNER
from cutover.core.writes.write import Write


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


def annotation(name: str) -> str:
    """The place of an annotation, spelled as a JSON pointer (RFC 6901)."""
    return f"/metadata/annotations/{name.replace('~', '~0').replace('/', '~1')}"


def fenced(write: Write, owner: str) -> Write:
    """The write, refused once the run is somebody else's: the marks name another owner, or are gone.

    A Lease alone is no fence: who is stopped for longer than it lasts does not know that it is over. Without an owner
    (a run that has no marks) there is nothing to test.
    """
    first, *others = write.operations
    return replace(write, operations=(first, test(annotation(OWNER), owner), *others)) if owner else write


def stable_is(pod_hash: str) -> Operation:
    """The guard on the revision that serves."""
    return test("/status/stableRS", pod_hash)
