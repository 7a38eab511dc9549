"""Drives a run from its first state to its ending: connects the loop with the watch, the reads and the writes."""

import queue
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from cutover.adapters.clock import now
from cutover.adapters.crash_log import log_crash
from cutover.adapters.kube.session import Session
from cutover.adapters.kube.watch import NamespaceWatch
from cutover.adapters.os_signals import requests_from_signals
from cutover.adapters.stop_prompt import ask_whether_to_stop, somebody_is_there
from cutover.core.base.outcomes import Ending
from cutover.core.base.resources import Resource
from cutover.core.engine.state import State
from cutover.core.objects.snapshot import Snapshot
from cutover.core.objects.world import Synced, World
from cutover.core.writes.lock_state import HELD, Lock
from cutover.runtime.evidence_reader import EvidenceReader
from cutover.runtime.loop import LoopPorts, Mailbox, drive
from cutover.runtime.recording_port import RecordedPerformer
from cutover.runtime.run_context import RunContext


def driven(state: State, snapshot: Snapshot, context: RunContext, mailbox: Mailbox, lock: Callable[[], Lock]) -> Ending:
    """Watch the cluster and the signals, step the engine until the run is over, and return its ending."""
    context.recorder.begin(state, context.redactor)
    with _watching(context.session, snapshot, mailbox), requests_from_signals(mailbox.put, asks=somebody_is_there()):
        ending = drive(state, _world(snapshot), _loop_ports(state, context, mailbox, lock))
    context.recorder.end(ending)
    return ending


def new_mailbox() -> Mailbox:
    """Return the queue for watch events, answers, fresh reads, evidence, requests and changes of the lock."""
    return queue.SimpleQueue()


def unlocked() -> Lock:
    """Return HELD always: `cutover abort` writes whoever holds the lock."""
    return HELD


def _loop_ports(state: State, context: RunContext, mailbox: Mailbox, lock: Callable[[], Lock]) -> LoopPorts:
    reads = EvidenceReader(
        context.session,
        target=state.run_spec.target,
        base_hash=state.run_spec.base_hash,
        redactor=context.redactor,
        clock=now,
        post=mailbox.put,
        since=context.since,
    )
    return LoopPorts(
        mailbox,
        context.record,
        RecordedPerformer(context.session, context.record, context.journal, mailbox.put, context.recorder),
        reads,
        now,
        partial(ask_whether_to_stop, mailbox.put),
        log_crash,
        lock,
        context.recorder.see,
    )


@contextmanager
def _watching(session: Session, snapshot: Snapshot, mailbox: Mailbox) -> Iterator[None]:
    watch = NamespaceWatch(session, snapshot.target.namespace, mailbox.put, time.monotonic)
    try:
        yield
    finally:
        watch.close()


def _world(snapshot: Snapshot) -> World:
    """Return the world of the snapshot, so that the write need not wait for the first lists of the watch."""
    at = now().mono
    seen = (
        Synced(Resource.ROLLOUT, (snapshot.rollout,), at),
        Synced(Resource.REPLICASET, snapshot.replicasets, at),
        Synced(Resource.POD, snapshot.pods, at),
    )
    world = World()
    for listed in seen:
        world = world.after(listed)
    return world
