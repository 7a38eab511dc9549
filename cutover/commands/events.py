"""Telling the cluster what a person did: an Event, which nothing waits for longer than a moment."""

from cutover.adapters.clock import now
from cutover.core.objects.snapshot import Snapshot
from cutover.core.writes.event import event_write
from cutover.runtime.run_context import Tools, performer


def tell_the_cluster(tools: Tools, ground: Snapshot, reason: str, message: str) -> None:
    """Record an Event; where the right is missing, the journal alone knows who did it."""
    write = event_write(ground.target, ground.rollout.meta.uid, reason, tools.record.clean(message), now().utc)
    performer(tools).perform(write)
