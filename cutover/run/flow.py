"""The flows, one line per phase."""

import queue
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

from cutover.core.briefing import brief_of
from cutover.core.checks.finding import Finding, refusals
from cutover.core.endings import Outcome, SpecState
from cutover.core.machine.brief import Brief
from cutover.core.machine.decision import Ending, NoCause
from cutover.core.machine.state import start
from cutover.core.preface import preface
from cutover.core.report import Report
from cutover.core.world import Kind, Listed, World
from cutover.edge.clock import now
from cutover.edge.defects import note_defect
from cutover.edge.kube.hub import Hub
from cutover.edge.run_key import run_id
from cutover.edge.signals import wishes_from_signals
from cutover.edge.terminal import ask_whether_to_stop, somebody_is_there
from cutover.run.admission import ask_admission
from cutover.run.look import Looker
from cutover.run.loop import Desk, Mailbox, drive
from cutover.run.perform import Performer
from cutover.run.permission import ask_permission
from cutover.run.prepare import Prepared, Where, prepare
from cutover.run.record import Listener, Record
from cutover.run.reporting import report_of


@dataclass(frozen=True, slots=True)
class Order:
    """What `cutover apply` was asked to do. `timeout` is in seconds, infinite where none was given."""

    file: str
    where: Where
    dry_run: bool = False
    timeout: float = float("inf")
    follow: bool = False


def apply(order: Order, listeners: tuple[Listener, ...] = ()) -> Report:
    """Carry a plan out and report how it ended.

    Raises:
        CutoverError: the plan is invalid, stale, or the cluster cannot be reached; nothing was written.
    """
    began = now()
    prepared = prepare(order.file, order.where)
    run = Run(run_id(), prepared, Record(prepared.redactor, now, began, listeners))
    if prepared.edits.unchanged and prepared.settled:
        return run.without_writing(Outcome.UNCHANGED)
    if prepared.refused:
        return run.without_writing(Outcome.REFUSED)
    brief = run.brief(timeout=order.timeout, follow=order.follow)
    admission = run.asked(brief)
    if refusals(admission):
        return run.without_writing(Outcome.REFUSED, admission)
    if order.dry_run:
        return run.without_writing(Outcome.PLANNED, admission, brief)
    return run.carried_out(brief, admission)


@dataclass(frozen=True, slots=True)
class Run:
    """One application of a plan, from here to its report."""

    name: str
    prepared: Prepared
    record: Record

    def brief(self, *, timeout: float, follow: bool) -> Brief:
        """The order of the run."""
        ground = self.prepared
        return brief_of(self.name, ground.plan, ground.snapshot, ground.edits, timeout=timeout, follow=follow)

    def asked(self, brief: Brief) -> tuple[Finding, ...]:
        """What the API server says against the run: a right that is missing, or the dry run of the write."""
        ground = self.prepared
        rights = ask_permission(ground.session, brief.target)
        return rights if refusals(rights) else (*rights, *ask_admission(ground.session, brief.cutover, ground.edits))

    def without_writing(self, outcome: Outcome, admission: tuple[Finding, ...] = (), *brief: Brief) -> Report:
        """The report of a run that wrote nothing."""
        ending = Ending(outcome, NoCause(), SpecState.UNCHANGED, proven=("nothing was written",))
        return report_of(self.name, self.prepared, ending, self.record, admission=admission, brief=brief)

    def carried_out(self, brief: Brief, admission: tuple[Finding, ...]) -> Report:
        """Write, watch, and report how it ended."""
        for fact in preface(brief, self.prepared.plan.name, (*self.prepared.findings, *admission)):
            self.record.add(fact)
        mailbox: Mailbox = queue.SimpleQueue()
        with _watching(self.prepared, mailbox), wishes_from_signals(mailbox.put, asks=somebody_is_there()):
            ending = drive(start(brief, now().mono), _world(self.prepared), self._desk(brief, mailbox))
        return report_of(self.name, self.prepared, ending, self.record, admission=admission, brief=(brief,))

    def _desk(self, brief: Brief, mailbox: Mailbox) -> Desk:
        session, redactor = self.prepared.session, self.prepared.redactor
        looker = Looker(
            session,
            target=brief.target,
            base_hash=brief.base_hash,
            redactor=redactor,
            clock=now,
            post=mailbox.put,
        )
        return Desk(
            mailbox,
            self.record,
            Performer(session, self.record, mailbox.put),
            looker,
            now,
            partial(ask_whether_to_stop, mailbox.put),
            note_defect,
        )


@contextmanager
def _watching(prepared: Prepared, mailbox: Mailbox) -> Iterator[None]:
    hub = Hub(prepared.session, prepared.snapshot.target.namespace, mailbox.put, time.monotonic)
    try:
        yield
    finally:
        hub.close()


def _world(prepared: Prepared) -> World:
    """The world as the snapshot shows it, so that the write need not wait for the first lists of the watch."""
    at, snapshot = now().mono, prepared.snapshot
    seen = (
        Listed(Kind.ROLLOUT, (snapshot.rollout,), at),
        Listed(Kind.REPLICASET, snapshot.replicasets, at),
        Listed(Kind.POD, snapshot.pods, at),
    )
    world = World()
    for listed in seen:
        world = world.after(listed)
    return world
