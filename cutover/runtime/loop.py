"""The only loop of a run: wait for news, let the engine decide, carry out what it decided."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from queue import Empty, SimpleQueue
from typing import Protocol

from cutover.core.base.frozen import frozen
from cutover.core.base.instants import Instant
from cutover.core.base.outcomes import Ending
from cutover.core.engine.decision import CollectEvidence, Command, ConfirmStop, Decision, RefreshAll
from cutover.core.engine.internal_error import after_defect, last_resort
from cutover.core.engine.observation import Evidence, FreshRead, Observation, OperatorRequest
from cutover.core.engine.state import State
from cutover.core.engine.step import advance
from cutover.core.engine.waiting import NOTHING_TOLD, ToldWait, notice_wait
from cutover.core.objects.read_results import ReadFailed
from cutover.core.objects.world import Deleted, StreamAlive, StreamLost, Synced, Upserted, WatchEvent, World
from cutover.core.writes.lock_state import HELD, Held, Lock, Overdue, TakenOver, Unsure
from cutover.core.writes.write import Accepted, Answer, Refused, Unclear, Write
from cutover.runtime.attempt import attempt, attempt_to, name_of
from cutover.runtime.performer import lost_to
from cutover.runtime.record import Record

News = WatchEvent | Answer | OperatorRequest | FreshRead | Evidence | Lock
Mailbox = SimpleQueue[News]

LONGEST_WAIT = 1.0
"""Seconds after which the engine is called again, even if it asked for a later time: a signal of the operating system
that comes just before a wait is noticed only when the wait ends.
"""


class WritePort(Protocol):
    """Sends the engine's writes (`runtime.performer`)."""

    def begin(self, write: Write) -> None:
        """Send a write in the background; its answer is posted to the mailbox."""

    def perform(self, write: Write) -> Answer:
        """Send a write and wait for its answer."""


class ReadPort(Protocol):
    """Carries out the engine's reads (`runtime.evidence_reader`); what they return arrives in the mailbox."""

    def begin_fresh_read(self) -> None:
        """Read every watched kind in the background; the result is posted to the mailbox."""

    def begin_collect(self, ask: CollectEvidence, world: World) -> None:
        """Begin to read one piece of evidence; `world` holds the uid of its subject."""


@frozen
class LoopPorts:
    """What the loop works with. `see` gets every observation before the engine does."""

    mailbox: Mailbox
    record: Record
    performer: WritePort
    reads: ReadPort
    clock: Callable[[], Instant]
    ask_person: Callable[[], None]
    note_defect: Callable[[BaseException], object]
    lock: Callable[[], Lock] = lambda: HELD
    see: Callable[[Observation], None] = lambda _observation: None


@dataclass(slots=True)
class Inbox:
    """What has arrived since the last step of the engine, by kind; watch events are applied to `world` at once."""

    world: World
    answers: list[Answer] = field(default_factory=list)
    requests: list[OperatorRequest] = field(default_factory=list)
    fresh_reads: list[FreshRead] = field(default_factory=list)
    evidence: list[Evidence] = field(default_factory=list)

    def take(self, news: News) -> None:
        """Add one message; a watch event changes `world`, a change of the lock only wakes the loop."""
        match news:
            case Synced() | Upserted() | Deleted() | StreamAlive() | StreamLost():
                self.world = self.world.after(news)
            case Accepted() | Refused() | Unclear():
                self.answers.append(news)
            case OperatorRequest():
                self.requests.append(news)
            case FreshRead():
                self.fresh_reads.append(news)
            case Evidence():
                self.evidence.append(news)
            case Held() | Unsure() | Overdue() | TakenOver():
                pass  # it only wakes the loop: the next observation asks for the state of the lock itself

    def observation(self, at: Instant, lock: Lock) -> Observation:
        """Return the observation for the next step of the engine; `at` is now, `lock` the state of the lock."""
        return Observation(
            at,
            self.world,
            tuple(self.answers),
            tuple(self.requests),
            tuple(self.fresh_reads),
            tuple(self.evidence),
            lock,
        )


def drive(state: State, world: World, ports: LoopPorts) -> Ending:
    """Step the engine from `state`, with `world` as last read, until a decision holds the ending; return that."""
    inbox, told = Inbox(world), NOTHING_TOLD
    while True:
        lock = attempt(ports.lock, lambda defect: Overdue(name_of(defect)), ports.note_defect)
        observation = inbox.observation(ports.clock(), lock)
        attempt_to(partial(ports.see, observation), ports.note_defect)
        state, decision = _advance(state, observation, ports)
        for fact in decision.facts:
            attempt_to(partial(ports.record.add, fact), ports.note_defect)
        for command in decision.commands:
            failed = partial(_failed, command, ports)
            attempt(partial(_carry_out, command, inbox.world, ports), failed, ports.note_defect)
        if isinstance(decision.ending, Ending):
            return decision.ending
        told = _tell_wait(told, state, observation, ports)
        inbox = _wait(Inbox(inbox.world), ports, decision.ask_again_at)


def _tell_wait(told: ToldWait, state: State, observation: Observation, ports: LoopPorts) -> ToldWait:
    """Record what the run waits for, if that is due; return what is remembered of it."""
    told, facts = attempt(partial(notice_wait, told, state, observation), lambda _: (told, ()), ports.note_defect)
    for fact in facts:
        attempt_to(partial(ports.record.add, fact), ports.note_defect)
    return told


def _advance(state: State, observation: Observation, ports: LoopPorts) -> tuple[State, Decision]:
    """Take one step of the engine. A defect of ours is raised before the first write; after it, the run goes back."""
    try:
        return advance(state, observation)
    except Exception as defect:
        if not state.sent_writes:
            raise
        attempt_to(partial(ports.note_defect, defect))
        return _after(state, type(defect).__name__, observation, ports)


def _after(state: State, what: str, observation: Observation, ports: LoopPorts) -> tuple[State, Decision]:
    state, decision = after_defect(state, what, observation)
    if isinstance(decision.ending, Ending):
        attempt_to(partial(ports.performer.perform, last_resort(state)), ports.note_defect)
    return state, decision


def _carry_out(command: Command, world: World, ports: LoopPorts) -> None:
    match command:
        case Write():
            ports.performer.begin(command)
        case RefreshAll():
            ports.reads.begin_fresh_read()
        case CollectEvidence():
            ports.reads.begin_collect(command, world)
        case ConfirmStop():
            ports.ask_person()


def _failed(command: Command, ports: LoopPorts, defect: Exception) -> None:
    """Post what it means that a command could not even be begun."""
    match command:
        case Write():
            ports.mailbox.put(lost_to(defect, command))
        case RefreshAll():
            ports.mailbox.put(FreshRead(ReadFailed("the cluster", name_of(defect)), ports.clock()))
        case CollectEvidence(kind, about, container):
            ports.mailbox.put(Evidence(kind, about, container, missed=name_of(defect)))
        case ConfirmStop():
            pass  # no answer within its time means yes, as ever


def _wait(inbox: Inbox, ports: LoopPorts, until: float) -> Inbox:
    """Wait for a message, until `until` or `LONGEST_WAIT` at most; then take all messages without waiting."""
    seconds = min(max(0.0, until - ports.clock().mono), LONGEST_WAIT)
    try:
        inbox.take(ports.mailbox.get(timeout=seconds))
        while True:
            inbox.take(ports.mailbox.get_nowait())
    except Empty:
        return inbox
