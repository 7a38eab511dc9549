"""The record: redacted before anybody sees it, in order, whoever listens and however many add to it."""

import time
from threading import Thread
from typing import Final

from cutover.core.base.instants import Instant
from cutover.core.base.redaction import Redactor
from cutover.core.base.secret_text import SecretText
from cutover.core.engine.record_facts import Fact, FactKind, RecordedFact
from cutover.runtime.record import Record
from tests.runtime.ports import BEGAN, MovedClock

PLANTED: Final = "planted-pass-9"
KEY: Final = b"k" * 32


def record_of(*listeners: list[RecordedFact]) -> tuple[Record, MovedClock]:
    clock = MovedClock()
    redactor = Redactor(KEY).knowing([SecretText(PLANTED)])
    return Record(redactor, clock, BEGAN, tuple(heard.append for heard in listeners)), clock


def test_text_and_data_are_redacted_before_a_listener_has_them() -> None:
    heard: list[RecordedFact] = []
    record, _ = record_of(heard)
    record.add(Fact(FactKind.NOTE, f"saw {PLANTED}", {"why": {"deep": [f"it is {PLANTED}"]}}))
    (fact,) = heard
    assert fact.fact.text.startswith("saw <masked-")
    assert PLANTED not in repr((heard, record.facts))


def test_a_fact_carries_the_moment_and_how_long_the_run_lasts() -> None:
    record, clock = record_of()
    clock.now = Instant(BEGAN.mono + 2.5, BEGAN.utc + 2.6)
    record.add(Fact(FactKind.NOTE, "now"))
    assert [(each.utc, each.elapsed) for each in record.facts] == [(BEGAN.utc + 2.6, 2.5)]
    assert record.began == BEGAN.utc


def test_who_comes_later_is_told_all_from_the_beginning_in_order() -> None:
    record, _ = record_of()
    for number in range(3):
        record.add(Fact(FactKind.NOTE, str(number)))
    heard: list[RecordedFact] = []
    record.listen(heard.append)
    record.add(Fact(FactKind.NOTE, "3"))
    assert [each.fact.text for each in heard] == ["0", "1", "2", "3"]
    assert record.facts == tuple(heard)


def test_from_when_the_secrets_are_known_they_are_masked() -> None:
    record, _ = record_of()
    record.add(Fact(FactKind.NOTE, "other-secret-7"))
    record.knows(Redactor(KEY).knowing([SecretText("other-secret-7")]))
    record.add(Fact(FactKind.NOTE, "other-secret-7"))
    first, second = (each.fact.text for each in record.facts)
    assert first == "other-secret-7"
    assert second.startswith("<masked-")
    assert record.clean("x other-secret-7").startswith("x <masked-")


def test_every_listener_hears_the_facts_of_many_threads_in_one_order() -> None:
    heard: list[RecordedFact] = []
    record, _ = record_of()

    def hear_slowly(recorded: RecordedFact) -> None:
        time.sleep(0.0002)
        heard.append(recorded)

    def add(thread: int) -> None:
        for number in range(50):
            record.add(Fact(FactKind.NOTE, f"{thread}.{number}"))

    record.listen(hear_slowly)

    threads = [Thread(target=add, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(heard) == 200
    assert heard == list(record.facts)
