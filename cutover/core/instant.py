"""A moment."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Instant:
    """One moment on two clocks: `mono` for deadlines (seconds, local, never set back), `utc` for the record."""

    mono: float
    utc: float
