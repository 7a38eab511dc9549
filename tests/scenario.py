"""The story that the demo tells and the README shows: two databases, an application under load, two plans."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.cluster import manifests
from tests.cluster.bed import Bed
from tests.e2e.arena import USUAL, Arena

RATE: Final = 50

GOOD_PLAN: Final = """\
apiVersion: cutover.dev/v1alpha1
kind: CutoverPlan
metadata: {name: payments-to-db-b, description: Move payments to the new database}
spec:
  target: {app: payments}
  changes:
    - env:
        name: DATABASE_URL
        container: app
        secretKeyRef: {name: payments-db-b, key: url}
        from: {secretKeyRef: {name: payments-db-a, key: url}}
  watch: {readyWithin: 15s, hold: 3s, bake: 5s}
  promotion: auto
"""

BAD_PLAN: Final = """\
apiVersion: cutover.dev/v1alpha1
kind: CutoverPlan
metadata: {name: payments-to-db-c, description: The address has a typing error}
spec:
  target: {app: payments}
  changes:
    - env:
        name: DATABASE_URL
        container: app
        secretKeyRef: {name: payments-db-c, key: url}
  watch: {readyWithin: 10s, hold: 3s, bake: 5s}
  promotion: auto
"""


@dataclass(frozen=True)
class Said:
    """A command as a user would type it, and what it printed (both streams, in their order)."""

    command: str
    output: str
    code: int


@dataclass(frozen=True)
class Scene:
    """The application `payments` in the namespace `payments`, and a folder with the two plans."""

    arena: Arena
    folder: Path

    def say(self, *arguments: str) -> Said:
        """Run `cutover` in the folder with the plans."""
        environment = os.environ | {"KUBECONFIG": str(self.arena.bed.kubeconfig), "XDG_STATE_HOME": str(self.folder)}
        done = subprocess.run(
            [sys.executable, "-m", "cutover", *arguments],
            cwd=self.folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return Said(f"cutover {' '.join(arguments)}", done.stdout, done.returncode)


@contextmanager
def view(bed: Bed) -> Iterator[Scene]:
    """Set the application up on database a; everything is gone afterwards but the folder with the reports."""
    folder = Path(tempfile.gettempdir()) / f"cutover-demo-{time.strftime('%Y%m%d-%H%M%S')}"
    folder.mkdir()
    arena = Arena(bed, "payments", folder)
    arena.kubectl("delete", "namespace", "payments", "--ignore-not-found")  # what an earlier story may have left
    try:
        arena.deploy(**USUAL)
        arena.apply(manifests.secret("payments", "payments-db-c", url=bed.databases.refused.url()))
        (folder / "good.yaml").write_text(GOOD_PLAN)
        (folder / "bad.yaml").write_text(BAD_PLAN)
        yield Scene(arena, folder)
    finally:
        arena.kubectl("delete", "namespace", "payments", "--ignore-not-found", "--wait=false")
        _drop_unless_reports(folder)


def _drop_unless_reports(folder: Path) -> None:
    if not list(folder.rglob("*.json")):
        shutil.rmtree(folder, ignore_errors=True)
