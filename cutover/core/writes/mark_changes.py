"""The writes of a run's marks outside of the cutover: claim a dead run, note the point of no return, remove marks."""

from cutover.core.base.documents import Operation
from cutover.core.base.target import Target
from cutover.core.objects.rollout import RolloutView
from cutover.core.writes import run_annotations
from cutover.core.writes.guards import annotation, same_object, test
from cutover.core.writes.write import Write, WriteName


def claim_write(target: Target, rollout: RolloutView, owner: str) -> Write:
    """Return the patch that makes `owner` the owner of the run; refused where another process was quicker."""
    before = rollout.meta.annotations.get(run_annotations.OWNER, "")
    place = annotation(run_annotations.OWNER)
    guards = (test(place, before),) if before else ()
    return Write(
        name=WriteName.CLAIM,
        title=f"take over run {rollout.meta.annotations.get(run_annotations.RUN, '')} of rollout {target}",
        target=target,
        operations=(same_object(rollout.meta.uid), *guards, {"op": "add", "path": place, "value": owner}),
        proof=lambda stored: stored.meta.annotations.get(run_annotations.OWNER) == owner,
    )


def pass_write(target: Target, uid: str, point: str) -> Write:
    """Return the patch that notes that the point of no return was passed: then nothing automatic goes back."""
    place = annotation(run_annotations.PASSED)
    return Write(
        name=WriteName.NO_RETURN,
        title=f"note that rollout {target} is past its point of no return",
        target=target,
        operations=(same_object(uid), {"op": "add", "path": place, "value": point}),
        proof=lambda stored: run_annotations.PASSED in stored.meta.annotations,
    )


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
