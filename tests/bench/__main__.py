"""`make bench`: whole-process times beside kubectl's and the Argo plugin's, taken in turn in the same run."""

import compileall
import sys
from pathlib import Path

from cutover import __file__ as program
from tests.bench.diff import diff_pair
from tests.bench.timing import Pair, row
from tests.cluster.bed import Bed
from tests.scenario import view


def main() -> int:
    """Print a row per pair."""
    # As pip does for a user; a development tree may have no bytecode (PYTHONDONTWRITEBYTECODE), or that of older code.
    compileall.compile_dir(Path(program).parent, quiet=1)
    bed = Bed.up()
    with view(bed) as stage:
        cutover = [sys.executable, "-m", "cutover"]
        plan, rollout = str(stage.folder / "good.yaml"), ["rollout", "payments", "-n", "payments"]
        config = ["--kubeconfig", str(bed.kubeconfig)]
        pairs = (
            Pair("--help", [*cutover, "--help"], [str(bed.kubectl), "--help"]),
            Pair("version", [*cutover, "version"], [str(bed.kubectl), "version", "--client"]),
            Pair("validate", [*cutover, "validate", plan], [str(bed.kubectl), "--help"]),
            diff_pair(stage),
            Pair(
                "status",
                [*cutover, "status", "payments", *config],
                [str(bed.argo_plugin), *config, "get", *rollout],
            ),
        )
        for pair in pairs:
            print(row(pair), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
