"""Putting the old template back: the way to stable that works at any moment and cannot be lost."""

from cutover.core.views.fields import Json
from cutover.core.world import Target
from cutover.core.writes.cutover import template_stands
from cutover.core.writes.guards import same_object, template_is
from cutover.core.writes.write import Write, WriteName


def restore_write(target: Target, uid: str, standing: Json, before: Json) -> Write:
    """The patch that replaces the template that we wrote (`standing`, as the server stored it) by T0."""
    return Write(
        name=WriteName.RESTORE,
        title=f"put the old template back into rollout {target}",
        target=target,
        operations=(
            same_object(uid),
            template_is(standing),
            {"op": "replace", "path": "/spec/template", "value": before},
        ),
        proof=template_stands(before),
    )
