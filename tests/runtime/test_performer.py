"""The only way to a write: announced, on the disk, sent once, recorded, told to the run."""

import json
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import SimpleQueue
from threading import Event, Thread
from typing import Final

import pytest

from cutover.adapters.journal import Journal
from cutover.adapters.kube.session import connect
from cutover.core.base.redaction import Redactor
from cutover.core.base.secret_text import SecretText
from cutover.core.engine.facts import Answered, Intent
from cutover.core.writes.write import Accepted, Answer, Refused, Unclear, Write, WriteName
from cutover.runtime import performer as performers
from cutover.runtime.performer import NOTED_WITHIN, Performer, announced
from cutover.runtime.record import Record
from tests.adapters.kube.server import ApiServer, Call, Reply, rollout_document
from tests.core.engine.stage import TARGET
from tests.quotations import unmasked
from tests.runtime.ports import MovedClock

PLANTED: Final = "planted-pass-9"
LEADS_BACK: Final = ("abort", "restore", "disarm", "verdict", "renew", "release", "unmark")
LEADS_ON: Final = sorted({name.value for name in WriteName} - set(LEADS_BACK))


def write_of(name: WriteName = WriteName.CUTOVER, *, proven: bool = False, quiet: bool = False) -> Write:
    return Write(name, f"do {name}", TARGET, ({"op": "add", "path": "/x", "value": 1},), lambda _: proven, quiet=quiet)


class Bench:
    """A performer with a real journal, and a server that answers as the test says."""

    def __init__(self, folder: Path, answer: Reply) -> None:
        self.server = ApiServer(answer)
        self.posted: SimpleQueue[Answer] = SimpleQueue()
        clock = MovedClock()
        self.record = Record(Redactor(b"k" * 32).knowing([SecretText(PLANTED)]), clock, clock())
        self.journal = Journal("session")
        self.record.listen(lambda recorded: self.journal.add({"text": recorded.fact.text}))
        session = connect(self.server.kubeconfig(folder))
        self.performer = Performer(session, self.record, self.journal, self.posted.put)

    @property
    def patches(self) -> list[str]:
        return [seen.method for seen in self.server.seen if seen.method == "PATCH"]

    def lines(self) -> list[str]:
        """What is on the disk at this moment."""
        text = self.journal.file.read_text() if self.journal.file.exists() else ""
        return [json.loads(line)["text"] for line in text.splitlines()]


Open = Callable[[Reply], Bench]


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Open]:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    opened: list[Bench] = []

    def begin(answer: Reply) -> Bench:
        opened.append(Bench(tmp_path, answer))
        return opened[-1]

    yield begin
    for each in opened:
        with each.server:
            pass


def done(call: Call) -> None:
    call.reply(200, rollout_document())


class SlowDisk:
    """A disk that does not finish a flush before it may."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.asked, self.may = Event(), Event()
        self._real = os.fsync
        monkeypatch.setattr(os, "fsync", self._fsync)

    def _fsync(self, descriptor: int) -> None:
        self.asked.set()
        self.may.wait(30)
        self._real(descriptor)


@pytest.mark.parametrize("name", LEADS_ON)
def test_nothing_that_leads_on_is_sent_before_its_intent_is_on_the_disk(
    name: str, bench: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = SlowDisk(monkeypatch)
    one = bench(done)
    work = Thread(target=one.performer.perform, args=(write_of(WriteName(name)),), daemon=True)
    work.start()
    assert disk.asked.wait(5)
    time.sleep(0.1)
    assert (one.server.seen, one.lines()) == ([], [f"do {name}"])
    disk.may.set()
    work.join(5)
    assert one.patches == ["PATCH"]


@pytest.mark.parametrize("name", LEADS_BACK)
def test_what_leads_back_waits_for_no_disk(name: str, bench: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(performers, "NOTED_WITHIN", 20.0)
    disk = SlowDisk(monkeypatch)
    one = bench(done)
    before = time.monotonic()
    assert isinstance(one.performer.perform(write_of(WriteName(name))), Accepted)
    assert time.monotonic() < before + 5
    assert disk.asked.wait(5)
    disk.may.set()


def test_a_disk_that_hangs_delays_a_write_by_two_seconds_at_most(bench: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    assert NOTED_WITHIN == 2.0
    monkeypatch.setattr(performers, "NOTED_WITHIN", 0.1)
    disk = SlowDisk(monkeypatch)
    one = bench(done)
    assert isinstance(one.performer.perform(write_of()), Accepted)
    assert one.journal.trouble == "the disk did not answer within 0.1 s"
    disk.may.set()


def refused(call: Call) -> None:
    if call.seen.method == "PATCH":
        call.refuse(403, "Forbidden", f"no, {PLANTED}")
    else:
        done(call)


def lost(call: Call) -> None:
    call.cut() if call.seen.method == "PATCH" else done(call)


ANSWERS: Final = [
    (done, False, Accepted, "do cutover: done"),
    (lost, True, Accepted, "do cutover: the answer was lost, a read shows that it is done"),
    (lost, False, Unclear, "do cutover: unclear, its answer was lost: "),
    (refused, False, Refused, "do cutover: refused (403), "),
]


@pytest.mark.parametrize(("answer", "proven", "kind", "text"), ANSWERS)
def test_each_answer_is_recorded_after_the_intent_and_returned(
    answer: Reply, proven: object, kind: type, text: str, bench: Open
) -> None:
    one = bench(answer)
    assert isinstance(one.performer.perform(write_of(proven=bool(proven))), kind)
    intent, outcome = (recorded.fact for recorded in one.record.facts)
    assert intent == Intent("do cutover", WriteName.CUTOVER, quiet=False)
    assert isinstance(outcome, Answered)
    assert unmasked(outcome.text).startswith(text)
    assert one.patches == ["PATCH"]
    assert PLANTED not in repr(one.record.facts)


@pytest.mark.parametrize("answer", [refused, lost])
def test_a_quiet_write_that_fails_or_may_have_failed_is_told_aloud(answer: Reply, bench: Open) -> None:
    one = bench(answer)
    one.performer.perform(write_of(WriteName.RENEW, quiet=True))
    facts = [recorded.fact for recorded in one.record.facts]
    assert [fact.quiet for fact in facts if isinstance(fact, Intent | Answered)] == [True, False]


def test_writes_that_are_begun_are_sent_one_after_the_other_and_nobody_waits(bench: Open) -> None:
    under_way, most, go = [0], [0], Event()

    def slow(call: Call) -> None:
        under_way[0] += 1
        most[0] = max(most[0], under_way[0])
        go.wait(5)
        under_way[0] -= 1
        done(call)

    one = bench(slow)
    for name in (WriteName.CUTOVER, WriteName.ABORT, WriteName.RESTORE):
        one.performer.begin(write_of(name))
    assert one.posted.empty()
    assert announced() == "do restore"
    assert [recorded.fact.text for recorded in one.record.facts[:3]] == ["do cutover", "do abort", "do restore"]
    go.set()
    answers = [one.posted.get(timeout=5) for _ in range(3)]
    assert [answer.write.name for answer in answers] == [WriteName.CUTOVER, WriteName.ABORT, WriteName.RESTORE]
    assert most == [1]


def test_words_for_people_are_redacted_before_they_are_sent(bench: Open) -> None:
    one = bench(done)
    write = Write(
        WriteName.VERDICT,
        "note it",
        TARGET,
        ({"op": "add", "path": "/x", "value": 1},),
        lambda _: True,
        words=(("/metadata/annotations/why", f"it said {PLANTED}"),),
    )
    one.performer.perform(write)
    first, words = json.loads(one.server.seen[0].body)
    assert first == {"op": "add", "path": "/x", "value": 1}
    assert words["path"] == "/metadata/annotations/why"
    assert words["value"].startswith("it said <masked")


# -- defects of our own ------------------------------------------------------------------------------------------------


BESIDE: Final = (
    *((Record, "add"), (Record, "clean"), (Journal, "sync"), (Journal, "flush")),
    (performers, "answer_fact"),
)


def raising(*_: object, **__: object) -> None:
    raise RuntimeError(f"a defect with {PLANTED} in it")


def test_a_defect_in_sending_is_an_answer_that_was_lost_and_the_next_write_is_sent(
    bench: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = bench(lambda call: call.reply(200, rollout_document()))
    with monkeypatch.context() as patch:
        patch.setattr(performers, "send", raising)
        one.performer.begin(write_of(WriteName.ABORT))
        lost = one.posted.get(timeout=10)
    assert isinstance(lost, Unclear)
    assert lost.reason == "a defect in cutover (RuntimeError)"
    one.performer.begin(write_of(WriteName.RESTORE))
    assert isinstance(one.posted.get(timeout=10), Accepted)
    assert one.patches == ["PATCH"]


@pytest.mark.parametrize(("of", "what"), BESIDE)
@pytest.mark.parametrize("name", [WriteName.CUTOVER, WriteName.ABORT])
def test_a_defect_beside_the_way_keeps_no_write_from_being_sent(
    bench: Open, monkeypatch: pytest.MonkeyPatch, of: object, what: str, name: WriteName
) -> None:
    one = bench(lambda call: call.reply(200, rollout_document()))
    monkeypatch.setattr(of, what, raising)
    one.performer.begin(write_of(name))
    assert isinstance(one.posted.get(timeout=10), Accepted)
    assert isinstance(one.performer.perform(write_of(name)), Accepted)
    assert one.patches == ["PATCH", "PATCH"]


def test_a_line_that_no_text_can_hold_does_not_end_the_journal(bench: Open) -> None:
    one = bench(Call.cut)
    one.journal.add({"text": "half of a pair: \ud800"})
    one.journal.add({"text": "the next"})
    assert one.journal.flush(10.0)
    assert one.lines() == ["half of a pair: \\ud800", "the next"] or "the next" in one.lines()
