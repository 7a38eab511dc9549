"""Reads a world from what a recording says of its changes (`cutover.core.recording.world_changes`)."""

from collections.abc import Mapping
from typing import Any

from cutover.core.base.resources import Resource
from cutover.core.objects.world import View, World
from cutover.core.recording.world_changes import NO_VIEWS, SEEN, TROUBLE
from tests.recordings.decode import decode, demand


def world_of(before: World, document: Any) -> World:
    """Return the world to which the document's changes lead from the world before.

    Raises:
        ValueError: the document spells no such changes.
    """
    members = demand(document, dict)
    kinds = {decode(kind, Resource): changes for kind, changes in demand(members.get("kinds", {}), dict).items()}
    new = {kind: _views(before.objects.get(kind, NO_VIEWS), changes) for kind, changes in kinds.items()}
    seen = {**before.seen, **decode(members.get("seen", {}), SEEN)}
    absent, unseen = (decode(members.get(part, []), tuple[Resource, ...]) for part in ("absent", "unseen"))
    return World(
        {kind: views for kind, views in {**before.objects, **new}.items() if kind not in absent},
        {kind: at for kind, at in seen.items() if kind not in unseen},
        decode(members.get("trouble", {}), TROUBLE),
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
