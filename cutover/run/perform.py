"""The only way to a write: say it, send it once, say what came of it, and hand the answer to the run.

Writes go out one after the other from a thread of their own, so that watching and deciding never wait for them.
"""

from collections.abc import Callable
from dataclasses import replace
from queue import SimpleQueue
from threading import Thread

from cutover.core.facts import Fact, FactKind
from cutover.core.writes.write import Accepted, Answer, Refused, Unclear, Write
from cutover.edge.kube.session import Session
from cutover.edge.kube.write import send
from cutover.run.record import Record


def rehearse(session: Session, write: Write) -> Answer:
    """What the API server would make of a write: the same request as a dry run, which changes nothing."""
    return send(session, replace(write, dry_run=True))


class Performer:
    """Carries out writes for one run."""

    def __init__(self, session: Session, record: Record, post: Callable[[Answer], None]) -> None:
        self._session = session
        self._record = record
        self._post = post
        self._writes: SimpleQueue[Write] = SimpleQueue()
        Thread(target=self._work, daemon=True, name="writes").start()

    def begin(self, write: Write) -> None:
        """Announce and record the intent, then send the write in the background."""
        self._record.add(Fact(FactKind.INTENT, write.title, {"write": write.name.value}))
        self._writes.put(write)

    def _work(self) -> None:
        while True:
            self._post(self.perform(self._writes.get()))

    def perform(self, write: Write) -> Answer:
        """Send a write once and record what came of it."""
        answer = send(self._session, write)
        self._record.add(answer_fact(answer))
        return answer


def answer_fact(answer: Answer) -> Fact:
    """The fact that tells what the API server said."""
    data = {"write": answer.write.name.value}
    match answer:
        case Accepted(write, _, True):
            return Fact(FactKind.ANSWER, f"{write.title}: the answer was lost, a read shows that it is done", data)
        case Accepted(write):
            return Fact(FactKind.ANSWER, f"{write.title}: done", data)
        case Refused(write, status, reason):
            return Fact(FactKind.ANSWER, f"{write.title}: refused ({status}), {reason}", {**data, "status": status})
        case Unclear(write, reason):
            return Fact(FactKind.ANSWER, f"{write.title}: unclear, {reason}", data)
