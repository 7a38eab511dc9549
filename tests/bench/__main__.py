"""`make bench`: whole-process times beside kubectl's and the Argo plugin's, taken in turn in the same run.

Ratios are printed, never judged: machines differ, and so do their moods.
"""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tests.cluster.bed import Bed
from tests.scenario import Scene, scene

ROUNDS: Final = 15


@dataclass(frozen=True)
class Pair:
    """One thing that `cutover` and a peer both do."""

    what: str
    ours: Sequence[str]
    theirs: Sequence[str]


def main() -> int:
    """Print a row per pair: both medians in milliseconds and the median of the paired ratios."""
    bed = Bed.up()
    with scene(bed) as stage:
        cutover = [sys.executable, "-m", "cutover"]
        plan, rollout = str(stage.folder / "good.yaml"), ["rollout", "payments", "-n", "payments"]
        config = ["--kubeconfig", str(bed.kubeconfig)]
        pairs = (
            Pair("--help", [*cutover, "--help"], [str(bed.kubectl), "--help"]),
            Pair("version", [*cutover, "version"], [str(bed.kubectl), "version", "--client"]),
            Pair("diff", [*cutover, "diff", plan, *config], [str(bed.kubectl), *config, "diff", "-f", _changed(stage)]),
            Pair(
                "status",
                [*cutover, "status", "payments", *config],
                [str(bed.argo_plugin), *config, "get", *rollout],
            ),
        )
        for pair in pairs:
            print(_row(pair), flush=True)
    return 0


def _changed(stage: Scene) -> str:
    """The live Rollout with the plan's change, as a file for `kubectl diff`."""
    arena, folder = stage.arena, stage.folder
    text = arena.kubectl("get", "rollout", "payments", "-o", "json").replace("payments-db-a", "payments-db-b")
    file = folder / "changed.json"
    file.write_text(text)
    return str(file)


def _row(pair: Pair) -> str:
    times = [(_milliseconds(pair.ours), _milliseconds(pair.theirs)) for _ in range(ROUNDS + 1)][1:]
    ours, theirs = (statistics.median(side) for side in zip(*times, strict=True))
    ratio = statistics.median(mine / yours for mine, yours in times)
    return f"{pair.what:10} cutover {ours:6.0f} ms   peer {theirs:6.0f} ms   ratio {ratio:.2f}   (medians of {ROUNDS})"


def _milliseconds(command: Sequence[str]) -> float:
    began = time.perf_counter()
    subprocess.run(command, env=os.environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    return (time.perf_counter() - began) * 1000


if __name__ == "__main__":
    sys.exit(main())
