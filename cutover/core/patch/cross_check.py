"""The proof, by means other than those that made the patch, that it does what it says and nothing else."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import takewhile
from typing import Any, Final

from cutover.core.base.documents import Json, canonical, text
from cutover.core.base.errors import CutoverError, Problem
from cutover.core.patch.edit import env_place
from cutover.core.patch.planned import ConfigCopy, PlannedChange, RawPatch, ReferenceChange, Rejection, VariableChange
from cutover.core.podtemplate.containers import containers, env_of
from cutover.core.podtemplate.field_paths import FieldPath, Value, is_list, names_in, part_at, path_text

ORDER: Final = "\0order"
"""Where the order of a list's named items is compared. No key of a template reads so."""

_ITEMS: Final = "\0items"


def cross_check(found: tuple[PlannedChange, ...], before: Json, after: Json) -> None:
    """That `after` holds all that was found to be done, and that nothing else differs from `before`.

    Raises:
        CutoverError: a bug; nothing has been sent.
    """
    _demand((*_lost(found, after), *_strays(found, before, after), *_orders(found, before, after)))


def cross_check_inverse(before: Json, undone: Json) -> None:
    """That what the inverse leads to is T0 again.

    Raises:
        CutoverError: a bug; nothing has been sent.
    """
    same = canonical(undone) == canonical(before)
    _demand(() if same else ("the inverse of the patch does not lead back to the live template",))


def _demand(faults: tuple[str, ...]) -> None:
    if faults:
        raise CutoverError(*(Problem(f"a bug in cutover: {fault}", remedy="report it") for fault in faults))


def differences(before: Json, after: Json) -> frozenset[FieldPath]:
    """Where two templates differ, entries of lists named by their `name`. Two equal templates differ nowhere."""
    # 60 ms of import, which only a bug has to pay: what is right is proven without it.
    from deepdiff import DeepDiff  # noqa: PLC0415 - see above

    old, new = _apart(_by_name(before), _by_name(after))
    # Without the threshold, two mappings with few keys in common would count as one difference.
    tree = DeepDiff(old, new, view="tree", threshold_to_diff_deeper=0)
    return frozenset(_place(level.path(output_format="list")) for levels in tree.values() for level in levels)


def _apart(before: Any, after: Any) -> tuple[Any, Any]:
    """Both without the members that are equal: DeepDiff takes seconds to walk through a megabyte of them."""
    if not (isinstance(before, dict) and isinstance(after, dict)):
        return before, after
    both = before.keys() & after.keys()
    apart = (key for key in both if canonical(before[key]) != canonical(after[key]))
    pairs = {key: _apart(before[key], after[key]) for key in apart}
    left = {key: value for key, value in before.items() if key not in after}
    right = {key: value for key, value in after.items() if key not in before}
    return (
        left | {key: old for key, (old, _) in pairs.items()},
        right | {key: new for key, (_, new) in pairs.items()},
    )


def _place(path: Sequence[Any]) -> FieldPath:
    """The place that a path of the comparison means; the order of a list is one of its own."""
    known = tuple(takewhile(lambda step: step != ORDER, path))
    order = (ORDER,) if len(known) < len(path) else ()
    return (*(step for step in known if step != _ITEMS), *order)


def _lost(found: tuple[PlannedChange, ...], after: Json) -> Iterator[str]:
    """What was to be done and was not."""
    for each in found:
        match each:
            case VariableChange(container, variable, _, wanted) if env_of(after, container.name, variable) != wanted:
                yield f"the patch does not set {variable} in container {container.name}"
            case ReferenceChange(place, _, wanted) if part_at(after, place) != Value(wanted):
                yield f"the patch does not set {path_text(place)}"


def _strays(found: tuple[PlannedChange, ...], before: Json, after: Json) -> Iterator[str]:
    """Differences that nothing claims. The order of an `env` is judged apart: `$(VAR)` depends on it."""
    claims = tuple(claim for each in found for claim in _claims(each, before))
    if _unclaimed(before, claims) == _unclaimed(after, claims):
        return  # nothing is left to be named
    for place in sorted(differences(before, after), key=str):
        if not any(place[: len(claim)] == claim for claim in claims):
            yield f"the patch also changes {path_text(place)}"


def _unclaimed(document: Json, claims: tuple[FieldPath, ...]) -> str:
    """Everything that nothing claims, spelled out."""
    return canonical(_rest(_by_name(document), claims))


def _rest(part: Any, claims: tuple[FieldPath, ...]) -> Any:
    """A part, its lists by name, without the claimed places; those begin at the part."""
    if not claims or not isinstance(part, dict):
        return part if () not in claims else ""
    inner = {
        key: claims if key == _ITEMS else tuple(claim[1:] for claim in claims if claim[:1] == (key,)) for key in part
    }
    return {key: _rest(value, inner[key]) for key, value in part.items() if () not in inner[key]}


def _claims(each: PlannedChange, before: Json) -> Iterator[FieldPath]:
    """The places that may differ because of it."""
    match each:
        case VariableChange(container, variable):
            place = env_place(container.name, variable, init=container.init)
            yield place
            yield (*place[:-1], ORDER)
            # A list that is new, or in which a name stands twice, has no places by name; `_orders` judges it.
            yield from (place[:-1],) if not container.variables or not container.told_apart else ()
        case ReferenceChange(place):
            yield _by_names(before, place)
        case RawPatch(operations):
            yield from (_claimed(before, operation["path"]) for operation in operations)
        case ConfigCopy() | Rejection():
            pass


def _claimed(before: Json, pointer: str) -> FieldPath:
    """The place that an operation of the plan's own is about.

    In a list it is the whole of it: the rest moves up, and another name makes another item.
    """
    steps = tuple(step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[3:])
    place: FieldPath = ()
    for index, step in enumerate(steps):
        around = part_at(before, place)
        listed = isinstance(around, Value) and is_list(around.document)
        if listed and (not step.isdecimal() or steps[index + 1 :] in ((), ("name",))):
            break
        place = (*place, int(step) if listed else step)
    return _by_names(before, place)


def _by_names(document: Json, place: FieldPath) -> FieldPath:
    """The place with names instead of indices, where the items have names."""
    named: FieldPath = ()
    for step in place:
        around = part_at(document, named)
        names = names_in(around.document) if isinstance(around, Value) else ()
        named = (*named, names[step] if isinstance(step, int) and step < len(names) else step)
    return named


def _orders(found: tuple[PlannedChange, ...], before: Json, after: Json) -> Iterator[str]:
    """Containers whose variables do not stand in the order that the turns lead to, or whose other ones differ."""
    turns = tuple(each for each in found if isinstance(each, VariableChange))
    for container in {turn.container.name for turn in turns}:
        mine = frozenset(turn.variable for turn in turns if turn.container.name == container)
        if _names(after, container) != _expected(turns, before, container):
            yield f"the patch changes the order of env in container {container}"
        if _others(before, container, mine) != _others(after, container, mine):
            yield f"the patch also changes other variables of container {container}"


def _expected(turns: tuple[VariableChange, ...], before: Json, container: str) -> tuple[str, ...]:
    """The names in `env` as they have to be: what stays in its order, then what is new."""
    mine = [turn for turn in turns if turn.container.name == container]
    removed = {turn.variable for turn in mine if turn.removes}
    added = (turn.variable for turn in mine if turn.adds)
    return (*(name for name in _names(before, container) if name not in removed), *added)


def _others(template: Json, container: str, but: frozenset[str]) -> str:
    """Everything in `env` but these variables, spelled out."""
    held = (found.document.get("env") or () for found in containers(template) if found.name == container)
    entries = (entry for listed in held if is_list(listed) for entry in listed)
    return canonical([entry for entry in entries if text(entry, "name") not in but])


def _names(template: Json, container: str) -> tuple[str, ...]:
    found = (entry for entry in containers(template) if entry.name == container)
    return tuple(entry.name for held in found for entry in held.env)


def _by_name(document: Any) -> Any:
    """The document with each list of named objects as a mapping by name, and their order beside it."""
    if isinstance(document, Mapping):
        return {key: _by_name(value) for key, value in document.items()}
    if not isinstance(document, Sequence) or isinstance(document, str):
        return document
    names = names_in(document)
    if len(names) < len(document):
        return [_by_name(item) for item in document]
    # One word: DeepDiff would take seconds for a list of some thousand.
    return {ORDER: canonical(names), _ITEMS: {name: _by_name(item) for name, item in zip(names, document, strict=True)}}
