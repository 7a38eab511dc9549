"""Compute the old template of a run that died, from the spec and from the ReplicaSet of its base.

The marks hold no value. The spec holds the new template (T1), and the ReplicaSet of the base holds the old value at
every edited field path: T0 is T1 with those values put back, each in the shape that the marks tell.
"""

from collections.abc import Iterable
from typing import Any

from cutover.core.base.documents import Json, mapping
from cutover.core.objects.meta import POD_HASH_LABEL
from cutover.core.podtemplate.compare import ChangeWay
from cutover.core.podtemplate.field_paths import copied, drop, insert, part_at, put
from cutover.core.podtemplate.template_shape import shaped
from cutover.core.writes.run_annotations import EditMark


def old_template(standing: Json, base: Json, edits: Iterable[EditMark]) -> Json:
    """Return T0, where `standing` is T1 and `base` the template of the base's ReplicaSet; neither is modified.

    Added items are removed first, so that removed ones are put back at the index that they had.
    """
    copy = copied(standing)
    for mark in sorted(edits, key=lambda mark: mark.way is not ChangeWay.ADD):
        _undo(copy, base, mark)
    return copy


def _undo(template: dict[str, Any], base: Json, mark: EditMark) -> None:
    if mark.way is ChangeWay.ADD:
        drop(template, mark.place)
        return
    old = shaped(part_at(base, mark.place), mark.shape)
    if old is None:  # not in the base: keep what is there, invent nothing
        return
    if mark.way is ChangeWay.REMOVE:
        insert(template, mark.place, mark.index, old.document)
    else:
        put(template, mark.place, old.document)


def template_of_base(base: Json) -> Json:
    """Return a ReplicaSet's template as a Rollout's: without the hash label, and with the API server's defaults in it.

    The controller takes it for the same revision (argo-rollouts `FindNewReplicaSet` compares with defaults). Where
    there is no template, the result is empty.
    """
    if not base:
        return {}
    copy = copied(base)
    labels = {key: value for key, value in mapping(copy, "metadata", "labels").items() if key != POD_HASH_LABEL}
    return {**copy, "metadata": {**mapping(copy, "metadata"), "labels": labels}}
