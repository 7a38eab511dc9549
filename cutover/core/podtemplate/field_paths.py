"""Field paths in a pod template: how to read, write and spell them.

A step is a key of a mapping, the name of a list's item, or its index if it has no name. Names are more reliable than
indices: the same field path leads to the same container in a Rollout and in its ReplicaSets.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import Any, Final

from cutover.core.base.documents import Json
from cutover.core.base.frozen import frozen

FieldPath = tuple[str | int, ...]
"""The path of a field from the template's root. In a list, a string is the `name` of an item, an integer its index."""


@frozen
class Value:
    """What a document has at a field path; a JSON null is a value, too."""

    document: Any = field(repr=False)


def part_at(document: Any, place: FieldPath) -> Value | None:
    """Return the `Value` at a field path; None if a step of the path does not exist."""
    for step in place:
        inner = _within(document, step)
        if inner is None:
            return inner
        document = inner.document
    return Value(document)


def pointer_of(document: Any, place: FieldPath) -> str:
    """Return the JSON pointer (RFC 6901) of a field path; a missing name counts as the index after the last item."""
    steps = []
    for step in place:
        steps.append(_step(document, step))
        inner = _within(document, step)
        document = inner.document if isinstance(inner, Value) else None
    return "".join(f"/{step.replace('~', '~0').replace('/', '~1')}" for step in steps)


def names_in(listed: Any) -> tuple[str, ...]:
    """Return the names of a list's items if each has a name of its own; else return none."""
    if not is_list(listed):
        return ()
    names = [item.get("name") if isinstance(item, Mapping) else None for item in listed]
    texts = [name for name in names if isinstance(name, str)]
    return tuple(texts) if len(set(texts)) == len(names) else ()


def is_named(listed: Sequence[Any]) -> bool:
    """Return whether each item of a list has a name of its own; an empty list counts."""
    return len(names_in(listed)) == len(listed)


def is_list(value: Any) -> bool:
    """Whether a value is a list or a tuple, as parsed JSON has them."""
    return isinstance(value, list | tuple)


def put(document: Any, place: FieldPath, value: Any) -> None:
    """Set the value at a field path, in place; does nothing unless the parent is a mapping or list."""
    home, step = _home(document, place)
    if isinstance(home, dict):
        home[str(step)] = value
    elif isinstance(home, list):
        home[_index(home, step)] = value


def insert(document: Any, place: FieldPath, index: int, value: Any) -> None:
    """Insert an item into a list at an index, or set a member of a mapping, in place."""
    home, _ = _home(document, place)
    if isinstance(home, list):
        home.insert(index, value)
    else:
        put(document, place, value)


def drop(document: Any, place: FieldPath) -> None:
    """Remove the value at a field path, in place; does nothing if there is none."""
    home, step = _home(document, place)
    if isinstance(home, dict):
        home.pop(str(step), None)
    elif isinstance(home, list) and (index := _index(home, step)) < len(home):
        del home[index]


def path_text(place: FieldPath) -> str:
    """Return the field path for people to read: `spec.containers[app].resources.limits.cpu`, `…args[0]`."""
    path = ""
    for before, step in zip(("", *place), place, strict=False):
        listed = isinstance(step, int) or before in _LISTS
        path += f"[{step}]" if listed else f".{step}"
    return path.removeprefix(".")


_LISTS: Final = frozenset(
    {"containers", "initContainers", "ephemeralContainers", "env", "volumes", "ports", "volumeMounts", "volumeDevices"}
    | {"imagePullSecrets"}
)
"""Lists of a pod template whose items have a `name`."""


def copied(document: Json) -> dict[str, Any]:
    """Return a deep copy of a document in which no two parts are the same object."""
    copy: dict[str, Any] = json.loads(json.dumps(document))
    return copy


def _within(document: Any, step: str | int) -> Value | None:
    if isinstance(document, Mapping):
        return Value(document[step]) if step in document else None
    if not is_list(document):
        return None
    index = _index(document, step)
    return Value(document[index]) if 0 <= index < len(document) else None


def _index(listed: Sequence[Any], step: str | int) -> int:
    """Return the index of an item; for a missing name, the list's length."""
    if isinstance(step, int):
        return step
    named = (index for index, item in enumerate(listed) if isinstance(item, Mapping) and item.get("name") == step)
    return next(named, len(listed))


def _step(document: Any, step: str | int) -> str:
    return str(_index(document, step)) if is_list(document) else str(step)


def _home(document: Any, place: FieldPath) -> tuple[Any, str | int]:
    """Return the parent of a field path, and its last step."""
    around = part_at(document, place[:-1])
    return (around.document if isinstance(around, Value) else None), place[-1]
