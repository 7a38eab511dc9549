"""Proof that a patch makes the planned changes and nothing else, by other code than that which made the patch."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from cutover.core.base.documents import Json, canonical, text
from cutover.core.base.errors import CutoverError, Problem
from cutover.core.patch.edit import ConfigCopy, EnvEdit, FieldEdit, observed
from cutover.core.patch.edits_proof import changed_leaves, outside
from cutover.core.patch.planned import PlannedChange, RawPatch, Rejection
from cutover.core.podtemplate.containers import container_of, containers
from cutover.core.podtemplate.field_paths import FieldPath, Value, is_list, names_in, part_at, path_text

ORDER: Final = "\0order"
"""The step of a path at which the order of a list's named items is compared; no key of a template has this name."""

_ITEMS: Final = "\0items"


def cross_check(changes: tuple[PlannedChange, ...], before: Json, after: Json) -> None:
    """Check that `after` holds every planned change, and that nothing else differs from `before`.

    Raises:
        CutoverError: a bug; nothing has been sent.
    """
    _demand((*_lost(changes, before, after), *_strays(changes, before, after), *_orders(changes, before, after)))


def cross_check_inverse(before: Json, undone: Json) -> None:
    """Check that the inverse of the patch leads back to T0.

    Raises:
        CutoverError: a bug; nothing has been sent.
    """
    same = canonical(undone) == canonical(before)
    _demand(() if same else ("the inverse of the patch does not lead back to the live template",))


def _demand(faults: tuple[str, ...]) -> None:
    if faults:
        raise CutoverError(*(Problem(f"a bug in cutover: {fault}", remedy="report it") for fault in faults))


def _lost(changes: tuple[PlannedChange, ...], before: Json, after: Json) -> Iterator[str]:
    """Yield a fault for each planned edit that is not the one observed at its place."""
    for each in changes:
        match each:
            case EnvEdit(container, _, variable) if observed(each.place, before, after) != each:
                yield f"the patch does not set {variable} in container {container}"
            case FieldEdit(place) if observed(place, before, after) != each:
                yield f"the patch does not set {path_text(place)}"


def _strays(changes: tuple[PlannedChange, ...], before: Json, after: Json) -> Iterator[str]:
    """Yield a fault for each difference that no planned change explains.

    The order of an `env` is judged apart (`_orders`): `$(VAR)` depends on it.
    """
    claims = tuple(claim for each in changes for claim in _claims(each, before))
    if _unclaimed(before, claims) == _unclaimed(after, claims):
        return  # the usual case, told without deepdiff
    strays = outside(changed_leaves(before, after, claims), claims)
    yield from (f"the patch also changes {path_text(place)}" for place in strays)


def _unclaimed(document: Json, claims: tuple[FieldPath, ...]) -> str:
    """Return everything outside of the claimed field paths, as canonical text."""
    return canonical(_without(_by_name(document), claims))


def _without(part: Any, claims: tuple[FieldPath, ...]) -> Any:
    """Return a part, its lists by name, without the claimed field paths, which are relative to the part."""
    if not claims or not isinstance(part, dict):
        return part if () not in claims else ""
    inner = {
        key: claims if key == _ITEMS else tuple(claim[1:] for claim in claims if claim[:1] == (key,)) for key in part
    }
    return {key: _without(value, inner[key]) for key, value in part.items() if () not in inner[key]}


def _claims(each: PlannedChange, before: Json) -> Iterator[FieldPath]:
    """Yield the field paths at which a planned change may make the templates differ."""
    match each:
        case EnvEdit(name, init):
            yield each.place
            yield (*each.place[:-1], ORDER)
            # A list that is new, or that holds a name twice, has no field paths by name; `_orders` judges it.
            container = container_of(before, name, init=init)
            if not container or not container.variables or not container.told_apart:
                yield each.place[:-1]
        case FieldEdit(place):
            yield _by_names(before, place)
        case RawPatch(operations):
            yield from (_claimed(before, operation["path"]) for operation in operations)
        case ConfigCopy() | Rejection():
            pass


def _claimed(before: Json, pointer: str) -> FieldPath:
    """Return the field path that an operation of a `patch` change is about.

    Where it adds, removes or renames an item of a list, that is the whole list: the items after it move, and an item
    with another name is another item.
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
    """Return the field path with names instead of indices, where the items have names."""
    named: FieldPath = ()
    for step in place:
        around = part_at(document, named)
        names = names_in(around.document) if isinstance(around, Value) else ()
        named = (*named, names[step] if isinstance(step, int) and step < len(names) else step)
    return named


def _orders(changes: tuple[PlannedChange, ...], before: Json, after: Json) -> Iterator[str]:
    """Yield a fault for each container whose `env` has another order than the changes give, or other changes."""
    variables = tuple(each for each in changes if isinstance(each, EnvEdit))
    for container in {edit.container for edit in variables}:
        mine = frozenset(edit.variable for edit in variables if edit.container == container)
        if _names(after, container) != _expected(variables, before, container):
            yield f"the patch changes the order of env in container {container}"
        if _others(before, container, mine) != _others(after, container, mine):
            yield f"the patch also changes other variables of container {container}"


def _expected(variables: tuple[EnvEdit, ...], before: Json, container: str) -> tuple[str, ...]:
    """Return the names that `env` has to hold: those that stay, in their order, then the new ones."""
    mine = [edit for edit in variables if edit.container == container]
    removed = {edit.variable for edit in mine if edit.after is None}
    added = (edit.variable for edit in mine if edit.before is None)
    return (*(name for name in _names(before, container) if name not in removed), *added)


def _others(template: Json, container: str, but: frozenset[str]) -> str:
    """Return everything in `env` but these variables, as canonical text."""
    lists = (owner.document.get("env") or () for owner in containers(template) if owner.name == container)
    entries = (entry for listed in lists if is_list(listed) for entry in listed)
    return canonical([entry for entry in entries if text(entry, "name") not in but])


def _names(template: Json, container: str) -> tuple[str, ...]:
    owners = (entry for entry in containers(template) if entry.name == container)
    return tuple(entry.name for owner in owners for entry in owner.env)


def _by_name(document: Any) -> Any:
    """Return the document with each list of named objects as a mapping by name, and their order beside it."""
    if isinstance(document, Mapping):
        return {key: _by_name(value) for key, value in document.items()}
    if not isinstance(document, Sequence) or isinstance(document, str):
        return document
    names = names_in(document)
    if len(names) < len(document):
        return [_by_name(item) for item in document]
    # The order is one string: DeepDiff would take seconds for a list of some thousand names.
    return {ORDER: canonical(names), _ITEMS: {name: _by_name(item) for name, item in zip(names, document, strict=True)}}
