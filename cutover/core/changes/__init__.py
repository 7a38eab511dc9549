"""The kinds of change that a plan can hold: a file per kind."""

from typing import Final

from cutover.core.changes.config_map import CONFIG_MAP
from cutover.core.changes.database import DATABASE
from cutover.core.changes.env import ENV
from cutover.core.changes.oidc import OIDC
from cutover.core.changes.patch import PATCH
from cutover.core.changes.secret import SECRET
from cutover.core.turns import ChangeKind

ALL: Final[tuple[ChangeKind, ...]] = (ENV, CONFIG_MAP, SECRET, DATABASE, OIDC, PATCH)
