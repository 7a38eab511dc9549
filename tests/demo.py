"""`make demo`: the main job, for real. Every number that it shows comes from the run."""

import subprocess
import sys
import time

from tests.cluster.bed import Bed
from tests.cluster.errors import BedError
from tests.cluster.load.answers import LoadResult
from tests.cluster.place import BedPlace
from tests.cluster.shell import require_root
from tests.scenario import RATE, Said, Scene, view


def main() -> int:
    """Tell the story; 0 when everything went as it should."""
    began = time.monotonic()
    require_root()
    _title("A real Kubernetes with Argo Rollouts, two PostgreSQL servers, an application with four replicas")
    was_up = BedPlace.here().record.exists()
    bed = Bed.up()
    with view(bed) as stage:
        good = _tell(stage, "A good plan: database a to database b", "good.yaml", expected=0)
        bad = _tell(stage, "A bad plan: nothing listens at the new address", "bad.yaml", expected=10)
        reports = sorted((stage.folder / "cutover" / "runs").glob("*.json"))
    _title("What the users saw")
    for name, result in (("good plan", good), ("bad plan", bad)):
        print(f"  {name}: {result.summary()}")
        print("".join(f"    failed after {answer.at:.1f} s: {answer.error}\n" for answer in result.failed), end="")
    print("\nJSON reports:", *(f"  {report}" for report in reports), sep="\n")
    failed = len(good.failed) + len(bad.failed)
    if was_up:
        print("\nThe cluster was up before and stays up.")
    else:
        subprocess.run([sys.executable, "-m", "tests.cluster", "down"], check=True)
    print(f"\n{failed} failed requests of {good.sent + bad.sent}, in {time.monotonic() - began:.0f} s all told")
    return 1 if failed else 0


def _tell(stage: Scene, title: str, plan: str, *, expected: int) -> LoadResult:
    """One plan: its text, its diff, its run under load."""
    _title(title)
    print(_indented((stage.folder / plan).read_text()))
    _show(stage.say("diff", plan))
    with stage.arena.load(RATE) as load:
        print(f"  (users are coming: {RATE} requests a second through the Service)\n")
        done = stage.say("apply", plan)
        result = load.stop()
    _show(done)
    if done.code != expected:
        raise BedError(f"`{done.command}` ended with {done.code}, not {expected}")
    return result


def _show(said: Said) -> None:
    print(f"$ {said.command}\n{said.output}(exit code {said.code})\n", flush=True)


def _title(text: str) -> None:
    print(f"\n=== {text}\n", flush=True)


def _indented(text: str) -> str:
    return "".join(f"  {line}\n" for line in text.splitlines())


if __name__ == "__main__":
    try:
        sys.exit(main())
    except BedError as error:
        sys.exit(f"demo: {error}")
