"""Parsers for numbers with units: quantities of Kubernetes (`500m`, `1Gi`) and durations of Go (`1m30s`).

Sources: Kubernetes `apimachinery/pkg/api/resource`; Go `time.ParseDuration`.
"""

import re
from collections.abc import Mapping
from decimal import ROUND_CEILING, Decimal, InvalidOperation
from fractions import Fraction
from types import MappingProxyType
from typing import Any, Final

_QUANTITY: Final = re.compile(r"([+-]?[0-9]{1,30}(?:\.[0-9]{1,30})?)(?:([eE][+-]?[0-9]{1,2})|([numkMGTPE]|[KMGTPE]i)?)")
_SUFFIXES: Final[Mapping[str, Decimal]] = MappingProxyType(
    {
        **{name: Decimal(10) ** power for name, power in zip("num", (-9, -6, -3), strict=True)},
        **{name: Decimal(10) ** power for name, power in zip("kMGTPE", range(3, 21, 3), strict=True)},
        **{f"{name}i": Decimal(1024) ** power for name, power in zip("KMGTPE", range(1, 7), strict=True)},
    }
)


def quantity(value: Any) -> Decimal | None:
    """Return the number of a quantity, which may be 0; `None` if the value is not a quantity."""
    match = _QUANTITY.fullmatch(str(value)) if isinstance(value, str | int) and not isinstance(value, bool) else None
    if match is None:
        return None
    number, exponent, suffix = match.groups()
    try:
        return Decimal(f"{number}{exponent or ''}") * _SUFFIXES.get(suffix or "", Decimal(1))
    except InvalidOperation:
        return None


def spelled(value: Decimal) -> str:
    """Return a number as a quantity: a fraction in thousandths (`m`), whole mebibytes in `Mi`."""
    if value != value.to_integral_value():
        return f"{(value * 1000).to_integral_value(ROUND_CEILING)}m"
    mebibytes = value / _SUFFIXES["Mi"]
    return f"{mebibytes:f}Mi" if value and mebibytes == mebibytes.to_integral_value() else f"{value:f}"


LONGEST_WAIT: Final = 24 * 3600.0
"""Seconds (one day) that the longest wait in a plan may last."""

DURATION_PART: Final = r"([0-9]{1,9}(\.[0-9]{0,9})?|\.[0-9]{1,9})(ns|us|µs|μs|ms|s|m|h)"
"""One part of a duration in a plan (`90s`, `1m30s`); a duration is one or more of them."""

_DURATION_OF_A_PLAN: Final = re.compile(rf"(?:{DURATION_PART}){{1,16}}")
_UNITS: Final[Mapping[str, Fraction]] = MappingProxyType(
    {
        "ns": Fraction(1, 10**9),
        "us": Fraction(1, 10**6),
        "µs": Fraction(1, 10**6),
        "μs": Fraction(1, 10**6),
        "ms": Fraction(1, 1000),
        "s": Fraction(1),
        "m": Fraction(60),
        "h": Fraction(3600),
    }
)
_PART: Final = re.compile(rf"([0-9]{{1,400}}(?:\.[0-9]{{0,400}})?|\.[0-9]{{1,400}})({'|'.join(_UNITS)})")
_PARTS: Final = re.compile(f"(?:{_PART.pattern})+")
_LONGEST: Final = Fraction(1 << 63, 10**9)
"""Seconds of the longest duration of Go, an int64 of nanoseconds: `time.ParseDuration` refuses longer ones."""


def go_duration(text: str) -> Fraction | None:
    """Return the seconds that Go's `time.ParseDuration` reads from a text, or `None` if it rejects the text."""
    unsigned = text[1:] if text[:1] in ("-", "+") else text
    if not _PARTS.fullmatch(unsigned) or (total := _sum(unsigned)) >= _LONGEST:
        return None
    return -total if text[:1] == "-" else total


def seconds_of(text: str) -> float:
    """Return the seconds of a duration in the form that a plan may use.

    Raises:
        ValueError: the text is not in Go's form for durations.
    """
    if not _DURATION_OF_A_PLAN.fullmatch(text):
        raise ValueError("no duration")
    return float(_sum(text))


def _sum(text: str) -> Fraction:
    return sum((Fraction(f"0{number}") * _UNITS[unit] for number, unit in _PART.findall(text)), Fraction(0))
