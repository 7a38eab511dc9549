"""Quantities as Kubernetes spells them (`apimachinery/pkg/api/resource`): `500m`, `1Gi`, `1e3`."""

import re
from collections.abc import Mapping
from decimal import ROUND_CEILING, Decimal, InvalidOperation
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


def quantity(value: Any) -> tuple[Decimal, ...]:
    """The number that a quantity stands for; none where it is no quantity."""
    found = _QUANTITY.fullmatch(str(value)) if isinstance(value, str | int) and not isinstance(value, bool) else None
    if found is None:
        return ()
    number, exponent, suffix = found.groups()
    try:
        return (Decimal(f"{number}{exponent or ''}") * _SUFFIXES.get(suffix or "", Decimal(1)),)
    except InvalidOperation:
        return ()


def spelled(value: Decimal) -> str:
    """A number as a quantity: a fraction in thousandths, what is whole mebibytes as such."""
    if value != value.to_integral_value():
        return f"{(value * 1000).to_integral_value(ROUND_CEILING)}m"
    mebibytes = value / _SUFFIXES["Mi"]
    return f"{mebibytes:f}Mi" if value and mebibytes == mebibytes.to_integral_value() else f"{value:f}"
