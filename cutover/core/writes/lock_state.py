"""The states of the lock on a target: how it stands for a process that wants it, and for the run that holds it.

Times are from a clock that goes on while the machine sleeps (`adapters.clock.even_asleep`), because a Lease does too.
"""

from enum import StrEnum
from typing import Final

from cutover.core.base.cluster_text import Words
from cutover.core.base.frozen import frozen
from cutover.core.objects.lease import LeaseView
from cutover.core.objects.read_results import NotFound
from cutover.core.writes.lock_holder import Holder, holder_of


class Life(StrEnum):
    """Whether the holder's process runs; `ELSEWHERE`: this machine cannot tell."""

    ALIVE = "alive"
    GONE = "gone"
    ELSEWHERE = "elsewhere"


@frozen
class Free:
    """The lock has no holder and can be taken."""


@frozen
class Dead:
    """The holder of the lock is gone: it can be taken over."""

    holder: Holder
    why: str


@frozen
class HeldByOther:
    """The holder of the lock is running: it must not be taken."""

    holder: Holder
    why: str


@frozen
class Silent:
    """The holder is on another machine and has not renewed the lock yet; it counts as gone after `left` seconds."""

    holder: Holder
    left: float


LockStanding = Free | Dead | HeldByOther | Silent


def lock_standing(lease: LeaseView | NotFound, first: LeaseView | NotFound, watched: float, life: Life) -> LockStanding:
    """Return the state of the lock for a process that wants it.

    `first` is the Lease as it was when watching began, `watched` seconds ago. A foreign clock is never compared with
    ours: what counts is that nothing changed for as long as a renewal is valid (client-go `leaderelection.go`).
    """
    if isinstance(lease, NotFound) or not lease.holder:
        return Free()
    holder = holder_of(lease)
    if life is Life.GONE:
        return Dead(holder, f"its process {holder.pid} on this machine is gone")
    if life is Life.ALIVE:
        return HeldByOther(holder, "its process on this machine is running")
    if isinstance(first, NotFound) or (first.holder, first.renewed) != (lease.holder, lease.renewed):
        return HeldByOther(holder, "it was renewed just now")
    left = lease.seconds - watched
    return Silent(holder, left) if left > 0 else Dead(holder, f"it was not renewed for {lease.seconds} s")


@frozen
class Held:
    """This run holds the lock, and may write."""


@frozen
class Unsure:
    """This process was stopped for longer than the lock is valid, and is reading who holds it now.

    Nothing is written until that is known.
    """


@frozen
class Overdue:
    """The lock could not be renewed in time, and no other holder was seen. Until it is renewed, nothing is promoted."""

    reason: Words


@frozen
class TakenOver:
    """Another process holds the lock: this run is over."""

    by: str


Lock = Held | Unsure | Overdue | TakenOver

HELD: Final = Held()
UNSURE: Final = Unsure()
