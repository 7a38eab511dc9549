"""`cutover resume`: wait for the lock, read the marks, lock, claim the run, drive it to its end, report.

It finishes what a dead process began, from any computer, without the plan file.
"""

from dataclasses import replace

from cutover.adapters.clock import now
from cutover.adapters.kube.read import controller_version
from cutover.adapters.kube.session import Session
from cutover.adapters.kube.snapshot import read_snapshot
from cutover.adapters.process_identity import this_process
from cutover.adapters.run_identity import run_id
from cutover.commands.connect import AppFlags, connect_app
from cutover.commands.report import UNASKED, ReportSubject, nothing_written, report_of
from cutover.commands.resolve_inputs import redactor_for
from cutover.commands.run_setup import LAST_LINES_WITHIN, begin_record, demand, locked, open_journal, run_context_of
from cutover.core.base.cluster_text import sentence
from cutover.core.base.errors import LockedError, Problem
from cutover.core.base.frozen import frozen
from cutover.core.base.outcomes import Ending, Outcome, SpecState
from cutover.core.base.target import Target
from cutover.core.engine.facts import Fact, Note
from cutover.core.engine.mark_cleanup import is_finished
from cutover.core.engine.resume import resumed_spec, resumed_state
from cutover.core.objects.lease import LeaseView
from cutover.core.objects.read_results import NotFound
from cutover.core.objects.snapshot import Snapshot
from cutover.core.patch.edit import Edit
from cutover.core.review.report import PlanLine, Report
from cutover.core.writes.lease import release_write
from cutover.core.writes.lock_holder import holder_of
from cutover.core.writes.run_annotations import Marks, UnreadableMarks, marks_of
from cutover.core.writes.stored_verdict import StoredVerdict, stored_verdict
from cutover.core.writes.take_over import claim_write
from cutover.core.writes.write import Accepted
from cutover.runtime.lease_keeper import lease_of, wait_until_free
from cutover.runtime.record import Listener, Record
from cutover.runtime.recording_port import UNRECORDED, Recorder
from cutover.runtime.run_context import RunContext
from cutover.runtime.run_driver import driven, new_mailbox


@frozen
class ResumeOptions:
    """The target of an unfinished run, and how to go on with it. `timeout` is in seconds, from now."""

    session: Session
    target: Target
    timeout: float = float("inf")
    recorder: Recorder = UNRECORDED
    follow: bool = False


def resume(
    app: AppFlags,
    *,
    timeout: float,
    follow: bool,
    dry_run: bool = False,
    recorder: Recorder = UNRECORDED,
    listeners: tuple[Listener, ...] = (),
) -> Report:
    """Finish the run that left its marks on the Rollout.

    Raises:
        CutoverError: another process holds the run and lives, or the cluster cannot be reached.
    """
    record = begin_record(listeners)
    session, target = connect_app(app)
    options = ResumeOptions(session, target, timeout, recorder, follow=follow)
    return preview_resume(options, record) if dry_run else finish(options, record)


def preview_resume(options: ResumeOptions, record: Record) -> Report:
    """Report what there is to finish, without writing and without waiting for the lock."""
    snapshot = read_snapshot(options.session, options.target)
    marks, lease = marks_of(snapshot.rollout.meta.annotations), lease_of(options.session, options.target)
    holder = f"; its lock is held by {holder_of(lease)}" if isinstance(lease, LeaseView) and lease.holder else ""
    left = "no run is left here" if marks is None else f"run {marks.run} is not finished"
    subject = ReportSubject("", PlanLine("", ""), options.target, redactor_for(options.session, snapshot))
    proven = (f"nothing was written; {left}{holder}",)
    return report_of(subject, Ending(Outcome.PLANNED, None, SpecState.UNCHANGED, proven=proven), record)


def finish(options: ResumeOptions, record: Record) -> Report:
    """Wait for the lock, then take over the unfinished run and drive it to its end; without one, report that."""
    lease = wait_until_free(options.session, options.target, record.add)
    snapshot = read_snapshot(options.session, options.target)
    marks = marks_of(snapshot.rollout.meta.annotations)
    if marks is None:
        return _nothing_to_finish(options, snapshot, lease, record)
    return _finished(options, marks, snapshot, record)


def _finished(options: ResumeOptions, marks: Marks | UnreadableMarks, snapshot: Snapshot, record: Record) -> Report:
    holder = this_process(marks.run)
    journal = open_journal(record, holder, "resume", options.target, marks.plan if isinstance(marks, Marks) else "")
    demand(journal)
    redactor = redactor_for(options.session, snapshot)
    context = run_context_of(options.session, record, journal, redactor, options.recorder)
    context = replace(context, since=began(marks))
    keeper, mailbox = locked(context, options.target, holder), new_mailbox()
    with keeper.kept(mailbox.put):
        noted = stored_verdict(lease_of(options.session, options.target))
        claimed(context, snapshot, holder.name)
        snapshot = read_snapshot(options.session, options.target)
        run_spec = resumed_spec(marks, snapshot, owner=holder.name, timeout=options.timeout, follow=options.follow)
        record.add(_preface(marks, options.target, noted))
        ending = driven(resumed_state(run_spec, snapshot, noted, now().mono), snapshot, context, mailbox, keeper.state)
        keeper.finished = is_finished(ending)
    journal.flush(LAST_LINES_WITHIN)
    return report_of(resumed_subject(marks, options.target, context, run_spec.edits), ending, record, run_spec)


def began(marks: Marks | UnreadableMarks) -> float | None:
    """When the run began, in seconds since the epoch; None if that is not known."""
    return marks.began if isinstance(marks, Marks) else None


def claimed(context: RunContext, snapshot: Snapshot, owner: str) -> None:
    """Write our name into the marks: from here on the run's former process writes nothing more.

    Raises:
        LockedError: the API server did not accept that, for example because another process was quicker.
    """
    answer = context.performer().perform(claim_write(snapshot.target, snapshot.rollout, owner))
    if not isinstance(answer, Accepted):
        message = sentence("the run could not be taken over: ", answer.reason)
        raise LockedError(Problem(message, str(snapshot.target), remedy="look again"))


def resumed_subject(
    marks: Marks | UnreadableMarks, target: Target, context: RunContext, edits: tuple[Edit, ...]
) -> ReportSubject:
    """The subject of a report on a resumed run: plan name and digest come from its marks, `unknown` if unreadable."""
    plan = PlanLine(marks.plan, marks.plan_digest) if isinstance(marks, Marks) else PlanLine("unknown", "")
    armed = isinstance(marks, Marks) and marks.armed is not None
    controller = controller_version(context.session) if armed else UNASKED
    return ReportSubject(marks.run, plan, target, context.redactor, edits=edits, controller=controller)


def _preface(marks: Marks | UnreadableMarks, target: Target, noted: StoredVerdict | None) -> Fact:
    plan = f"plan {marks.plan}" if isinstance(marks, Marks) else f"an unreadable plan ({marks.reason})"
    failed = sentence("it had failed: ", noted.cause.message) if noted is not None else "it had not failed"
    return Note(sentence(f"run {marks.run}, {plan}, on rollout {target} is resumed; ", failed))


def _nothing_to_finish(
    options: ResumeOptions, snapshot: Snapshot, lease: LeaseView | NotFound, record: Record
) -> Report:
    """Report that there is no run to finish; release a Lease that a dead process left."""
    holder = this_process(run_id())
    journal = open_journal(record, holder, "resume", options.target)
    context = run_context_of(options.session, record, journal, redactor_for(options.session, snapshot))
    subject = ReportSubject("", PlanLine("", ""), options.target, context.redactor)
    if isinstance(lease, NotFound):
        return report_of(subject, nothing_written(Outcome.UNCHANGED), record)
    answer = context.performer().perform(release_write(options.target, lease))
    released = "no run is left on this Rollout; the lock of a dead one was released"
    unproven = (
        () if isinstance(answer, Accepted) else (sentence("the lock of a dead run is still there: ", answer.reason),)
    )
    proven = () if unproven else (released,)
    return report_of(
        subject, Ending(Outcome.UNCHANGED, None, SpecState.UNCHANGED, proven=proven, unproven=unproven), record
    )
