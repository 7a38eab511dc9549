"""The two clocks. Nothing else in the program reads the time for a decision or a record."""

import time

from cutover.core.observation import Instant


def now() -> Instant:
    """This moment: monotonic seconds for deadlines, seconds since the epoch for the record."""
    return Instant(mono=time.monotonic(), utc=time.time())
