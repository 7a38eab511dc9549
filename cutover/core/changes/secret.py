"""Changes of kind `secret`: another copy takes the place of a Secret, with other keys."""

from typing import Final

from cutover.core.copying import found
from cutover.core.plan.change import SecretChange
from cutover.core.turns import ChangeKind

SECRET: Final = ChangeKind(name="secret", model=SecretChange, found=found)
