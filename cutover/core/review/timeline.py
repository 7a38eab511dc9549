"""Makes the report's timeline, exposure and evidence from the facts of a run."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from cutover.core.engine.facts import (
    Aborted,
    Adopted,
    Cleared,
    Decided,
    EvidenceNoted,
    Fact,
    PodChanged,
    Promoted,
    Proven,
    RecordedFact,
    Restored,
    Suspected,
    Written,
)
from cutover.core.engine.observation import EvidenceKind
from cutover.core.review.report import EvidenceLine, Exposure

TIMELINE: Final[Mapping[str, type[Fact]]] = MappingProxyType(
    {
        "written": Written,
        "adopted": Adopted,
        "firstBadSignal": Suspected,
        "decided": Decided,
        "aborted": Aborted,
        "restored": Restored,
        "promoted": Promoted,
        "proven": Proven,
    }
)
"""The entries of the report's timeline, each with a type of fact: the first fact of that type gives the time."""


def timeline(facts: tuple[RecordedFact, ...]) -> dict[str, float]:
    """Return when each entry first happened, in seconds since the epoch, in the order in which they happened."""
    moments: dict[str, float] = {}
    for recorded in _without_false_alarms(facts):
        for name, kind in TIMELINE.items():
            if isinstance(recorded.fact, kind):
                moments.setdefault(name, recorded.utc)
    return moments


def _without_false_alarms(facts: tuple[RecordedFact, ...]) -> tuple[RecordedFact, ...]:
    """Return the facts without suspicions that were cleared afterwards."""
    cleared = {_about(r.fact): r.elapsed for r in facts if isinstance(r.fact, Cleared)}
    return tuple(r for r in facts if not isinstance(r.fact, Suspected) or r.elapsed > cleared.get(_about(r.fact), -1.0))


def _about(fact: Suspected | Cleared) -> tuple[str, str]:
    return (fact.code, fact.subject)


def exposure(facts: tuple[RecordedFact, ...]) -> Exposure:
    """Return how many canary pods were Ready, and for how many seconds in all, up to the record's end."""
    since: dict[str, float] = {}
    seconds, ready = 0.0, set[str]()
    for recorded in facts:
        fact = recorded.fact
        if isinstance(fact, PodChanged):
            seconds += max(0.0, recorded.elapsed - since.pop(fact.pod, recorded.elapsed))
            if fact.ready:
                since[fact.pod] = recorded.elapsed
                ready.add(fact.pod)
    end = facts[-1].elapsed if facts else 0.0
    return Exposure(len(ready), seconds + sum(end - began for began in since.values()))


def evidence(facts: tuple[RecordedFact, ...]) -> tuple[EvidenceLine, ...]:
    """Return the newest answer to each question for evidence; pods that gave the same answer share a line."""
    newest: dict[tuple[EvidenceKind, str, str], tuple[str, str]] = {}
    for recorded in facts:
        if isinstance(recorded.fact, EvidenceNoted):
            piece = recorded.fact.evidence
            key = (piece.kind, piece.about, piece.container)
            if piece.text or key not in newest:
                newest[key] = (piece.text, piece.missed)
    return _together(newest)


def _together(pieces: Mapping[tuple[EvidenceKind, str, str], tuple[str, str]]) -> tuple[EvidenceLine, ...]:
    groups: dict[tuple[EvidenceKind, str, str, str], list[str]] = {}
    for (kind, about, container), (text, missed) in pieces.items():
        groups.setdefault((kind, container, text, missed), []).append(about)
    lines = (EvidenceLine(kind, tuple(about), *rest) for (kind, *rest), about in groups.items())
    return tuple(sorted(lines, key=lambda line: _ORDER.index(line.kind)))


_ORDER: Final = (EvidenceKind.READYZ, EvidenceKind.LOG, EvidenceKind.PREVIOUS_LOG, EvidenceKind.EVENTS)
"""The order of the evidence in a report: the kind that explains most comes first."""
