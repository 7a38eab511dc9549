"""Durations as Go writes them: `90s`, `1m30s`, `500ms`."""

import re
from fractions import Fraction
from typing import Final

LONGEST: Final = 24 * 3600.0
"""No wait of a cutover is longer than a day, in seconds."""

PATTERN: Final = r"([0-9]{1,9}(\.[0-9]{0,9})?|\.[0-9]{1,9})(ns|us|µs|μs|ms|s|m|h)"
"""One part of a duration; a duration is one or more of them."""

_UNITS: Final = {
    "ns": Fraction(1, 10**9),
    "us": Fraction(1, 10**6),
    "µs": Fraction(1, 10**6),
    "μs": Fraction(1, 10**6),
    "ms": Fraction(1, 1000),
    "s": Fraction(1),
    "m": Fraction(60),
    "h": Fraction(3600),
}
_PART: Final = re.compile(PATTERN)
_WHOLE: Final = re.compile(rf"(?:{PATTERN}){{1,16}}")


def seconds_of(text: str) -> float:
    """The duration in seconds.

    Raises:
        ValueError: it is not written as Go writes durations.
    """
    if not _WHOLE.fullmatch(text):
        raise ValueError("no duration")
    return float(sum(Fraction(f"0{match[1]}") * _UNITS[match[3]] for match in _PART.finditer(text)))
