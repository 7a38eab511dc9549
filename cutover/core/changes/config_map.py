"""Changes of kind `configMap`: another copy takes the place of a ConfigMap, with other keys."""

from typing import Final

from cutover.core.copying import found
from cutover.core.plan.change import ConfigMapChange
from cutover.core.turns import ChangeKind

CONFIG_MAP: Final = ChangeKind(name="configMap", model=ConfigMapChange, found=found)
