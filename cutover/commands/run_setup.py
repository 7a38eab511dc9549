"""The first phases of every command that writes: begin the record, open the journal, test it, take the lock.

`record_event` at the end records in the cluster what a person did.
"""

from pathlib import Path
from typing import Final

from cutover.adapters.clock import now
from cutover.adapters.journal import Journal
from cutover.adapters.kube.session import Session
from cutover.adapters.run_identity import run_key
from cutover.core.base.cluster_text import Words
from cutover.core.base.errors import Problem, RefusedError
from cutover.core.base.redaction import Redactor
from cutover.core.base.target import Target
from cutover.core.engine.facts import RecordedFact, data_json
from cutover.core.objects.snapshot import Snapshot
from cutover.core.writes.event import event_write
from cutover.core.writes.lock_holder import Holder
from cutover.runtime.lease_keeper import LeaseKeeper
from cutover.runtime.record import Listener, Record
from cutover.runtime.recording_port import UNRECORDED, Recorder
from cutover.runtime.run_context import RunContext

FIRST_LINE_WITHIN: Final = 5.0
"""Seconds to wait until the first line of the journal is on the disk."""

LAST_LINES_WITHIN: Final = 1.0
"""Seconds to wait until the last lines of the journal are on the disk; then the report is printed."""


def begin_record(listeners: tuple[Listener, ...]) -> Record:
    """Begin the record of a command; until it knows the secrets, text is redacted by the credential patterns."""
    return Record(Redactor(run_key()), now, now(), listeners)


def open_journal(record: Record, holder: Holder, command: str, target: Target, plan: str = "") -> Journal:
    """Open the journal of this process: first who does what, then every fact of the record from its beginning."""
    journal = Journal(holder.session)
    about = {"run": holder.run, "command": command, "target": str(target), "plan": plan, "who": str(holder)}
    journal.add({"kind": "begin", "at": now().utc, **about})
    record.listen(lambda recorded: journal.add(_line(recorded)))
    return journal


def demand(journal: Journal) -> None:
    """Check that the journal can be written; without it, nothing may be written to the cluster.

    Raises:
        RefusedError: it cannot be written.
    """
    if journal.flush(FIRST_LINE_WITHIN):
        return
    raise RefusedError(
        Problem(
            f"the journal cannot be written: {journal.trouble}; nothing was written to the cluster",
            file=str(journal.file),
            remedy="make room, or let XDG_STATE_HOME name a folder that can be written to",
        )
    )


def locked(context: RunContext, target: Target, holder: Holder) -> LeaseKeeper:
    """Take the lock on the target.

    Raises:
        CutoverError: another process holds it, or it cannot be taken.
    """
    keeper = LeaseKeeper(context.session, target, holder, context.performer(), context.record)
    keeper.take()
    return keeper


def run_context_of(
    session: Session, record: Record, journal: Journal, redactor: Redactor, recorder: Recorder = UNRECORDED
) -> RunContext:
    """Make the run context; from here on, the record masks the values that the redactor knows."""
    record.knows(redactor)
    return RunContext(session, record, journal, redactor, recorder)


def recorder_of(file: str) -> Recorder:
    """Return the recorder that writes to that file; one that keeps nothing if no file is named."""
    if not file:
        return UNRECORDED
    from cutover.adapters.recording_writer import Recording  # noqa: PLC0415 -- only who records needs it

    return Recording(Path(file))


def _line(recorded: RecordedFact) -> dict[str, object]:
    fact = recorded.fact
    return {
        "kind": fact.kind,
        "at": recorded.utc,
        "elapsed": round(recorded.elapsed, 3),
        "text": fact.text,
        "data": data_json(fact),
    }


def record_event(context: RunContext, snapshot: Snapshot, reason: str, message: Words) -> None:
    """Write an Event that says what a person did; if that right is missing, only the journal records it."""
    write = event_write(snapshot.target, snapshot.rollout.meta.uid, reason, context.record.clean(message), now().utc)
    context.performer().perform(write)
