"""The write with which a process takes over the run of a dead one: its own name in the marks."""

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
