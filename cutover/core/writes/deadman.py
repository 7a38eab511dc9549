"""The operations that arm and disarm the dead-man: Argo's progress deadline, which aborts if nobody else can.

`progressDeadlineAbort` makes the controller abort by itself (argo-rollouts v1.10.1 `rollout/sync.go`); neither field is
part of the pod template, so arming and disarming make no new revision (seen on the real controller).
"""

from typing import Any, Final

from cutover.core.base.documents import Operation
from cutover.core.base.target import Target
from cutover.core.objects.rollout import RolloutView
from cutover.core.writes.guards import same_object, test
from cutover.core.writes.run_annotations import ArmedMark
from cutover.core.writes.write import Write, WriteName

SECONDS: Final = "/spec/progressDeadlineSeconds"
ABORT: Final = "/spec/progressDeadlineAbort"


def armed_mark(seconds: int, rollout: RolloutView) -> ArmedMark:
    """Return the mark that a run writes before it arms the dead-man on this Rollout."""
    return ArmedMark(seconds, rollout.written_deadline, rollout.written_deadline_abort)


def arming(rollout: RolloutView, armed: ArmedMark | None) -> tuple[Operation, ...]:
    """Return the operations that set both fields; they are refused unless the fields still hold what was noted."""
    if armed is None:
        return ()
    seen = ((SECONDS, rollout.written_deadline), (ABORT, rollout.written_deadline_abort))
    guards = (test(path, value) for path, value in seen if value is not None)
    return (*guards, _set(SECONDS, armed.seconds), _set(ABORT, value=True))


def is_armed(rollout: RolloutView, armed: ArmedMark | None) -> bool:
    """Tell whether any field still holds what the run armed."""
    return bool(disarming(rollout, armed))


def disarming(rollout: RolloutView, armed: ArmedMark | None) -> tuple[Operation, ...]:
    """Return the operations that restore each field that still holds the armed value; other values are not touched."""
    if armed is None:
        return ()
    fields = (
        (SECONDS, rollout.written_deadline, armed.seconds, armed.previous_seconds),
        (ABORT, rollout.written_deadline_abort, True, armed.previous_abort),
    )
    return tuple(
        operation
        for path, now, value, before in fields
        if now == value != before
        for operation in (test(path, value), _back(path, before))
    )


def disarm_write(target: Target, rollout: RolloutView, armed: ArmedMark | None) -> Write:
    """Return the write that only disarms the dead-man, once the canary is proven or promoted."""
    return Write(
        name=WriteName.DISARM,
        title=f"put the progress deadline of rollout {target} back",
        target=target,
        operations=(same_object(rollout.meta.uid), *disarming(rollout, armed)),
        proof=lambda stored: not is_armed(stored, armed),
    )


def _set(path: str, value: Any) -> Operation:
    return {"op": "add", "path": path, "value": value}


def _back(path: str, before: int | bool | None) -> Operation:  # noqa: FBT001 -- the value of a field
    return {"op": "remove", "path": path} if before is None else _set(path, before)
