"""The only way from a value to something printable.

Pure and immutable: what is masked, and the tag it gets, follows from the text, the run's key and the known values.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, final


@final
class Sealed:
    """A string that is a secret, or may be one. No way of printing it shows it."""

    __slots__ = ("_value",)
    _value: str

    def __init__(self, value: str) -> None:
        object.__setattr__(self, "_value", value)

    def reveal(self) -> str:
        """The string itself. Only the construction of a write and this module may ask for it."""
        return self._value

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("a sealed value does not change")

    def __repr__(self) -> str:
        return "Sealed(…)"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sealed) and self._value == other._value

    def __hash__(self) -> int:
        return hash(self._value)

    def __copy__(self) -> "Sealed":
        return self

    def __deepcopy__(self, _memo: object) -> "Sealed":
        return self

    def __reduce__(self) -> str:
        raise TypeError("a sealed value cannot be pickled")


@dataclass(frozen=True, slots=True)
class Matcher:
    """Knows values without holding them: keyed hashes only. `skipped` were too short to be looked for."""

    marks: Mapping[int, frozenset[int]] = field(default_factory=dict, repr=False)
    heads: Mapping[bytes, tuple[int, ...]] = field(default_factory=dict, repr=False)
    tags: Mapping[bytes, str] = field(default_factory=dict, repr=False)
    skipped: int = 0

    def joined(self, other: "Matcher") -> "Matcher":
        """A matcher that knows what either of the two knows; both must be made with the same key."""
        raise NotImplementedError


def matcher(values: Iterable[Sealed], key: bytes) -> Matcher:
    """A matcher for the values and the forms in which they appear (base64, URL-encoded, JSON, password of a URL)."""
    raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Redactor:
    """Masks by value and by pattern. `key` is random and the run's own: equal values show equal tags within a run."""

    key: bytes = field(repr=False)
    known: Matcher = Matcher()

    def knowing(self, values: Iterable[Sealed]) -> "Redactor":
        """A redactor that masks these values too."""
        raise NotImplementedError

    @property
    def skipped(self) -> int:
        """How many values were too short to be masked by value."""
        return self.known.skipped

    def text(self, text: str) -> str:
        """Text from anywhere, with every known value and everything that looks like a credential masked."""
        raise NotImplementedError

    def literal(self, name: str, value: Sealed) -> str:
        """The literal of a variable: plain, unless its name or its form looks like a credential."""
        raise NotImplementedError

    def lines(self, lines: Sequence[str]) -> tuple[str, ...]:
        """Log lines, joined before matching; a secret over several lines becomes one."""
        raise NotImplementedError

    def document(self, document: Any) -> Any:
        """A JSON document with every string in it redacted; entries of `env` by their name."""
        raise NotImplementedError


MINIMUM: Final = 4
"""Shorter values are not looked for: they would mask half of every log."""
