"""The signals: each notices one way in which a run can fail, and tells whether that is suspected or certain.

A test compares `ALL` with this folder. `sign` holds the types.
"""

from typing import Final

from cutover.core.engine.signals import (
    adoption,
    analysis,
    answer_lost,
    config_missing,
    crash,
    image,
    mutated,
    pods_refused,
    readiness,
    relapse,
    stable,
    stranger,
    taken_over,
    time_limits,
)
from cutover.core.engine.signals.sign import Signal

ALL: Final[tuple[Signal, ...]] = (
    stranger.SIGNAL,
    taken_over.SIGNAL,
    mutated.SIGNAL,
    answer_lost.SIGNAL,
    adoption.SIGNAL,
    pods_refused.SIGNAL,
    config_missing.SIGNAL,
    image.SIGNAL,
    crash.SIGNAL,
    relapse.SIGNAL,
    readiness.SIGNAL,
    stable.SIGNAL,
    analysis.SIGNAL,
    time_limits.SIGNAL,
)
