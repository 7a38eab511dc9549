"""The clocks of the program: every time in a decision or a record is read here."""

import time
from typing import Final

from cutover.core.base.instants import Instant

_GOES_ON_ASLEEP: Final = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


def now() -> Instant:
    """This moment: monotonic seconds for deadlines, seconds since the epoch for the record."""
    return Instant(mono=time.monotonic(), utc=time.time())


def even_asleep() -> float:
    """Monotonic seconds that also count while the computer is suspended: a Lease expires then, too."""
    return time.clock_gettime(_GOES_ON_ASLEEP)
