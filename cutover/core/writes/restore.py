"""The write that puts the old template back: the way to stable that works at any moment and cannot be lost."""

from cutover.core.base.documents import Json, Operation
from cutover.core.base.target import Target
from cutover.core.writes.cutover import template_stands
from cutover.core.writes.guards import same_object, template_is
from cutover.core.writes.write import Write, WriteName


def restore_write(
    target: Target, uid: str, standing: Json, before: Json, disarming: tuple[Operation, ...] = ()
) -> Write:
    """Return the patch that replaces the template that we wrote (`standing`, as the server stored it) by T0.

    With `disarming` (`core.writes.deadman`) the same patch disarms the dead-man.
    """
    return Write(
        name=WriteName.RESTORE,
        title=f"put the old template back into rollout {target}",
        target=target,
        operations=(
            same_object(uid),
            template_is(standing),
            {"op": "replace", "path": "/spec/template", "value": before},
            *disarming,
        ),
        proof=template_stands(before),
        occasion="and disarm" if disarming else "",
    )
