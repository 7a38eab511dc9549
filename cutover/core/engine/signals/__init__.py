"""The signals: each judges what an observation means, suspect or certain, with its cause.

`ALL` is compared with this folder by a test. `sign` holds the types, `explain` the words.
"""

from typing import Final

from cutover.core.engine.signals import (
    adoption,
    analysis,
    answer_lost,
    clock,
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
    clock.SIGNAL,
)
