"""The write that records an Event on the Rollout: who did what, when and why. Best effort."""

from datetime import UTC, datetime

from cutover.core.base.resources import Resource
from cutover.core.base.target import Target
from cutover.core.writes.write import Method, Write, WriteName

_LONGEST = 1024
"""Characters that the message of an Event may have."""


def event_write(target: Target, uid: str, reason: str, message: str, utc: float) -> Write:
    """Return the creation of an Event about the Rollout; the caller has to redact `message`."""
    moment = datetime.fromtimestamp(utc, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    body = {
        "apiVersion": "v1",
        "kind": "Event",
        "metadata": {"generateName": f"{target.rollout}.cutover-"[-200:], "namespace": target.namespace},
        "involvedObject": {
            "apiVersion": "argoproj.io/v1alpha1",
            "kind": "Rollout",
            "name": target.rollout,
            "namespace": target.namespace,
            "uid": uid,
        },
        "type": "Normal",
        "reason": reason,
        "message": message[:_LONGEST],
        "source": {"component": "cutover"},
        "firstTimestamp": moment,
        "lastTimestamp": moment,
        "count": 1,
    }
    return Write(
        name=WriteName.EVENT,
        title=f"record an Event on rollout {target}",
        target=target,
        operations=(),
        proof=lambda _stored: False,
        resource=Resource.EVENT,
        method=Method.CREATE,
        body=body,
        quiet=True,
        within=2.0,
    )
