"""The kinds of change that a plan can hold: a file per kind."""

from typing import Final

from cutover.core.changes.env import ENV
from cutover.core.turns import ChangeKind

ALL: Final[tuple[ChangeKind, ...]] = (ENV,)
