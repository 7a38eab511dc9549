"""Changes of kind `secret`: another copy takes the place of a Secret, with other keys."""

from typing import Final

from cutover.core.patch.config_copies import found
from cutover.core.patch.planned import ChangeKind
from cutover.core.plan.changes import SecretChange

SECRET: Final = ChangeKind(name="secret", model=SecretChange, found=found)
