"""Which classes of bad cutovers a run can notice and by what, and what its dead-man covers.

Every diff and every report shows the classes: a run is never called safe on readiness alone.
"""

from enum import StrEnum
from typing import Final

from cutover.core.base.cluster_text import Words, sentence
from cutover.core.base.documents import Json, at, mapping, objects
from cutover.core.base.frozen import frozen
from cutover.core.checks.versions import release_of
from cutover.core.objects.read_results import ReadFailed
from cutover.core.podtemplate.probes import Probe
from cutover.core.writes.run_annotations import ArmedMark


class Covered(StrEnum):
    """How much of a class a run notices."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


@frozen
class Coverage:
    """One class: its letter, what goes wrong, whether the run would notice, and by what (or why not)."""

    letter: str
    title: str
    covered: Covered
    by: str

    @property
    def document(self) -> dict[str, str]:
        """Return the row as each JSON document spells it: `class`, `title`, `covered`, `by`."""
        return {"class": self.letter, "title": self.title, "covered": self.covered.value, "by": self.by}


_UNCHANGING: Final = (
    Coverage("A", "the application cannot start", Covered.YES, "the kubelet's container states and exit codes"),
    Coverage("C", "it works, but on the wrong target", Covered.NO, "nothing asks the target who it is"),
    Coverage("D", "reads work, writes fail", Covered.NO, "nothing writes to the target before users do"),
    Coverage("F", "both sides work and their data diverge", Covered.NO, "no probe can see it"),
    Coverage(
        "I",
        "other consumers stay on the old target",
        Covered.PARTLY,
        "those in the namespace are named before the run (C052); those elsewhere are not looked at",
    ),
)


def coverage_of(strategy: Json, probes: tuple[Probe, ...]) -> tuple[Coverage, ...]:
    """Return the classes A to I in order, judged by the Rollout's strategy and the changed containers' probes."""
    gated = _is_gated(strategy)
    by_gate = "the Rollout's own analysis" if gated else "no analysis or gate judges the answers that users get"
    rows = (
        *_UNCHANGING,
        _readiness(probes),
        *(_by_gate(letter, title, by_gate, gated) for letter, title in _GATED),
        _H,
    )
    return tuple(sorted(rows, key=lambda row: row.letter))


def _is_gated(strategy: Json) -> bool:
    """Whether an analysis runs, in the background or as a step."""
    canary = mapping(strategy, "canary")
    return any(at(part, "analysis") is not None for part in (canary, *objects(canary, "steps")))


_GATED: Final = (("E", "it works for one pod and fails at scale"), ("G", "it answers, and users are broken"))
_H: Final = Coverage(
    "H",
    "the repoint did not happen",
    Covered.PARTLY,
    "the new ReplicaSet carries the values; no pod was asked what it uses",
)


def _by_gate(letter: str, title: str, by: str, gated: bool) -> Coverage:  # noqa: FBT001 -- a table's column
    return Coverage(letter, title, Covered.PARTLY if gated else Covered.NO, by)


def _readiness(probes: tuple[Probe, ...]) -> Coverage:
    paths = ", ".join(sorted(probe.path for probe in probes if probe.port))
    by = f"the readiness probe ({paths}), as far as it really asks the target" if paths else "the readiness probe"
    return Coverage("B", "it starts and cannot reach or authenticate", Covered.PARTLY, by)


# -- what the dead-man covers ------------------------------------------------------------------------------------------


_HOLES: Final = (
    "not in pause, analysis and experiment steps: its clock stands still there",
    "not a canary that flaps: any pod that becomes Ready, stable's too, starts its clock anew",
    "the plan's values stay in the spec when it has aborted: `cutover resume` puts the old ones back",
)
_SUBSETS: Final = "not a canary behind an Istio subset that is never Ready: its deadline is never looked at there"
_LATE: Final = "one reconcile late, with this version, and also on a rollout that is over"
_ALL_HOLES: Final = (_SUBSETS, _LATE)
_SUBSET_VERSIONS: Final = (((1, 8, 0), (1, 8, 2)), ((1, 9, 0), (99, 0, 0)))
"""The versions with this defect, each range with both ends. The last has none yet: the fix of #4626 was not released
when this was written.
"""

_LATE_UNTIL: Final = (1, 9, 99)


def coverage_of_deadman(armed: ArmedMark | None, controller: str | ReadFailed) -> tuple[Words, ...]:
    """Return sentences on what the dead-man covers and what it does not; none for a run that armed none.

    `controller` is the tag of the controller's image. Sources: argo-rollouts v1.10.1 `utils/conditions/conditions.go`
    (`RolloutProgressing`, `RolloutTimedOut`), `rollout/sync.go` (`isIndefiniteStep`, `evaluateProgressDeadlineAbort`),
    issues #3765, #4626, #4764.
    """
    if armed is None:
        return ()
    first = f"armed for {armed.seconds} s: should cutover die, the controller aborts a canary without progress"
    return (first, *_HOLES, *_of_version(controller))


def _of_version(controller: str | ReadFailed) -> tuple[Words, ...]:
    version = release_of(controller) if isinstance(controller, str) else None
    if version is None:
        why = controller.reason if isinstance(controller, ReadFailed) else f"its image's tag is {controller!r}"
        unknown = sentence("the controller's version is not known (", why, "); of some versions it is also true:")
        return (unknown, *_ALL_HOLES)
    subsets = (_SUBSETS,) if any(low <= version <= high for low, high in _SUBSET_VERSIONS) else ()
    late = (_LATE,) if version <= _LATE_UNTIL else ()
    return (f"the controller is {controller}", *subsets, *late)
