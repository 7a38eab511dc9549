"""Places in a plan, and how messages spell them and what stands there."""

from typing import Any, Final

from cutover.core.plan.yaml_scalars import Unquoted

Path = tuple[str | int, ...]
"""A place in the document: keys and indices from the top."""

_LIMIT: Final = 60


def spelled(path: Path) -> str:
    """The path as messages spell it: `spec.changes[0].env.name`."""
    parts = (f"[{part}]" if isinstance(part, int) else f".{shortened(part)}" for part in path)
    return "".join(parts).removeprefix(".")


def shortened(text: str) -> str:
    """Text from the plan, cut and cleaned so that it fits into one line of a message."""
    shown = "".join(char if char.isprintable() else "?" for char in text[:_LIMIT])
    return f"{shown}…" if len(text) > _LIMIT else shown


def kind_of(value: Any) -> str:
    """What a part of a plan is, without showing it."""
    match value:
        case Unquoted(_, kind):
            return kind
        case bool():
            return "a boolean"
        case list():
            return "a list"
        case dict():
            return "a mapping"
        case _:
            return "a string"
