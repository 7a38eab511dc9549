"""`cutover abort`: read the Rollout, store the verdict on the Lease, claim the run, drive the way back, report.

A canary that cutover did not begin gets only Argo's own abort. The abort works when everything else is broken: it waits
for no holder of the lock, and a journal that cannot be written does not stop it.
"""

from dataclasses import replace
from typing import Final

from cutover.adapters.clock import now
from cutover.adapters.kube import read
from cutover.adapters.kube.snapshot import read_snapshot
from cutover.adapters.process_identity import this_process
from cutover.commands.connect import AppFlags, connect_app
from cutover.commands.report import ReportSubject, nothing_written, report_of
from cutover.commands.resolve_inputs import redactor_for
from cutover.commands.resume import resumed_subject
from cutover.commands.run_setup import LAST_LINES_WITHIN, begin_record, open_journal, record_event, run_context_of
from cutover.core.base.causes import Reaction
from cutover.core.base.cluster_text import sentence
from cutover.core.base.outcomes import Cause, Ending, Outcome, SpecState
from cutover.core.base.redaction import Redactor
from cutover.core.base.target import Target
from cutover.core.engine.facts import Note
from cutover.core.engine.mark_cleanup import is_finished
from cutover.core.engine.next_commands import back_by_hand
from cutover.core.engine.requested_abort import requested_abort, spec_of_foreign_canary, state_of_foreign_canary
from cutover.core.engine.resume import resumed_spec, resumed_state
from cutover.core.objects.lease import LeaseView
from cutover.core.objects.read_results import NotFound
from cutover.core.objects.snapshot import Snapshot
from cutover.core.review.report import PlanLine, Report
from cutover.core.writes.lease import lease_name, release_write, seize_write, take_write
from cutover.core.writes.lock_holder import Holder
from cutover.core.writes.run_annotations import Marks, UnreadableMarks, marks_of
from cutover.core.writes.stored_verdict import StoredVerdict, verdict_text
from cutover.core.writes.take_over import claim_write
from cutover.core.writes.write import Accepted
from cutover.runtime.record import Listener, Record
from cutover.runtime.run_context import RunContext
from cutover.runtime.run_driver import driven, new_mailbox, unlocked

STILL_THERE: Final = (
    "the canary's values still stand in the spec: nothing that cutover began says what was there before"
)


def abort(app: AppFlags, *, reason: str, dry_run: bool, listeners: tuple[Listener, ...] = ()) -> Report:
    """Take a canary back: by the whole failure transaction if it is a run of cutover, else by Argo's own abort.

    Raises:
        CutoverError: the Rollout cannot be read.
    """
    record = begin_record(listeners)
    session, target = connect_app(app)
    snapshot = read_snapshot(session, target)
    redactor = redactor_for(session, snapshot)
    record.knows(redactor)
    marks = marks_of(snapshot.rollout.meta.annotations)
    if marks is None and snapshot.rollout.settled_hash:
        return _nothing_to_abort(target, redactor, record)
    if dry_run:
        return _planned(marks, snapshot, redactor, record)
    holder = this_process("" if marks is None else marks.run)
    context = run_context_of(session, record, open_journal(record, holder, "abort", target), redactor)
    cause = requested_abort(f"{holder.user}@{holder.host}", record.clean(reason))
    if marks is None:
        report = _aborted_theirs(snapshot, cause, context)
    else:
        report = _aborted_ours(marks, snapshot, cause, context, holder)
    record_event(context, snapshot, "CutoverAborted", sentence(cause.message, f": {report.outcome.value}"))
    context.journal.flush(LAST_LINES_WITHIN)
    return report


def _aborted_ours(
    marks: Marks | UnreadableMarks, snapshot: Snapshot, cause: Cause, context: RunContext, holder: Holder
) -> Report:
    """Store the verdict, claim the run, and go back; the way back starts even if one of the first two fails."""
    noted = StoredVerdict(Reaction.FAIL, cause, promoted=_promoted(marks, snapshot))
    _seize(context, snapshot.target, holder, noted)
    owner = _claim(context, snapshot, holder)
    snapshot = read_snapshot(context.session, snapshot.target)
    run_spec = resumed_spec(marks, snapshot, owner=owner, timeout=float("inf"), follow=False)
    ending = driven(resumed_state(run_spec, snapshot, noted, now().mono), snapshot, context, new_mailbox(), unlocked)
    if is_finished(ending):
        _release(context, snapshot.target, holder)
    return report_of(resumed_subject(marks, snapshot.target, context, run_spec.edits), ending, context.record, run_spec)


def _promoted(marks: Marks | UnreadableMarks, snapshot: Snapshot) -> bool:
    return isinstance(marks, Marks) and snapshot.rollout.status.stable_rs != marks.base


def _seize(context: RunContext, target: Target, holder: Holder, noted: StoredVerdict) -> None:
    """Write the verdict and our name to the Lease, whoever holds it; the caller goes on even if that failed."""
    lease = read.lease(context.session, target.namespace, lease_name(target))
    text = verdict_text(noted.reaction, noted.cause, promoted=noted.promoted)
    if isinstance(lease, LeaseView):
        write = seize_write(target, lease, holder, now().utc, verdict=text, words=noted.cause.message)
        context.performer().perform(write)
    elif isinstance(lease, NotFound):
        context.performer().perform(replace(take_write(target, holder, now().utc), within=1.0))


def _claim(context: RunContext, snapshot: Snapshot, holder: Holder) -> str:
    """Write our name into the marks, so that no other process writes for the run; return it, empty if that failed."""
    answer = context.performer().perform(claim_write(snapshot.target, snapshot.rollout, holder.name))
    return holder.name if isinstance(answer, Accepted) else ""


def _release(context: RunContext, target: Target, holder: Holder) -> None:
    lease = read.lease(context.session, target.namespace, lease_name(target))
    if isinstance(lease, LeaseView) and lease.holder == holder.name:
        context.performer().perform(release_write(target, lease))


def _aborted_theirs(snapshot: Snapshot, cause: Cause, context: RunContext) -> Report:
    run_spec = spec_of_foreign_canary(snapshot)
    state = state_of_foreign_canary(run_spec, snapshot, cause, now().mono)
    ending = driven(state, snapshot, context, new_mailbox(), unlocked)
    subject = ReportSubject("", PlanLine("", ""), snapshot.target, context.redactor)
    return report_of(subject, _as_asked(ending, snapshot), context.record)


def _as_asked(ending: Ending, snapshot: Snapshot) -> Ending:
    """Turn CONTAINED into DONE for a canary that cutover did not begin: only Argo's own abort was requested."""
    if ending.outcome is not Outcome.CONTAINED:
        return ending
    stable = snapshot.replicaset(snapshot.rollout.status.stable_rs)
    back = () if isinstance(stable, NotFound) else (back_by_hand(snapshot.target, stable.meta.revision),)
    return replace(ending, outcome=Outcome.DONE, cause=None, unproven=(STILL_THERE,), next=back)


def _nothing_to_abort(target: Target, redactor: Redactor, record: Record) -> Report:
    record.add(Note("no canary is under way: there is nothing to abort"))
    return report_of(ReportSubject("", PlanLine("", ""), target, redactor), nothing_written(Outcome.UNCHANGED), record)


def _planned(marks: Marks | UnreadableMarks | None, snapshot: Snapshot, redactor: Redactor, record: Record) -> Report:
    what = "Argo's own abort" if marks is None else f"run {marks.run} would go back: abort, restore, verify"
    planned = Ending(Outcome.PLANNED, None, SpecState.UNCHANGED, proven=(f"nothing was written; {what}",))
    return report_of(ReportSubject("", PlanLine("", ""), snapshot.target, redactor), planned, record)
