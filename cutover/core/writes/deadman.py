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


def arming(rollout: RolloutView, armed: tuple[ArmedMark, ...]) -> tuple[Operation, ...]:
    """Return the operations that set both fields; they are refused unless the fields still hold what was noted."""
    seen = ((SECONDS, rollout.written_deadline), (ABORT, rollout.written_deadline_abort))
    guards = (test(path, value) for path, values in seen for value in values)
    added = ((SECONDS, mark.seconds) for mark in armed)
    return (*guards, *(_set(*pair) for pair in added), *(_set(ABORT, value=True) for _ in armed)) if armed else ()


def is_armed(rollout: RolloutView, armed: tuple[ArmedMark, ...]) -> bool:
    """Tell whether any field still holds what the run armed."""
    return bool(disarming(rollout, armed))


def disarming(rollout: RolloutView, armed: tuple[ArmedMark, ...]) -> tuple[Operation, ...]:
    """Return the operations that restore each field that still holds the armed value; other values are not touched."""
    return tuple(
        operation
        for mark in armed
        for path, now, value, before in (
            (SECONDS, rollout.written_deadline, mark.seconds, mark.previous_seconds),
            (ABORT, rollout.written_deadline_abort, True, mark.previous_abort),
        )
        if now == (value,) and before != (value,)
        for operation in (test(path, value), _back(path, before))
    )


def disarm_write(target: Target, rollout: RolloutView, armed: tuple[ArmedMark, ...]) -> Write:
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


def _back(path: str, before: tuple[Any, ...]) -> Operation:
    return _set(path, before[0]) if before else {"op": "remove", "path": path}
