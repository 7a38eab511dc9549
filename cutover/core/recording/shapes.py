"""The classes that a recording may hold, and their fields, read from their annotations: there is no second list."""

from collections.abc import Mapping
from dataclasses import Field, fields, is_dataclass
from functools import cache
from typing import Any, Final, get_args, get_type_hints

from cutover.core.engine.observation import Observation
from cutover.core.recording.lines import Begun, Ended
from cutover.core.writes.write import Write

CLASS: Final = "class"
"""The member that names a class: no field can be called so."""

NOT_NEEDED: Final[Mapping[str, Any]] = {"operations": (), "proof": lambda _: False, "body": {}, "words": ()}
"""The fields of a `Write` that are not recorded, and what stands for them: the machine never looks at them."""


@cache
def classes() -> Mapping[str, type]:
    """Every class that a recording may hold, by name."""
    found: dict[str, type] = {}
    _gather(Begun | Observation | Ended, found)
    return found


def _gather(hint: Any, found: dict[str, type]) -> None:
    for inner in get_args(hint):
        _gather(inner, found)
    if not isinstance(hint, type) or not is_dataclass(hint) or found.get(hint.__name__) is hint:
        return
    if hint.__name__ in found:
        raise ValueError(f"two classes of a recording are called {hint.__name__}")
    found[hint.__name__] = hint
    for inner in hints_of(hint).values():
        _gather(inner, found)


@cache
def hints_of(kind: type) -> Mapping[str, Any]:
    """The types of a class's fields."""
    return get_type_hints(kind)


@cache
def fields_of(kind: type) -> tuple[Field[Any], ...]:
    """The fields of a class that are recorded."""
    return tuple(found for found in fields(kind) if kind is not Write or found.name not in NOT_NEEDED)


def items_of(hint: Any, length: int) -> tuple[Any, ...]:
    """The types of the items of a tuple or set of that length."""
    args = get_args(hint)
    return (args[0],) * length if len(args) == 1 or args[-1] is Ellipsis else args


def olds_of(before: Any, length: int) -> tuple[Any, ...]:
    """What the items of a tuple of that length are compared with."""
    return before if isinstance(before, tuple) and len(before) == length else (None,) * length
