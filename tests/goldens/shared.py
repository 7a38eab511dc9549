"""Inputs from the folder that lies beside the repository, if it is there: real Rollouts, and small cases.

The files themselves stay where they are; what is kept here is what was printed of them.
"""

import json
from pathlib import Path
from typing import Final

from tests.goldens.case import GoldenCase, Group
from tests.goldens.changes import lives_of, plans_for
from tests.goldens.plan_runs import all_runs, diff_runs

SHARED: Final = Path(__file__).parents[3] / "shared"
SECTIONS: Final = ("cases", "corpus")
"""The parts of the goldens that cannot be compared without that folder."""


def is_here() -> bool:
    """Whether the folder is beside the repository."""
    return SHARED.is_dir()


def shared_groups() -> list[Group]:
    """A group for each small case, and one for each plan that is derived from a real Rollout."""
    folders = sorted(folder for folder in (SHARED / "cases").glob("*") if folder.is_dir())
    rollouts = sorted((SHARED / "corpus").glob("*.json"))
    return [*map(_folder, folders), *(group for file in rollouts for group in _derived(file))]


def _folder(folder: Path) -> Group:
    """Each plan of a case on each of its files, and on all that stand in no relation of either-or."""
    files = {file.name: file.read_bytes() for file in sorted(folder.glob("*.yaml"))}
    plans = [name for name in files if name.startswith("plan")]
    others = [name for name in files if name not in plans]
    rollouts = [name for name in others if b"kind: Rollout" in files[name]]
    beside = tuple(name for name in others if name not in rollouts)
    cases: list[GoldenCase] = []
    for plan in plans:
        cases += all_runs(plan, (rollouts[0], *beside), f"{plan.removesuffix('.yaml')}/")
        for live in rollouts if beside else rollouts[1:]:
            cases += diff_runs(plan, (live,), f"{plan.removesuffix('.yaml')}/{live.removesuffix('.yaml')}/")
        for more in beside if len(beside) > 1 else ():
            live = rollouts[0]
            cases += diff_runs(plan, (live, more), f"{plan.removesuffix('.yaml')}/with-{more.removesuffix('.yaml')}/")
    return Group(f"cases/{folder.name}", tuple(cases), files, whole=True)


def _derived(file: Path) -> list[Group]:
    rollout = json.loads(file.read_bytes())
    lives = lives_of(rollout)
    return [
        Group(f"corpus/{file.stem}/{name}", all_runs("plan.yaml", tuple(lives)), {"plan.yaml": plan, **lives})
        for name, plan in plans_for(rollout).items()
    ]
