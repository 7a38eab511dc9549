"""The type for one moment, on the local monotonic clock and in UTC."""

from cutover.core.base.frozen import frozen


@frozen
class Instant:
    """One moment on two clocks: `mono` for deadlines (seconds, local, never goes back), `utc` for the record."""

    mono: float
    utc: float
