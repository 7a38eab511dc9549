"""The write that takes the marks of a finished run off its Rollout."""

from cutover.core.base.documents import Operation
from cutover.core.base.target import Target
from cutover.core.objects.rollout import RolloutView
from cutover.core.writes import run_annotations
from cutover.core.writes.guards import annotation, same_object
from cutover.core.writes.write import Write, WriteName


def unmark_write(target: Target, rollout: RolloutView, *disarming: Operation) -> Write:
    """Return the patch that removes the marks of a finished run, and with `disarming` its dead-man too."""
    there = [name for name in run_annotations.ALL if name in rollout.meta.annotations]
    removed = ({"op": "remove", "path": annotation(name)} for name in there)
    return Write(
        name=WriteName.UNMARK,
        title=f"take the run's marks off rollout {target}",
        target=target,
        operations=(same_object(rollout.meta.uid), *disarming, *removed),
        proof=lambda stored: not any(name in stored.meta.annotations for name in run_annotations.ALL),
    )
