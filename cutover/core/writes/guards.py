"""The guards of writes: `test` operations of RFC 6902.

A write that finds another state than the one for which it was decided is refused by the API server with 422 and
changes nothing. On `/status` too the guards are evaluated on the whole object (seen on v1.34).
"""

from dataclasses import replace
from typing import Any

from cutover.core.base.documents import Operation
from cutover.core.writes.run_annotations import OWNER
from cutover.core.writes.write import Write


def test(path: str, value: Any) -> Operation:
    """Return the guard that `path` holds exactly `value`."""
    return {"op": "test", "path": path, "value": value}


def same_object(uid: str) -> Operation:
    """Return the guard on the uid: it fails if the Rollout was deleted and created anew under the same name."""
    return test("/metadata/uid", uid)


def template_is(template: Any) -> Operation:
    """Return the guard on the whole pod template."""
    return test("/spec/template", template)


def revision_is(pod_hash: str) -> Operation:
    """Return the guard on the pod hash that the controller has adopted (`status.currentPodHash`)."""
    return test("/status/currentPodHash", pod_hash)


def annotation(name: str) -> str:
    """Return the JSON pointer (RFC 6901) of an annotation."""
    return f"/metadata/annotations/{name.replace('~', '~0').replace('/', '~1')}"


def fenced(write: Write, owner: str) -> Write:
    """Return the write with a guard that refuses it once the marks name another owner, or are gone.

    A Lease alone is no fence: a process that was stopped for longer than the Lease lasts does not know that it lost it.
    Without an owner (a run that has no marks) there is nothing to test.
    """
    first, *others = write.operations
    return replace(write, operations=(first, test(annotation(OWNER), owner), *others)) if owner else write


def stable_is(pod_hash: str) -> Operation:
    """Return the guard on the pod hash that is stable (`status.stableRS`)."""
    return test("/status/stableRS", pod_hash)
