"""A moment."""

from cutover.core.base.frozen import frozen


@frozen
class Instant:
    """One moment on two clocks: `mono` for deadlines (seconds, local, never set back), `utc` for the record."""

    mono: float
    utc: float
