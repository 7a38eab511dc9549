"""Whether a ReplicaSet's template holds what a Rollout's says: a typed object never reads back to the letter.

Defaults come in, zero values go, and quantities are spelled anew (Kubernetes `apimachinery/pkg/api/resource`).
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from cutover.core.base.units import quantity
from cutover.core.podtemplate.field_paths import Nowhere, Part, is_list, is_named, names_in

_ZERO: Final = ("", 0, False, None)


def holds(stands: Part, wanted: Part) -> bool:
    """Whether what stands is what was wanted, apart from what typing adds and leaves out.

    Where something was to go, a default may stand in its place: nothing can be told from that.
    """
    if isinstance(wanted, Nowhere):
        return True
    if isinstance(stands, Nowhere):
        return _is_zero(wanted.document)
    return _covers(stands.document, wanted.document)


def _covers(stands: Any, wanted: Any) -> bool:
    if isinstance(wanted, Mapping) and isinstance(stands, Mapping):
        return all(_covers(stands[key], value) if key in stands else _is_zero(value) for key, value in wanted.items())
    if is_list(wanted) and is_list(stands):
        return _list_covers(stands, wanted)
    return bool(stands == wanted) or _same_quantity(stands, wanted)


def _list_covers(stands: Sequence[Any], wanted: Sequence[Any]) -> bool:
    if is_named(stands) and is_named(wanted) and names_in(stands) != names_in(wanted):
        return False
    return len(stands) == len(wanted) and all(map(_covers, stands, wanted))


def _is_zero(value: Any) -> bool:
    return value in _ZERO if not isinstance(value, Mapping | list | tuple) else not value


def _same_quantity(stands: Any, wanted: Any) -> bool:
    one, other = quantity(stands), quantity(wanted)
    return bool(one) and one == other
