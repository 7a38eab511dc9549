"""The clocks. Nothing else in the program reads the time for a decision or a record."""

import time
from typing import Final

from cutover.core.base.instants import Instant

_GOES_ON_ASLEEP: Final = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


def now() -> Instant:
    """This moment: monotonic seconds for deadlines, seconds since the epoch for the record."""
    return Instant(mono=time.monotonic(), utc=time.time())


def even_asleep() -> float:
    """Monotonic seconds that go on while the machine is suspended: a Lease goes on then, too."""
    return time.clock_gettime(_GOES_ON_ASLEEP)
