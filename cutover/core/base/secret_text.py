"""A string that nothing prints by accident."""

from typing import final


@final
class SecretText:
    """A string that is a secret, or may be one. No way of printing it shows it."""

    __slots__ = ("_value",)
    _value: str

    def __init__(self, value: str) -> None:
        object.__setattr__(self, "_value", value)

    def reveal(self) -> str:
        """The string itself: for the construction of a write, redaction, and the search for what is left of it."""
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
