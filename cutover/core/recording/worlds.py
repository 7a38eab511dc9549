"""A world as a JSON document that tells only what is not as in the world before, and back.

By kind, and only where the kind changed: `gone` are names of objects, `views` objects by name. An object that was there
before is told by those of its fields that changed.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from cutover.core.recording.decode import decode, demand
from cutover.core.recording.encode import encode
from cutover.core.redact import Redactor
from cutover.core.views.fields import Json
from cutover.core.world import Kind, View, World

_NOTHING: Final[Mapping[str, View]] = {}
_SEEN: Final = Mapping[Kind, float]
_TROUBLE: Final = Mapping[Kind, str]


def document_of(before: World, after: World, redactor: Redactor) -> Json:
    """What leads from the one world to the other.

    Raises:
        ValueError: there is something that no recording can hold.
    """
    kinds = dict(_kinds(before, after, redactor))
    seen, trouble = encode(after.seen, _SEEN, redactor), encode(after.trouble, _TROUBLE, redactor)
    return {"kinds": kinds, "seen": seen, **({"trouble": trouble} if trouble else {})}


def _kinds(before: World, after: World, redactor: Redactor) -> Iterator[tuple[str, Json]]:
    for kind, views in after.objects.items():
        old = before.objects.get(kind, _NOTHING)
        new = {name: view for name, view in views.items() if old.get(name) != view}
        gone = [name for name in old if name not in views]
        if [name for name in old if name in views] + [name for name in new if name not in old] != list(views):
            old, new, gone = _NOTHING, dict(views), list(old)  # a new list has an order of its own
        if new or gone or kind not in before.objects:
            yield kind.value, _kind(old, new, gone, redactor)


def _kind(old: Mapping[str, View], new: Mapping[str, View], gone: list[str], redactor: Redactor) -> Json:
    views = {redactor.text(name): encode(view, View, redactor, old.get(name)) for name, view in new.items()}
    return {"views": views, **({"gone": [redactor.text(name) for name in gone]} if gone else {})}


def world_of(before: World, document: Any) -> World:
    """The world after the one before.

    Raises:
        ValueError: the document spells none.
    """
    told = demand(document, dict)
    kinds = {Kind(kind): changes for kind, changes in demand(told.get("kinds"), dict).items()}
    new = {kind: _views(before.objects.get(kind, _NOTHING), changes) for kind, changes in kinds.items()}
    seen, trouble = decode(told.get("seen"), _SEEN), decode(told.get("trouble", {}), _TROUBLE)
    return World({**before.objects, **new}, seen, trouble)


def _views(old: Mapping[str, View], document: Any) -> dict[str, View]:
    told = demand(document, dict)
    gone = decode(told.get("gone", []), tuple[str, ...])
    kept = {name: view for name, view in old.items() if name not in gone}
    new = {name: decode(view, View, kept.get(name)) for name, view in demand(told.get("views"), dict).items()}
    return {**kept, **new}
