"""Changes of kind `configMap`: another copy takes the place of a ConfigMap, with other keys."""

from typing import Final

from cutover.core.patch.config_copies import found
from cutover.core.patch.planned import ChangeKind
from cutover.core.plan.changes import ConfigMapChange

CONFIG_MAP: Final = ChangeKind(name="configMap", model=ConfigMapChange, found=found)
