"""The record: redacted before anybody sees it, in order, whoever listens and however many add to it."""

import time
from dataclasses import fields, is_dataclass
from enum import Enum
from threading import Thread
from types import UnionType
from typing import Any, Final, cast, get_args, get_origin, get_type_hints

import pytest

from cutover.core.base.cluster_text import MaskedText, Words
from cutover.core.base.instants import Instant
from cutover.core.base.redaction import Redactor
from cutover.core.base.secret_text import SecretText
from cutover.core.engine.facts import EvidenceNoted, Fact, Note, RecordedFact
from cutover.core.engine.observation import Evidence, EvidenceKind
from cutover.core.review.timeline import evidence
from cutover.runtime.record import Record
from tests.quotations import unmasked
from tests.runtime.ports import BEGAN, MovedClock

PLANTED: Final = "planted-pass-9"
KEY: Final = b"k" * 32


def record_of(*listeners: list[RecordedFact]) -> tuple[Record, MovedClock]:
    clock = MovedClock()
    redactor = Redactor(KEY).knowing([SecretText(PLANTED)])
    return Record(redactor, clock, BEGAN, tuple(heard.append for heard in listeners)), clock


def planted(hint: Any) -> Any:
    """A value of that type with the planted text wherever it can hold a sentence."""
    if hint in (Words, MaskedText):
        return f"saw {PLANTED}"
    if isinstance(hint, UnionType):
        return planted(get_args(hint)[0])
    if get_origin(hint) is tuple:
        return (planted(get_args(hint)[0]),)
    if is_dataclass(hint):
        hints = get_type_hints(hint, include_extras=True)
        return cast("Any", hint)(**{each.name: planted(hints[each.name]) for each in fields(hint)})
    if issubclass(hint, Enum):
        return next(iter(hint))
    return "word" if hint is str else hint(1)


@pytest.mark.parametrize("kind", get_args(Fact))
def test_every_text_of_every_fact_is_redacted_before_a_listener_has_it(kind: type[Fact]) -> None:
    fact, heard = planted(kind), list[RecordedFact]()
    record, _ = record_of(heard)
    record.add(fact)
    (shown,) = (each.fact for each in heard)
    tag = unmasked(shown.text).removeprefix("saw ")
    assert tag.startswith("<masked-")
    assert repr(shown) == repr(fact).replace(PLANTED, tag)
    assert PLANTED not in repr((heard, record.facts))


def test_a_word_of_ours_that_is_also_the_value_of_a_secret_is_still_that_word() -> None:
    record, _ = record_of()
    record.knows(Redactor(KEY).knowing([SecretText("events")]))
    record.add(EvidenceNoted("events of p-1", Evidence(EvidenceKind.EVENTS, "p-1", text="events")))
    (recorded,) = record.facts
    (line,) = evidence(record.facts)
    assert (line.kind, unmasked(line.text)) == (
        EvidenceKind.EVENTS,
        unmasked(recorded.fact.text).removesuffix(" of p-1"),
    )
    assert unmasked(line.text).startswith("<masked-")


def test_a_value_that_cannot_be_redacted_is_never_recorded() -> None:
    record, _ = record_of()
    with pytest.raises(TypeError):
        record.add(Note(cast("str", {"text": PLANTED})))
    assert record.facts == ()


def test_a_fact_carries_the_moment_and_how_long_the_run_lasts() -> None:
    record, clock = record_of()
    clock.now = Instant(BEGAN.mono + 2.5, BEGAN.utc + 2.6)
    record.add(Note("now"))
    assert [(each.utc, each.elapsed) for each in record.facts] == [(BEGAN.utc + 2.6, 2.5)]
    assert record.began == BEGAN.utc


def test_who_comes_later_is_told_all_from_the_beginning_in_order() -> None:
    record, _ = record_of()
    for number in range(3):
        record.add(Note(str(number)))
    heard: list[RecordedFact] = []
    record.listen(heard.append)
    record.add(Note("3"))
    assert [each.fact.text for each in heard] == ["0", "1", "2", "3"]
    assert record.facts == tuple(heard)


def test_from_when_the_secrets_are_known_they_are_masked() -> None:
    record, _ = record_of()
    record.add(Note("other-secret-7"))
    record.knows(Redactor(KEY).knowing([SecretText("other-secret-7")]))
    record.add(Note("other-secret-7"))
    first, second = (each.fact.text for each in record.facts)
    assert first == "other-secret-7"
    assert unmasked(second).startswith("<masked-")
    assert record.clean("x other-secret-7").startswith("x <masked-")


def test_every_listener_hears_the_facts_of_many_threads_in_one_order() -> None:
    heard: list[RecordedFact] = []
    record, _ = record_of()

    def hear_slowly(recorded: RecordedFact) -> None:
        time.sleep(0.0002)
        heard.append(recorded)

    def add(thread: int) -> None:
        for number in range(50):
            record.add(Note(f"{thread}.{number}"))

    record.listen(hear_slowly)

    threads = [Thread(target=add, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(heard) == 200
    assert heard == list(record.facts)
