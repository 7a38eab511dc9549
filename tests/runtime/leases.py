"""A Lease as the API has it, two who may hold it, and the pauses of whoever keeps it."""

from contextlib import suppress
from queue import Empty, SimpleQueue
from threading import Event
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


class Waits:
    """Stands for the pauses of the keeper: each ends when the test says, or with the keeper itself."""

    def __init__(self) -> None:
        self.asked: SimpleQueue[float] = SimpleQueue()
        self._go: SimpleQueue[None] = SimpleQueue()

    def __call__(self, over: Event, seconds: float) -> bool:
        self.asked.put(seconds)
        while not over.is_set():
            with suppress(Empty):
                self._go.get(timeout=0.01)
                return over.is_set()
        return True

    def go(self) -> None:
        """Let the pause end."""
        self._go.put(None)
