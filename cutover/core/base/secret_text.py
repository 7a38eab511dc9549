"""The type for a secret string, which cannot be printed by accident."""

from typing import final


@final
class SecretText:
    """A string that is or may be a secret. `str`, `repr` and formatting do not show it."""

    __slots__ = ("_value",)
    _value: str

    def __init__(self, value: str) -> None:
        object.__setattr__(self, "_value", value)

    def reveal(self) -> str:
        """Return the string itself, to build a write, to redact it, or to search for remaining uses of it."""
        return self._value

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("a sealed value does not change")

    def __repr__(self) -> str:
        return "Sealed(…)"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SecretText) and self._value == other._value

    def __hash__(self) -> int:
        return hash(self._value)

    def __copy__(self) -> "SecretText":
        return self

    def __deepcopy__(self, _memo: object) -> "SecretText":
        return self

    def __reduce__(self) -> str:
        raise TypeError("a sealed value cannot be pickled")
