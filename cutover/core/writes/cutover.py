"""The cutover itself: one patch that holds the named edits and nothing else."""

from typing import Any

from cutover.core.edit import Edits
from cutover.core.views.fields import Json
from cutover.core.views.rollout import RolloutView
from cutover.core.world import Target
from cutover.core.writes.guards import revision_is, same_object, stable_is, template_is, test
from cutover.core.writes.write import Write, WriteName


def cutover_write(target: Target, rollout: RolloutView, edits: Edits) -> Write:
    """The guarded patch that turns T0 into T1, refused unless the Rollout is exactly as it was reviewed."""
    status = rollout.status
    guards = (
        same_object(rollout.meta.uid),
        template_is(rollout.template),
        test("/spec/strategy", rollout.strategy),
        stable_is(status.stable_rs),
        revision_is(status.current_pod_hash),
    )
    return Write(
        name=WriteName.CUTOVER,
        title=f"write {_count(edits)} to the template of rollout {target}",
        target=target,
        operations=(*guards, *edits.operations),
        proof=template_stands(edits.after),
    )


def template_stands(template: Json) -> Any:
    """The proof that the spec holds exactly this template."""
    return lambda rollout: rollout.template == template


def _count(edits: Edits) -> str:
    number = len(edits.edits)
    return f"{number} edit" if number == 1 else f"{number} edits"
