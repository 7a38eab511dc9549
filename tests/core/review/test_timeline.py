"""Folding a record: the timeline, the exposure, the evidence."""

from typing import Any

from cutover.core.engine.record_facts import Fact, FactKind, RecordedFact
from cutover.core.review.report import EvidenceLine, Exposure
from cutover.core.review.timeline import evidence, exposure, timeline

BEGAN = 1_780_000_000.0


def at(elapsed: float, kind: FactKind, **data: Any) -> RecordedFact:
    return RecordedFact(Fact(kind, kind.value, data), BEGAN + elapsed, elapsed)


def pod(elapsed: float, name: str, *, ready: bool) -> RecordedFact:
    return at(elapsed, FactKind.POD, pod=name, ready=ready)


def piece(kind: str, about: str, text: str = "", missed: str = "") -> RecordedFact:
    data = {"kind": kind, "about": about, "container": "app", "text": text, "missed": missed}
    return RecordedFact(Fact(FactKind.EVIDENCE, "evidence", data), BEGAN + 1, 1.0)


def test_the_timeline_has_the_first_of_each_kind_in_the_order_of_events() -> None:
    facts = (at(1, FactKind.WRITTEN), at(2, FactKind.ADOPTED), at(5, FactKind.PROVEN), at(6, FactKind.PROVEN))
    assert timeline(facts) == {"written": BEGAN + 1, "adopted": BEGAN + 2, "proven": BEGAN + 5}
    assert list(timeline(facts)) == ["written", "adopted", "proven"]


def test_a_suspicion_that_was_cleared_is_not_the_first_bad_signal() -> None:
    false_alarm = at(2, FactKind.SUSPECTED, code="relapse", subject="p-1")
    cleared = at(3, FactKind.CLEARED, code="relapse", subject="p-1")
    real = at(4, FactKind.SUSPECTED, code="deadline", subject="p-2")
    assert timeline((false_alarm, cleared)) == {}
    assert timeline((false_alarm, cleared, real)) == {"firstBadSignal": BEGAN + 4}


def test_exposure_adds_up_the_time_in_which_canary_pods_were_ready() -> None:
    facts = (
        pod(1, "p-1", ready=False),
        pod(2, "p-1", ready=True),
        pod(4, "p-2", ready=True),
        pod(5, "p-1", ready=False),
        at(9, FactKind.ENDED),
    )
    assert exposure(facts) == Exposure(pods=2, seconds=3.0 + 5.0)


def test_a_pod_that_says_twice_that_it_is_ready_is_counted_once() -> None:
    facts = (pod(2, "p-1", ready=True), pod(3, "p-1", ready=True), at(4, FactKind.ENDED))
    assert exposure(facts) == Exposure(pods=1, seconds=2.0)


def test_nobody_was_exposed_where_no_pod_was_ready() -> None:
    assert exposure(()) == exposure((pod(1, "p-1", ready=False), at(9, FactKind.ENDED))) == Exposure()


def test_pods_that_gave_the_same_evidence_are_told_together_and_what_says_most_comes_first() -> None:
    facts = (piece("events", "p-1", "Warning"), piece("readyz", "p-1", "503"), piece("readyz", "p-2", "503"))
    assert evidence(facts) == (
        EvidenceLine("readyz", ("p-1", "p-2"), "app", "503", ""),
        EvidenceLine("events", ("p-1",), "app", "Warning", ""),
    )


def test_a_later_answer_replaces_an_earlier_one_but_a_miss_does_not() -> None:
    facts = (piece("log", "p-1", "early"), piece("log", "p-1", "late"), piece("log", "p-1", missed="too late"))
    assert evidence(facts) == (EvidenceLine("log", ("p-1",), "app", "late", ""),)
