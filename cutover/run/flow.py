"""The flows, one line per phase."""

import queue
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from cutover.core.briefing import brief_of
from cutover.core.checks.finding import Finding, refusals
from cutover.core.endings import Outcome, SpecState
from cutover.core.machine.brief import Brief
from cutover.core.machine.decision import Ending, NoCause
from cutover.core.machine.state import start
from cutover.core.report import Report
from cutover.core.world import Kind, Listed, World
from cutover.edge.clock import now
from cutover.edge.defects import note_defect
from cutover.edge.kube.hub import Hub
from cutover.edge.run_key import run_id
from cutover.edge.signals import wishes_from_signals
from cutover.run.admission import ask_admission
from cutover.run.look import Looker
from cutover.run.loop import Desk, Mailbox, drive
from cutover.run.perform import Performer
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


def apply(
    order: Order, listeners: tuple[Listener, ...] = (), ready: Callable[[Prepared], None] = lambda _: None
) -> Report:
    """Carry a plan out and report how it ended.

    Raises:
        CutoverError: the plan is invalid, stale, or the cluster cannot be reached; nothing was written.
    """
    run = run_id()
    prepared = prepare(order.file, order.where)
    if prepared.edits.unchanged and prepared.settled:
        return _without_writing(run, prepared, Outcome.UNCHANGED)
    if prepared.refused:
        return _without_writing(run, prepared, Outcome.REFUSED)
    brief = brief_of(run, prepared.plan, prepared.snapshot, prepared.edits, timeout=order.timeout, follow=order.follow)
    admission = ask_admission(prepared.session, brief.cutover, prepared.edits)
    if refusals(admission):
        return _without_writing(run, prepared, Outcome.REFUSED, admission)
    if order.dry_run:
        return _without_writing(run, prepared, Outcome.PLANNED, admission, brief)
    ready(prepared)
    return _carry_out(brief, prepared, admission, listeners)


def _without_writing(
    run: str, prepared: Prepared, outcome: Outcome, more: tuple[Finding, ...] = (), *brief: Brief
) -> Report:
    ending = Ending(outcome, NoCause(), SpecState.UNCHANGED, proven=("nothing was written",))
    return report_of(run, prepared, ending, Record(prepared.redactor, now), admission=more, brief=brief)


def _carry_out(
    brief: Brief, prepared: Prepared, admission: tuple[Finding, ...], listeners: tuple[Listener, ...]
) -> Report:
    record = Record(prepared.redactor, now, listeners)
    mailbox: Mailbox = queue.SimpleQueue()
    desk = Desk(
        mailbox,
        record,
        Performer(prepared.session, record, mailbox.put),
        Looker(
            prepared.session,
            target=brief.target,
            base_hash=brief.base_hash,
            redactor=prepared.redactor,
            clock=now,
            post=mailbox.put,
        ),
        now,
        note_defect,
    )
    with _watching(prepared, mailbox), wishes_from_signals(mailbox.put):
        ending = drive(start(brief, now().mono), _world(prepared), desk)
    return report_of(brief.run, prepared, ending, record, admission=admission, brief=(brief,))


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
