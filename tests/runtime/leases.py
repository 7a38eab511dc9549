"""A Lease as the API has it, and two who may hold it."""

from typing import Any, Final

from cutover.core.writes.lease import LASTS, lease_name
from cutover.core.writes.lock_holder import ANNOTATION, Holder, holder_text
from tests.core.engine.stage import TARGET

US: Final = Holder("run-1", "alice", "host", "s1")
BOB: Final = Holder("run-2", "bob", "laptop", "s2")
NAME: Final = lease_name(TARGET)


def lease(holder: Holder | None = US, version: str = "5", **annotations: str) -> dict[str, Any]:
    """The Lease as the API has it; nobody's where no holder is named."""
    about = {ANNOTATION: holder_text(holder)} if holder else {}
    return {
        "kind": "Lease",
        "metadata": {
            "name": NAME,
            "namespace": "payments",
            "uid": "uid-lease",
            "resourceVersion": version,
            "annotations": {**about, **annotations},
        },
        "spec": {
            "holderIdentity": holder.name if holder else "",
            "leaseDurationSeconds": LASTS,
            "renewTime": "2026-11-23T06:30:00.000000Z",
            "leaseTransitions": 1,
        },
    }
