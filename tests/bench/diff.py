"""`python -m tests.bench.diff`: a live `cutover diff` beside `kubectl diff` of the same change, and what it asks for.

The requests of one more diff go through a proxy on this machine, which tells when each came: those that came before the
first was answered went out together.
"""

import sys
import time

from tests.bench.timing import Pair, row
from tests.cluster.bed import Bed
from tests.e2e.kills.proxy import ProxiedRequest, Proxy, ProxyFault
from tests.scenario import Scene, view


def main() -> int:
    """Print the row of the pair, and the requests of one diff."""
    bed = Bed.up()
    with view(bed) as stage:
        print(row(diff_pair(stage)), flush=True)
        for moment, asked in _requests(stage):
            print(f"  {(moment) * 1000:6.1f} ms  {asked.verb:5} {asked.path}")
    return 0


def diff_pair(stage: Scene) -> Pair:
    """The same change of the same Rollout by both."""
    bed, arena = stage.arena.bed, stage.arena
    text = arena.kubectl("get", "rollout", "payments", "-o", "json").replace("payments-db-a", "payments-db-b")
    file = stage.folder / "changed.json"
    file.write_text(text)
    config = ["--kubeconfig", str(bed.kubeconfig)]
    ours = [sys.executable, "-m", "cutover", "diff", str(stage.folder / "good.yaml"), *config]
    return Pair("diff", ours, [str(bed.kubectl), *config, "diff", "-f", str(file)])


def _requests(stage: Scene) -> list[tuple[float, ProxiedRequest]]:
    """Each request, and the seconds after the first at which it came."""
    came: list[tuple[float, ProxiedRequest]] = []

    def note(asked: ProxiedRequest) -> ProxyFault:
        came.append((time.perf_counter(), asked))
        return ProxyFault.NONE

    with Proxy(stage.arena.bed) as proxy:
        proxy.hook = note
        plan = stage.folder / "good.yaml"
        stage.arena.cutover("diff", plan, "--kubeconfig", proxy.kubeconfig(stage.folder))
    return [(moment - came[0][0], asked) for moment, asked in came]


if __name__ == "__main__":
    sys.exit(main())
