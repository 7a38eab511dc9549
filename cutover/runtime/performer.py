"""The only way to a write: announce it, record it, send it once, record the answer, and hand that to the run.

A run's writes are sent one after the other from a thread of their own, so that watching and deciding never wait for
them.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import replace
from queue import SimpleQueue
from threading import Thread
from typing import Final

from cutover.adapters.journal import Journal
from cutover.adapters.kube.session import Session
from cutover.adapters.kube.write import send
from cutover.core.base.cluster_text import sentence
from cutover.core.base.resources import Resource
from cutover.core.engine.facts import Answered, Intent
from cutover.core.objects.read_results import ReadFailed
from cutover.core.writes.write import Accepted, Answer, Refused, Unclear, Write, WriteName
from cutover.runtime.attempt import attempt, attempt_to, name_of
from cutover.runtime.record import Record

REVERSALS: Final = frozenset(
    {
        WriteName.ABORT,
        WriteName.RESTORE,
        WriteName.DISARM,
        WriteName.VERDICT,
        WriteName.RENEW,
        WriteName.RELEASE,
        WriteName.UNMARK,
    }
)
"""Writes that go back, or that renew the lock or end the run: they never wait for the journal."""

NOTED_WITHIN: Final = 2.0
"""Seconds that any other write waits until its intent is on the disk."""


_ANNOUNCED: Final[deque[str]] = deque(maxlen=1)


def announced() -> str | None:
    """Return the title of the last write that this process has begun, locks and Events aside; None if there is none."""
    return _ANNOUNCED[0] if _ANNOUNCED else None


class Performer:
    """Carries out the writes of one run."""

    def __init__(
        self, session: Session, record: Record, journal: Journal, post: Callable[[Answer], None] = lambda _answer: None
    ) -> None:
        self._session = session
        self._record = record
        self._journal = journal
        self._post = post
        self._writes: SimpleQueue[Write] = SimpleQueue()
        self._thread = Thread(target=self._work, daemon=True, name="writes")

    def begin(self, write: Write) -> None:
        """Announce and record the intent, then send the write in the background."""
        self._announce(write)
        self._writes.put(write)
        if not self._thread.is_alive():
            self._thread.start()

    def perform(self, write: Write) -> Answer:
        """Announce, record and send a write, and wait for the answer."""
        self._announce(write)
        return self._carry_out(write)

    def _work(self) -> None:
        while True:
            self._post(self._carry_out(self._writes.get()))

    def _announce(self, write: Write) -> None:
        if write.resource not in {Resource.LEASE, Resource.EVENT}:
            _ANNOUNCED.append(write.title)
        attempt_to(lambda: self._record.add(Intent(write.title, write.name, write.quiet)))

    def _carry_out(self, write: Write) -> Answer:
        """Send a write once its intent is noted, and record the answer; never raises.

        A defect on the way to the disk or to the screen keeps no write from being sent, and one in sending it counts as
        an answer that was lost.
        """
        attempt_to(lambda: self._note_intent(write))
        spoken = attempt(lambda: self._spoken(write), lambda _defect: write)
        answer = attempt(lambda: send(self._session, spoken), lambda defect: lost_to(defect, write))
        attempt_to(lambda: self._record.add(answer_fact(answer)))
        return answer

    def _note_intent(self, write: Write) -> None:
        """Wait up to `NOTED_WITHIN` until the intent is on the disk; the writes in `REVERSALS` do not wait."""
        if write.name in REVERSALS:
            self._journal.sync()
        else:
            self._journal.flush(NOTED_WITHIN)

    def _spoken(self, write: Write) -> Write:
        """Return the write with its texts for people, redacted, added to its operations."""
        words = ({"op": "add", "path": path, "value": self._record.clean(text)} for path, text in write.words)
        return replace(write, operations=(*write.operations, *words))


def lost_to(defect: Exception, write: Write) -> Unclear:
    """Return the answer to a write in whose sending a defect of ours was met: it may have been sent."""
    return Unclear(write, name_of(defect), ReadFailed(write.named, "it was not read"))


def answer_fact(answer: Answer) -> Answered:
    """Return the fact that records what the API server answered; what failed is never quiet."""
    write = answer.write
    match answer:
        case Accepted(_, _, True):
            done = f"{write.title}: the answer was lost, a read shows that it is done"
            return Answered(done, write.name, write.quiet)
        case Accepted():
            return Answered(f"{write.title}: done", write.name, write.quiet)
        case Refused(_, status, reason):
            text = sentence(f"{write.title}: refused ({status}), ", reason)
            return Answered(text, write.name, quiet=False, status=status)
        case Unclear(_, reason):
            return Answered(sentence(f"{write.title}: unclear, ", reason), write.name, quiet=False)
