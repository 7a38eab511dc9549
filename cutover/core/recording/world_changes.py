"""Writes a world as a JSON document that holds only what changed since the world before.

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
from cutover.core.recording.encode import encode

NO_VIEWS: Final[Mapping[str, View]] = {}
SEEN: Final = Mapping[Resource, float]
TROUBLE: Final = Mapping[Resource, str]


def document_of(before: World, after: World, redactor: Redactor) -> Json:
    """Return the changes that lead from one world to the other.

    Raises:
        ValueError: they hold something that no recording can hold.
    """
    seen = {kind: at for kind, at in after.seen.items() if before.seen.get(kind) != at}
    changes = {
        "kinds": dict(_kinds(before, after, redactor)),
        "seen": encode(seen, SEEN, redactor),
        "absent": [kind.value for kind in before.objects if kind not in after.objects],
        "unseen": [kind.value for kind in before.seen if kind not in after.seen],
        "trouble": encode(after.trouble, TROUBLE, redactor),
    }
    return {name: part for name, part in changes.items() if part}


def _kinds(before: World, after: World, redactor: Redactor) -> Iterator[tuple[str, Json]]:
    for kind, views in after.objects.items():
        old = before.objects.get(kind, NO_VIEWS)
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
