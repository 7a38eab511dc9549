"""Which classes of bad cutovers a run can notice, and by what.

The classes are those of every plan's page and report: a run is never called safe on readiness alone.
"""

from enum import StrEnum
from typing import Final

from cutover.core.base.documents import Json, at, mapping, objects
from cutover.core.base.frozen import frozen
from cutover.core.podtemplate.probes import Probe


class Covered(StrEnum):
    """How well a class is covered."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


@frozen
class Coverage:
    """One class: its letter, what goes wrong in it, whether the run would notice, and by what (or why not)."""

    letter: str
    title: str
    covered: Covered
    by: str

    @property
    def document(self) -> dict[str, str]:
        """The row as every JSON document has it."""
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
    """The classes A to I for a run, in order, by the Rollout's strategy and the changed containers' probes."""
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
