"""Makes the report's timeline, exposure and evidence from the facts of a run."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from cutover.core.engine.observation import EvidenceKind
from cutover.core.engine.record_facts import FactKind, RecordedFact
from cutover.core.review.report import EvidenceLine, Exposure

TIMELINE: Final[Mapping[str, FactKind]] = MappingProxyType(
    {
        "written": FactKind.WRITTEN,
        "adopted": FactKind.ADOPTED,
        "firstBadSignal": FactKind.SUSPECTED,
        "decided": FactKind.DECIDED,
        "aborted": FactKind.ABORTED,
        "restored": FactKind.RESTORED,
        "promoted": FactKind.PROMOTED,
        "proven": FactKind.PROVEN,
    }
)
"""The entries of the report's timeline, each with a kind of fact: the first fact of that kind gives the time."""


def timeline(facts: tuple[RecordedFact, ...]) -> dict[str, float]:
    """Return when each entry first happened, in seconds since the epoch, in the order in which they happened."""
    moments: dict[str, float] = {}
    for recorded in _without_false_alarms(facts):
        for name, kind in TIMELINE.items():
            if recorded.fact.kind is kind:
                moments.setdefault(name, recorded.utc)
    return moments


def _without_false_alarms(facts: tuple[RecordedFact, ...]) -> tuple[RecordedFact, ...]:
    """Return the facts without suspicions that were cleared afterwards."""
    cleared = {
        (r.fact.data["code"], r.fact.data["subject"]): r.elapsed for r in facts if r.fact.kind is FactKind.CLEARED
    }
    return tuple(r for r in facts if r.fact.kind is not FactKind.SUSPECTED or r.elapsed > cleared.get(_about(r), -1.0))


def _about(recorded: RecordedFact) -> tuple[str, str]:
    return (recorded.fact.data["code"], recorded.fact.data["subject"])


def exposure(facts: tuple[RecordedFact, ...]) -> Exposure:
    """Return how many canary pods were Ready, and for how many seconds in all, up to the record's end."""
    since: dict[str, float] = {}
    seconds, ready = 0.0, set[str]()
    for recorded in facts:
        if recorded.fact.kind is FactKind.POD:
            pod = str(recorded.fact.data["pod"])
            seconds += max(0.0, recorded.elapsed - since.pop(pod, recorded.elapsed))
            if recorded.fact.data["ready"]:
                since[pod] = recorded.elapsed
                ready.add(pod)
    end = facts[-1].elapsed if facts else 0.0
    return Exposure(len(ready), seconds + sum(end - began for began in since.values()))


def evidence(facts: tuple[RecordedFact, ...]) -> tuple[EvidenceLine, ...]:
    """Return the newest answer to each question for evidence; pods that gave the same answer share a line."""
    newest: dict[tuple[str, str, str], tuple[str, str]] = {}
    for recorded in facts:
        if recorded.fact.kind is FactKind.EVIDENCE:
            data = recorded.fact.data
            key = (data["kind"], data["about"], data["container"])
            if data["text"] or key not in newest:
                newest[key] = (data["text"], data["missed"])
    return _together(newest)


def _together(pieces: Mapping[tuple[str, str, str], tuple[str, str]]) -> tuple[EvidenceLine, ...]:
    groups: dict[tuple[str, str, str, str], list[str]] = {}
    for (kind, about, container), (text, missed) in pieces.items():
        groups.setdefault((kind, container, text, missed), []).append(about)
    lines = (EvidenceLine(kind, tuple(about), *rest) for (kind, *rest), about in groups.items())
    return tuple(sorted(lines, key=lambda line: _ORDER.index(line.kind)))


_ORDER: Final = [
    kind.value for kind in (EvidenceKind.READYZ, EvidenceKind.LOG, EvidenceKind.PREVIOUS_LOG, EvidenceKind.EVENTS)
]
"""The order of the evidence in a report: the kind that explains most comes first."""
