"""Writes a world as a JSON document that holds only what changed since the world before, and reads it back.

It holds `seen` for the kinds where it changed; all `trouble`; the kinds of which nothing is known any more (`absent`,
`unseen`); and the `kinds` that changed: `gone` are names of objects, `views` objects by name. Of an object that was
there before it holds only the fields that changed.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from cutover.core.base.documents import Json
from cutover.core.base.redaction import Redactor
from cutover.core.base.resources import Resource
from cutover.core.objects.world import View, World
from cutover.core.recording.decode import decode, demand
from cutover.core.recording.encode import encode

_NOTHING: Final[Mapping[str, View]] = {}
_SEEN: Final = Mapping[Resource, float]
_TROUBLE: Final = Mapping[Resource, str]


def document_of(before: World, after: World, redactor: Redactor) -> Json:
    """Return the changes that lead from one world to the other.

    Raises:
        ValueError: they hold something that no recording can hold.
    """
    seen = {kind: at for kind, at in after.seen.items() if before.seen.get(kind) != at}
    changes = {
        "kinds": dict(_kinds(before, after, redactor)),
        "seen": encode(seen, _SEEN, redactor),
        "absent": [kind.value for kind in before.objects if kind not in after.objects],
        "unseen": [kind.value for kind in before.seen if kind not in after.seen],
        "trouble": encode(after.trouble, _TROUBLE, redactor),
    }
    return {name: part for name, part in changes.items() if part}


def _kinds(before: World, after: World, redactor: Redactor) -> Iterator[tuple[str, Json]]:
    for kind, views in after.objects.items():
        old = before.objects.get(kind, _NOTHING)
        changes = _kind(old, views, redactor) if views is not old else {}
        if changes or kind not in before.objects:
            yield kind.value, changes


def _kind(old: Mapping[str, View], views: Mapping[str, View], redactor: Redactor) -> Json:
    """Return the changes of a kind; `order` only if the new objects do not simply follow the old ones."""
    new = {name: view for name, view in views.items() if old.get(name) != view}
    stay = [name for name in old if name in views]
    changes: dict[str, Any] = {
        "gone": [redactor.text(name) for name in old if name not in views],
        "views": {redactor.text(name): encode(view, View, redactor, old.get(name)) for name, view in new.items()},
        "order": [redactor.text(name) for name in views] if list(dict.fromkeys((*stay, *new))) != list(views) else [],
    }
    return {name: part for name, part in changes.items() if part}


def world_of(before: World, document: Any) -> World:
    """Return the world to which the document's changes lead from the world before.

    Raises:
        ValueError: the document spells no such changes.
    """
    members = demand(document, dict)
    kinds = {decode(kind, Resource): changes for kind, changes in demand(members.get("kinds", {}), dict).items()}
    new = {kind: _views(before.objects.get(kind, _NOTHING), changes) for kind, changes in kinds.items()}
    seen = {**before.seen, **decode(members.get("seen", {}), _SEEN)}
    absent, unseen = (decode(members.get(part, []), tuple[Resource, ...]) for part in ("absent", "unseen"))
    return World(
        {kind: views for kind, views in {**before.objects, **new}.items() if kind not in absent},
        {kind: at for kind, at in seen.items() if kind not in unseen},
        decode(members.get("trouble", {}), _TROUBLE),
    )


def _views(old: Mapping[str, View], document: Any) -> dict[str, View]:
    members = demand(document, dict)
    gone, order = (decode(members.get(part, []), tuple[str, ...]) for part in ("gone", "order"))
    kept = {name: view for name, view in old.items() if name not in gone}
    changed = demand(members.get("views", {}), dict)
    new = {**kept, **{name: decode(view, View, old.get(name)) for name, view in changed.items()}}
    if order and set(order) != new.keys():
        raise ValueError(f"a recording orders {', '.join(order)}, and there is {', '.join(new)}")
    return {name: new[name] for name in order} if order else new
