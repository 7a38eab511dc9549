"""The write that notes in the marks that the run has passed its point of no return."""

from cutover.core.base.target import Target
from cutover.core.writes import run_annotations
from cutover.core.writes.guards import annotation, same_object
from cutover.core.writes.write import Write, WriteName


def no_return_write(target: Target, uid: str, point: str) -> Write:
    """Return the patch that notes that the point of no return was passed: then nothing automatic goes back."""
    place = annotation(run_annotations.PASSED)
    return Write(
        name=WriteName.NO_RETURN,
        title=f"note that rollout {target} is past its point of no return",
        target=target,
        operations=(same_object(uid), {"op": "add", "path": place, "value": point}),
        proof=lambda stored: run_annotations.PASSED in stored.meta.annotations,
    )
