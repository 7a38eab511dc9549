"""Whole-process times of a command and of a peer's, taken in turn.

Ratios are printed, never judged: machines differ, and so do their moods.
"""

import os
import statistics
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

ROUNDS: Final = 15


@dataclass(frozen=True)
class Pair:
    """One thing that `cutover` and a peer both do."""

    what: str
    ours: Sequence[str]
    theirs: Sequence[str]


def row(pair: Pair) -> str:
    """Both medians in milliseconds, and the median of the paired ratios."""
    times = [(_milliseconds(pair.ours), _milliseconds(pair.theirs)) for _ in range(ROUNDS + 1)][1:]
    ours, theirs = (statistics.median(side) for side in zip(*times, strict=True))
    ratio = statistics.median(mine / yours for mine, yours in times)
    return f"{pair.what:10} cutover {ours:6.0f} ms   peer {theirs:6.0f} ms   ratio {ratio:.2f}   (medians of {ROUNDS})"


def _milliseconds(command: Sequence[str]) -> float:
    began = time.perf_counter()
    subprocess.run(command, env=os.environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    return (time.perf_counter() - began) * 1000
