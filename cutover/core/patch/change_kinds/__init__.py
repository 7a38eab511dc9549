"""The kinds of change that a plan can hold: a file per kind."""

from typing import Final

from cutover.core.patch.change_kinds.config_map import CONFIG_MAP
from cutover.core.patch.change_kinds.database import DATABASE
from cutover.core.patch.change_kinds.env import ENV
from cutover.core.patch.change_kinds.oidc import OIDC
from cutover.core.patch.change_kinds.patch import PATCH
from cutover.core.patch.change_kinds.secret import SECRET
from cutover.core.patch.planned import ChangeKind

ALL: Final[tuple[ChangeKind, ...]] = (ENV, CONFIG_MAP, SECRET, DATABASE, OIDC, PATCH)
