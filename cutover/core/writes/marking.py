"""The marks of a run, apart from its cutover: taking a dead run over, passing its point of no return, its end."""

from cutover.core.base.documents import Operation
from cutover.core.base.target import Target
from cutover.core.objects.rollout import RolloutView
from cutover.core.writes import run_annotations
from cutover.core.writes.guards import annotation, same_object, test
from cutover.core.writes.write import Write, WriteName


def claim_write(target: Target, rollout: RolloutView, owner: str) -> Write:
    """From here on only `owner` writes for the run; refused where somebody else was quicker."""
    before = rollout.meta.annotations.get(run_annotations.OWNER, "")
    place = annotation(run_annotations.OWNER)
    guards = (test(place, before),) if before else ()
    return Write(
        name=WriteName.CLAIM,
        title=f"take over run {rollout.meta.annotations.get(run_annotations.RUN, '')} of rollout {target}",
        target=target,
        operations=(same_object(rollout.meta.uid), *guards, {"op": "add", "path": place, "value": owner}),
        proof=lambda found: found.meta.annotations.get(run_annotations.OWNER) == owner,
    )


def pass_write(target: Target, uid: str, point: str) -> Write:
    """Note that the point of no return was passed: from here on nothing automatic points back."""
    place = annotation(run_annotations.PASSED)
    return Write(
        name=WriteName.NO_RETURN,
        title=f"note that rollout {target} is past its point of no return",
        target=target,
        operations=(same_object(uid), {"op": "add", "path": place, "value": point}),
        proof=lambda found: run_annotations.PASSED in found.meta.annotations,
    )


def unmark_write(target: Target, rollout: RolloutView, *disarming: Operation) -> Write:
    """Take the run's marks away: it is over. With `disarming` (`core.writes.arming`) its dead-man goes, too."""
    there = [name for name in run_annotations.ALL if name in rollout.meta.annotations]
    removed = ({"op": "remove", "path": annotation(name)} for name in there)
    return Write(
        name=WriteName.UNMARK,
        title=f"take the run's marks off rollout {target}",
        target=target,
        operations=(same_object(rollout.meta.uid), *disarming, *removed),
        proof=lambda found: not any(name in found.meta.annotations for name in run_annotations.ALL),
    )
