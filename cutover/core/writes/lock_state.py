"""Who holds the lock on a target, and whether this process still does.

Pure: the clock that counts here goes on while the machine sleeps (`adapters.clock.awake`), because a Lease does too.
"""

from enum import StrEnum
from typing import Final

from cutover.core.base.frozen import frozen
from cutover.core.objects.lease import LeaseView
from cutover.core.objects.read_results import NotFound
from cutover.core.writes.lock_holder import Holder, holder_of


class Life(StrEnum):
    """What is known of the process of a holder."""

    ALIVE = "alive"
    GONE = "gone"
    ELSEWHERE = "elsewhere"


@frozen
class Free:
    """Nobody holds it: it can be taken."""


@frozen
class Dead:
    """Whoever held it is gone: it can be taken over."""

    holder: Holder
    why: str


@frozen
class HeldByOther:
    """Its holder lives: hands off."""

    holder: Holder
    why: str


@frozen
class Silent:
    """Its holder is on another machine and has not been heard of yet; it is gone if not heard of in `left` seconds."""

    holder: Holder
    left: float


LockStanding = Free | Dead | HeldByOther | Silent


def lock_standing(lease: LeaseView | NotFound, first: LeaseView | NotFound, watched: float, life: Life) -> LockStanding:
    """How the lock stands for somebody who wants it.

    `first` is the Lease as it was when watching began, `watched` seconds ago. A foreign clock is never compared with
    ours: what counts is that nothing changed for as long as a renewal is good (client-go `leaderelection.go`).
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
    """The lock is this run's."""


@frozen
class Unsure:
    """This process did not run for longer than the lock is good for, and is asking whose it is by now.

    Nothing at all is written until it knows, which is a matter of moments.
    """


@frozen
class Overdue:
    """The lock could not be renewed in time; nobody is known to have taken it. Nothing is promoted meanwhile."""

    reason: str


@frozen
class TakenOver:
    """Somebody else holds the lock: this run is over."""

    by: str


Lock = Held | Unsure | Overdue | TakenOver

HELD: Final = Held()
UNSURE: Final = Unsure()
