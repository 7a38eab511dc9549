"""Folding a record: the timeline, the exposure, the evidence."""

from cutover.core.engine.facts import (
    Adopted,
    Cleared,
    EvidenceNoted,
    Fact,
    Note,
    PodChanged,
    Proven,
    RecordedFact,
    Suspected,
    Written,
)
from cutover.core.engine.observation import Evidence, EvidenceKind
from cutover.core.review.report import EvidenceLine, Exposure
from cutover.core.review.timeline import evidence, exposure, timeline

BEGAN = 1_780_000_000.0


def at(elapsed: float, fact: Fact) -> RecordedFact:
    return RecordedFact(fact, BEGAN + elapsed, elapsed)


def pod(elapsed: float, name: str, *, ready: bool) -> RecordedFact:
    return at(elapsed, PodChanged("pod", name, ready, "state", 0))


def piece(kind: EvidenceKind, about: str, text: str = "", missed: str = "") -> RecordedFact:
    return at(1, EvidenceNoted("evidence", Evidence(kind, about, "app", text, missed)))


def test_the_timeline_has_the_first_of_each_kind_in_the_order_of_events() -> None:
    facts = (at(1, Written("w", 2)), at(2, Adopted("a", "h1")), at(5, Proven("p")), at(6, Proven("p")))
    assert timeline(facts) == {"written": BEGAN + 1, "adopted": BEGAN + 2, "proven": BEGAN + 5}
    assert list(timeline(facts)) == ["written", "adopted", "proven"]


def test_a_suspicion_that_was_cleared_is_not_the_first_bad_signal() -> None:
    false_alarm = at(2, Suspected("s", "relapse", "p-1"))
    cleared = at(3, Cleared("s", "relapse", "p-1"))
    real = at(4, Suspected("s", "deadline", "p-2"))
    assert timeline((false_alarm, cleared)) == {}
    assert timeline((false_alarm, cleared, real)) == {"firstBadSignal": BEGAN + 4}


def test_exposure_adds_up_the_time_in_which_canary_pods_were_ready() -> None:
    facts = (
        pod(1, "p-1", ready=False),
        pod(2, "p-1", ready=True),
        pod(4, "p-2", ready=True),
        pod(5, "p-1", ready=False),
        at(9, Note("the last")),
    )
    assert exposure(facts) == Exposure(pods=2, seconds=3.0 + 5.0)


def test_a_pod_that_says_twice_that_it_is_ready_is_counted_once() -> None:
    facts = (pod(2, "p-1", ready=True), pod(3, "p-1", ready=True), at(4, Note("the last")))
    assert exposure(facts) == Exposure(pods=1, seconds=2.0)


def test_nobody_was_exposed_where_no_pod_was_ready() -> None:
    assert exposure(()) == exposure((pod(1, "p-1", ready=False), at(9, Note("the last")))) == Exposure()


def test_pods_that_gave_the_same_evidence_are_told_together_and_what_says_most_comes_first() -> None:
    facts = (
        piece(EvidenceKind.EVENTS, "p-1", "Warning"),
        piece(EvidenceKind.READYZ, "p-1", "503"),
        piece(EvidenceKind.READYZ, "p-2", "503"),
    )
    assert evidence(facts) == (
        EvidenceLine(EvidenceKind.READYZ, ("p-1", "p-2"), "app", "503", ""),
        EvidenceLine(EvidenceKind.EVENTS, ("p-1",), "app", "Warning", ""),
    )


def test_a_later_answer_replaces_an_earlier_one_but_a_miss_does_not() -> None:
    facts = (
        piece(EvidenceKind.LOG, "p-1", "early"),
        piece(EvidenceKind.LOG, "p-1", "late"),
        piece(EvidenceKind.LOG, "p-1", missed="too late"),
    )
    assert evidence(facts) == (EvidenceLine(EvidenceKind.LOG, ("p-1",), "app", "late", ""),)
