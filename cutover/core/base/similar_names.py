"""Finds the name of which another may be a misspelling."""

from collections.abc import Collection
from difflib import get_close_matches
from typing import Final

_NEAR: Final = 0.8
"""The ratio of `difflib` from which on two names count as similar."""


def near_names(variable: str, present: Collection[str]) -> tuple[str, ...]:
    """Return the one name in `present` that `variable` may be a misspelling of; none if no name is similar."""
    others = [name for name in present if name != variable]
    return tuple(get_close_matches(variable, others, n=1, cutoff=_NEAR))
