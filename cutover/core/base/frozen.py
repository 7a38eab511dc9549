"""A decorator that makes the same classes as `dataclass(frozen=True, slots=True)`, in a tenth of the time.

The standard library generates and compiles six functions for each class; for some two hundred classes that is a third
of a command's run time. Here all classes share five of them, and the constructor is generated when the first value is
made.
"""

from collections.abc import Callable, Iterator
from dataclasses import MISSING, Field, FrozenInstanceError, InitVar, dataclass, field, fields
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast, dataclass_transform

if TYPE_CHECKING:
    from inspect import Signature

Class = TypeVar("Class", bound=type[Any])

_PLAIN: Final = dataclass(slots=True, init=False, repr=False, eq=False)


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen(cls: Class) -> Class:
    """Make a frozen dataclass with slots; `fields`, `replace`, `asdict` and `match` work with it as usual.

    Raises:
        TypeError: the class asks for something of dataclasses that this decorator does not do.
    """
    made: Any = _PLAIN(cls)
    listed = fields(made)
    _refuse_the_rest(made, listed)
    compared = _getter(tuple(each.name for each in listed if each.compare))
    shared = {"__eq__": _equality(compared), "__hash__": _hash(compared), "__repr__": _told, **_GUARDS}
    for name, function in {"__init__": _first(made, listed), **shared}.items():
        if name not in vars(cls):
            setattr(made, name, function)
    return cast("Class", made)


def _refuse_the_rest(made: Any, listed: tuple[Field[Any], ...]) -> None:
    """Refuse what would be ignored otherwise: `init=False`, `kw_only`, `hash=`, `InitVar`, and a wrong order."""
    asked = tuple(_unknown(made, listed))
    if asked:
        raise TypeError(f"{made.__qualname__}: @frozen does not know this: {'; '.join(asked)}")


def _unknown(made: Any, listed: tuple[Field[Any], ...]) -> Iterator[str]:
    """Yield what the class asks for and does not get, in one pass: every class of a command comes through here."""
    defaults = False
    for each in listed:
        demanded = each.default is MISSING and each.default_factory is MISSING
        if not each.init:
            yield f"field {each.name} has init=False"
        if each.kw_only:
            yield f"field {each.name} is kw_only"
        if each.hash is not None:
            yield f"field {each.name} has a hash of its own"
        if defaults and demanded:
            yield f"field {each.name} without a default follows one with a default"
        defaults = defaults or not demanded
    for name, type_ in vars(made).get("__annotations__", {}).items():
        if type_ is InitVar or type(type_) is InitVar:
            yield f"field {name} is an InitVar"


def _getter(names: tuple[str, ...]) -> Callable[[Any], Any]:
    """Return a function that reads the compared fields of a value; `attrgetter` needs at least one name."""
    return attrgetter(*names) if names else lambda _: ()


def _equality(compared: Callable[[Any], Any]) -> Callable[[Any, object], Any]:
    def equal(self: Any, other: object) -> Any:
        if other.__class__ is not self.__class__:
            return NotImplemented
        return self is other or compared(self) == compared(other)

    return equal


def _hash(compared: Callable[[Any], Any]) -> Callable[[Any], int]:
    return lambda self: hash(compared(self))


def _told(self: Any) -> str:
    shown = (f"{each.name}={getattr(self, each.name)!r}" for each in fields(self) if each.repr)
    return f"{type(self).__qualname__}({', '.join(shown)})"


def _refuse_change(_: Any, name: str, value: object = None) -> None:  # noqa: ARG001 -- as Python calls it
    raise FrozenInstanceError(f"cannot change field {name!r}")


def _state(self: Any) -> list[Any]:
    return [getattr(self, each.name) for each in fields(self)]


def _restore(self: Any, state: list[Any]) -> None:
    for each, value in zip(fields(self), state, strict=True):
        object.__setattr__(self, each.name, value)


_GUARDS: Final = {
    "__setattr__": _refuse_change,
    "__delattr__": _refuse_change,
    "__getstate__": _state,
    "__setstate__": _restore,
}


def _first(made: Any, listed: tuple[Field[Any], ...]) -> Any:
    """Return the first constructor, which replaces itself with the generated one when the first value is made."""

    def __init__(self: Any, *given: Any, **named: Any) -> None:  # noqa: N807 -- it is one
        made.__init__ = _constructor(made, listed)
        made.__init__(self, *given, **named)

    __init__.__annotations__ = _annotations(listed)
    made.__signature__ = _Signature(made, listed)
    return __init__


class _Signature:
    """The signature of a constructor that may not have been generated yet."""

    def __init__(self, made: Any, listed: tuple[Field[Any], ...]) -> None:
        self._made, self._listed = made, listed

    def __get__(self, _: Any, owner: Any) -> "Signature":
        from inspect import signature  # noqa: PLC0415 -- hardly anybody asks

        told = signature(_constructor(self._made, self._listed))
        return told.replace(parameters=[*told.parameters.values()][1:])


def _annotations(listed: tuple[Field[Any], ...]) -> dict[str, Any]:
    return {each.name: each.type for each in listed} | {"return": None}


def _constructor(made: Any, listed: tuple[Field[Any], ...]) -> Any:
    """Generate the code of `__init__`: one that reads the fields at each call would take ten times as long.

    It writes to the slots directly, because `__setattr__` refuses every change.
    """
    given: dict[str, Any] = {f"_set_{each.name}": getattr(made, each.name).__set__ for each in listed}
    given |= {f"_make_{each.name}": each.default_factory for each in listed if each.default_factory is not MISSING}
    given |= {f"_default_{each.name}": each.default for each in listed if each.default is not MISSING}
    body = [f" _set_{each.name}(self, {_value(each)})" for each in listed]
    after = [" self.__post_init__()"] if hasattr(made, "__post_init__") else []
    text = f"def __init__({', '.join(['self', *map(_parameter, listed)])}):\n" + "\n".join([*body, *after] or [" pass"])
    scope: dict[str, Any] = {"_made": _MADE, **given}
    exec(text, scope)  # noqa: S102 -- of names of fields alone, as `dataclasses` does
    function = scope["__init__"]
    function.__qualname__ = f"{made.__qualname__}.__init__"
    function.__annotations__ = _annotations(listed)
    return function


_MADE: Final = object()
"""The default of a parameter whose field has a `default_factory`: the value is made for each instance."""


def _parameter(each: Field[Any]) -> str:
    if each.default is not MISSING:
        return f"{each.name}=_default_{each.name}"
    return f"{each.name}=_made" if each.default_factory is not MISSING else each.name


def _value(each: Field[Any]) -> str:
    made = each.default_factory is not MISSING
    return f"_make_{each.name}() if {each.name} is _made else {each.name}" if made else each.name
