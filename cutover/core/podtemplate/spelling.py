"""One template, several spellings: what Argo's controller makes of a part that was written in another way than its own.

With every new revision the controller writes the whole Rollout as it is typed, to note the revision (argo-rollouts
v1.10.1 `rollout/controller.go: remarshalRollout`, `rollout/sync.go: setRolloutRevision`; seen on the real controller):
zero values go, empty mappings come, quantities are spelled anew. It is the same template all the same, so parts that a
plan has written are compared in one common spelling. All else was typed before, and is compared to the letter.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from cutover.core.base.documents import Json
from cutover.core.base.units import quantity
from cutover.core.podtemplate.compare import same
from cutover.core.podtemplate.field_paths import Place, Value, copied, drop, is_list, part_at, put

_QUANTITIES: Final = frozenset({"limits", "requests", "sizeLimit", "divisor"})
"""Fields whose values are quantities, or hold them."""


def common(template: Json, places: Iterable[Place]) -> Json:
    """The template with the parts at these places in the common spelling."""
    copy = copied(template)
    for place in places:
        found = part_at(copy, place)
        if isinstance(found, Value):
            _respell(copy, place, found.document)
    return copy


def alike(one: Json, other: Json, places: Iterable[Place]) -> bool:
    """Whether two templates are the same but for the spelling of what stands at these places."""
    kept = tuple(places)
    return same(one, other) or same(common(one, kept), common(other, kept))


def respelled(value: Any, place: Iterable[str | int]) -> Any:
    """What stands at a place, in the common spelling."""
    return _spelled(value, counted=any(step in _QUANTITIES for step in place))


def _respell(template: dict[str, Any], place: Place, value: Any) -> None:
    spelled = respelled(value, place)
    if _is_zero(spelled):
        drop(template, place)
    else:
        put(template, place, spelled)


def _spelled(value: Any, *, counted: bool) -> Any:
    """A value without its zero members; `counted` where scalars are quantities."""
    if isinstance(value, Mapping):
        told = {key: _spelled(held, counted=counted or key in _QUANTITIES) for key, held in value.items()}
        return {key: held for key, held in told.items() if not _is_zero(held)}
    if is_list(value):
        return [_spelled(held, counted=counted) for held in value]
    number = quantity(value) if counted else ()
    return str(number[0].normalize()) if number else value


def _is_zero(value: Any) -> bool:
    if isinstance(value, Mapping | list | tuple):
        return not value
    return value is None or value in ("", 0)
