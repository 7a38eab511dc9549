"""What the dead-man of a run covers, and what it does not, for the controller that runs here.

Sources: argo-rollouts v1.10.1 `utils/conditions/conditions.go` (`RolloutProgressing`, `RolloutTimedOut`),
`rollout/sync.go` (`isIndefiniteStep`, `evaluateProgressDeadlineAbort`), issues #3765, #4626, #4764.
"""

import re
from typing import Final

from cutover.core.objects.read_results import Unreadable
from cutover.core.writes.run_annotations import ArmedMark

Version = tuple[int, int, int]

_HOLES: Final = (
    "not in pause, analysis and experiment steps: its clock stands still there",
    "not a canary that flaps: any pod that becomes Ready, stable's too, starts its clock anew",
    "the plan's values stay in the spec when it has aborted: `cutover resume` puts the old ones back",
)
_SUBSETS: Final = "not a canary behind an Istio subset that is never Ready: its deadline is never looked at there"
_LATE: Final = "one reconcile late, with this version, and also on a rollout that is over"
_ALL_HOLES: Final = (_SUBSETS, _LATE)
_SUBSET_VERSIONS: Final = (((1, 8, 0), (1, 8, 2)), ((1, 9, 0), (99, 0, 0)))
"""Without an end: the mending of #4626 was not released when this was written."""

_LATE_UNTIL: Final = (1, 9, 99)


def coverage_of_deadman(armed: tuple[ArmedMark, ...], controller: str | Unreadable) -> tuple[str, ...]:
    """Sentences about the dead-man of a run; none for a run that armed none. `controller` is its image's tag."""
    return tuple(
        sentence
        for mark in armed
        for sentence in (
            f"armed for {mark.seconds} s: should cutover die, the controller aborts a canary without progress",
            *_HOLES,
            *_of_version(controller),
        )
    )


def _of_version(controller: str | Unreadable) -> tuple[str, ...]:
    version = _version(controller) if isinstance(controller, str) else ()
    if not version:
        why = controller.reason if isinstance(controller, Unreadable) else f"its image's tag is {controller!r}"
        return (f"the controller's version is not known ({why}); of some versions it is also true:", *_ALL_HOLES)
    subsets = (_SUBSETS,) if any(low <= version <= high for low, high in _SUBSET_VERSIONS) else ()
    late = (_LATE,) if version <= _LATE_UNTIL else ()
    return (f"the controller is {controller}", *subsets, *late)


def _version(tag: str) -> Version | tuple[()]:
    found = re.match(r"v?(\d+)\.(\d+)\.(\d+)", tag)
    return (int(found[1]), int(found[2]), int(found[3])) if found else ()
