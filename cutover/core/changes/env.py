"""Changes of kind `env`: one variable."""

from typing import Final

from cutover.core.plan.change import EnvChange
from cutover.core.turns import ChangeKind
from cutover.core.variables import turns

ENV: Final = ChangeKind(name="env", model=EnvChange, found=turns)
