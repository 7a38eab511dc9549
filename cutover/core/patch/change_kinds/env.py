"""Changes of kind `env`: one variable."""

from typing import Final

from cutover.core.patch.env_changes import turns
from cutover.core.patch.planned import ChangeKind
from cutover.core.plan.changes import EnvChange

ENV: Final = ChangeKind(name="env", model=EnvChange, found=turns)
