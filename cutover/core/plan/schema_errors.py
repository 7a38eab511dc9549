"""Validates a tree against the document types and turns pydantic's errors into problems that say what to do."""

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any, Final

from pydantic import ValidationError

from cutover.core.base.errors import Problem
from cutover.core.base.frozen import frozen
from cutover.core.plan.document import KIND, PlanDocument
from cutover.core.plan.field_descriptions import Expectation, expectation
from cutover.core.plan.yaml_events import NOTHING, Unquoted
from cutover.core.plan.yaml_tree import PlanPath, Tree, kind_of, shortened

MANY: Final = 100
"""Problems that are reported at most; a note says if there are more."""

_LATER_KINDS: Final = ("ReviewedPlan", "Runbook")
_LATER: Final = {
    "spec": ("expect", "rehearsal"),
    "spec.watch": ("gates",),
    "spec.changes.database": ("identity",),
}
"""Keys of the plan format that this version does not support yet, by the path (without indices) of their mapping."""

_KEY: Final = "key"
_MISSING: Final = "missing"
_UNKNOWN: Final = "extra_forbidden"


_CONFIG_KEY: Final = "a key of a Secret or ConfigMap (letters, digits, '-', '_' and '.')"


@frozen
class Complaint:
    """One error of pydantic: the field path, and whether a key is missing, unknown, or has a wrong value."""

    path: PlanPath
    type: str


def document_of(tree: Tree) -> PlanDocument | tuple[Problem, ...]:
    """Return the document; if a type, a key or a value is wrong, return all problems instead."""
    kind = tree.data.get("kind") if isinstance(tree.data, dict) else ""
    if kind in _LATER_KINDS:
        return (tree.problem(("kind",), f"{kind} is not supported by this version yet", f"write a {KIND}"),)
    try:
        return PlanDocument.model_validate(tree.data)
    except ValidationError as error:
        complaints = error.errors(include_url=False, include_context=False, include_input=False)
        return tuple(_problems(tree, [_complaint(tuple(entry["loc"]), entry["type"]) for entry in complaints]))


def _complaint(path: PlanPath, kind: str) -> Complaint:
    """Return one error of pydantic, which reports a wrong key of a free mapping as `[key]` below it."""
    return Complaint(path[:-1], _KEY) if path[-1:] == ("[key]",) else Complaint(path, kind)


def _problems(tree: Tree, complaints: list[Complaint]) -> Iterator[Problem]:
    """Yield a problem for each complaint, except for a key that is missing only because it is misspelt."""
    first = sorted(complaints, key=lambda complaint: tree.line(complaint.path))[: 2 * MANY + 2]
    unknown = [complaint.path for complaint in first if complaint.type == _UNKNOWN]
    meant = {(*path[:-1], key) for path in unknown for key in _meant(path)}
    yield from (
        _problem(tree, complaint) for complaint in first if complaint.type != _MISSING or complaint.path not in meant
    )


def _meant(path: PlanPath) -> tuple[str, ...]:
    """Return the known key that an unknown key probably means, if any."""
    return () if _is_later(path) else _near(str(path[-1]), expectation(path[:-1]).keys)


def _problem(tree: Tree, complaint: Complaint) -> Problem:
    if complaint.type == _MISSING:
        message = f"expected {expectation(complaint.path).expected}, found nothing"
        return tree.problem(complaint.path, message, f"add the key {complaint.path[-1]}")
    if complaint.type == _KEY:
        message = f"expected {_CONFIG_KEY}, found {shortened(str(complaint.path[-1]))}"
        return tree.problem(complaint.path, message, "correct the key")
    return _unknown_key(tree, complaint.path) if complaint.type == _UNKNOWN else _wrong_value(tree, complaint.path)


def _unknown_key(tree: Tree, path: PlanPath) -> Problem:
    key, known = shortened(str(path[-1])), expectation(path[:-1]).keys
    if _is_later(path):
        return tree.problem(path, f"{key} is not supported by this version yet", "remove it")
    near = _near(key, known)
    message = f"expected one of the keys ({', '.join(known)}), found {key}"
    return tree.problem(path, message, f"did you mean {near[0]}?" if near else "remove it")


def _wrong_value(tree: Tree, path: PlanPath) -> Problem:
    place, value = expectation(path), _value_at(tree.data, path)
    secret = path[-1:] == ("value",) or "value" in path or "set" in path or bool(place.keys)
    message = f"expected {place.expected}, found {_description(value, secret=secret)}"
    return tree.problem(path, message, _remedy(place, value))


def _is_later(path: PlanPath) -> bool:
    home = ".".join(part for part in path[:-1] if isinstance(part, str))
    return path[-1] in _LATER.get(home, ())


def _description(value: Any, *, secret: bool) -> str:
    """Describe a value for a message: text is quoted and cut, but only its kind is named if it may be a secret."""
    match value:
        case str() if not secret:
            return f'"{shortened(value)}"'
        case Unquoted(text, kind) if text and not secret:
            return f"{kind}: {shortened(text)}"
        case bool():
            return "true" if value else "false"
        case _:
            return kind_of(value)


def _remedy(place: Expectation, value: Any) -> str:
    expected = place.expected
    match value:
        case Unquoted(text, kind) if not text or kind == NOTHING:
            return "give it a value, or remove the key"
        case Unquoted(text, "a number") if "duration" in expected:
            return f"give it a unit, like {shortened(text)}s"
        case Unquoted() | bool() | str() if expected.startswith("a whole number"):
            return f"write {expected}"
        case Unquoted() | bool() if expected.startswith("true"):
            return f"write {expected}"
        case Unquoted() | bool() if not expected.startswith(("a mapping", "a list")):
            return "put it into quotes"
        case str() if near := _near(value, place.choices):
            return f"did you mean {near[0]}?"
        case _:
            return "correct it"


def _value_at(data: Any, path: PlanPath) -> Any:
    for part in path:
        data = data[part]
    return data


def _near(word: str, known: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(get_close_matches(word[:60], known, n=1))
