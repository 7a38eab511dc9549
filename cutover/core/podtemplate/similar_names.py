"""Names that may be one name and a misspelling of it."""

from collections.abc import Collection
from difflib import get_close_matches
from typing import Final

_NEAR: Final = 0.8
"""How alike they are (difflib's ratio)."""


def near_names(variable: str, present: Collection[str]) -> tuple[str, ...]:
    """The one name among `present` that `variable` may be meant to be; none where nothing is like it."""
    others = [name for name in present if name != variable]
    return tuple(get_close_matches(variable, others, n=1, cutoff=_NEAR))
