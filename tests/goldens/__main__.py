"""`python -m tests.goldens write` keeps what the command line prints; `compare` says what is different now."""

import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

from tests.goldens import differences, store
from tests.goldens.case import Group
from tests.goldens.running import apart, run_all
from tests.goldens.shared import SECTIONS, is_here, shared_groups
from tests.goldens.usage import usage_groups

USAGE = "python -m tests.goldens write | compare"


def main(arguments: list[str]) -> int:
    """Write or compare; 1 where something differs."""
    if arguments not in (["write"], ["compare"]):
        print(f"usage: {USAGE}", file=sys.stderr)
        return 2
    began = time.monotonic()
    # Not `TemporaryDirectory`: the program runs what is registered for its end, in a fork of this process.
    folder = Path(tempfile.mkdtemp(prefix="goldens-"))
    try:
        groups: list[Group] = apart(_groups, folder)
        results = run_all(groups, folder)
    finally:
        shutil.rmtree(folder)
    number = sum(len(group.cases) for group in groups)
    print(f"{number} command lines in {len(groups)} groups, {time.monotonic() - began:.0f} s")
    files = store.kept_files(groups, results)
    if arguments == ["write"]:
        store.write(files, {group.section for group in groups})
        return 0
    return differences.report(files, () if is_here() else SECTIONS)


def _groups() -> list[Group]:
    """All inputs; those of the shared folder only where it is."""
    from tests.goldens.seeds import fuzz_groups  # noqa: PLC0415 -- loaded in a fork alone: it brings much along

    return [*usage_groups(), *(shared_groups() if is_here() else ()), *fuzz_groups()]


def _with_a_fixed_hash() -> None:
    """Begin anew with a fixed order of sets: it is set before Python starts."""
    if os.environ.get("PYTHONHASHSEED") != "0":
        os.execve(sys.executable, [*sys.orig_argv], {**os.environ, "PYTHONHASHSEED": "0"})  # noqa: S606


if __name__ == "__main__":
    _with_a_fixed_hash()
    sys.exit(main(sys.argv[1:]))
