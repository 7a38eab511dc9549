"""`cutover apply`: load the plan and connect, evaluate it, check rights, dry-run the write, lock, evaluate again, run.

If an unfinished run of the same plan left its marks, it is resumed instead.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from cutover.adapters.clock import now
from cutover.adapters.journal import Journal
from cutover.adapters.process_identity import this_process
from cutover.adapters.run_identity import run_id
from cutover.commands.access_check import check_rights
from cutover.commands.config_copies import make_copies
from cutover.commands.connect import ClusterFlags, Connected, connect_plan
from cutover.commands.dry_run import dry_runs
from cutover.commands.evaluate import ClusterEvaluation, evaluate
from cutover.commands.load_plan import load_file
from cutover.commands.report import nothing_written, report_of, subject_of
from cutover.commands.resume import ResumeOptions, finish
from cutover.commands.run_setup import LAST_LINES_WITHIN, begin_record, demand, locked, open_journal, run_context_of
from cutover.core.base.errors import StaleError
from cutover.core.base.frozen import frozen
from cutover.core.base.outcomes import Outcome
from cutover.core.checks.allowances import accepted
from cutover.core.checks.finding import Finding, refusals
from cutover.core.engine.mark_cleanup import is_finished
from cutover.core.engine.run_spec import NOBODY, RunSpec, RunStart, run_spec_of
from cutover.core.engine.state import start
from cutover.core.review.report import Report
from cutover.core.review.run_header import run_header
from cutover.core.writes.run_annotations import Marks, marks_of
from cutover.runtime.lease_keeper import name_a_live_run
from cutover.runtime.record import Listener, Record
from cutover.runtime.recording_port import UNRECORDED, Recorder
from cutover.runtime.run_context import RunContext
from cutover.runtime.run_driver import driven, new_mailbox


@frozen
class ApplyOptions:
    """The command line of `cutover apply`. `timeout` is in seconds, infinite if none was given."""

    file: str
    where: ClusterFlags
    dry_run: bool = False
    timeout: float = float("inf")
    follow: bool = False
    recorder: Recorder = UNRECORDED


def apply(options: ApplyOptions, listeners: tuple[Listener, ...] = ()) -> Report:
    """Carry a plan out and report how it ended.

    Raises:
        CutoverError: the plan is invalid, stale, or the cluster cannot be reached; nothing was written.
    """
    record = begin_record(listeners)
    connected = connect_plan(load_file(options.file), options.where)
    if not options.dry_run:
        name_a_live_run(connected.session, connected.target, record.add)
    with unless_another_lives(options, connected, record):
        evaluation = evaluate(connected)
    record.knows(evaluation.redactor)
    if is_unfinished(evaluation) and not options.dry_run:
        return finish(
            ResumeOptions(
                connected.session, connected.target, options.timeout, options.recorder, follow=options.follow
            ),
            record,
        )
    run = ApplyRun(run_id(), options, connected, record)
    if evaluation.edits.unchanged and evaluation.settled:
        return run.without_writing(evaluation, Outcome.UNCHANGED)
    with unless_another_lives(options, connected, record):
        admission = () if evaluation.refused else run.asked(evaluation)
        if evaluation.refused or refusals(admission):
            return run.refused(evaluation, admission)
    if options.dry_run:
        return run.without_writing(evaluation, Outcome.PLANNED, admission, run.run_spec(evaluation))
    return run.carried_out(evaluation, admission)


@contextmanager
def unless_another_lives(options: ApplyOptions, connected: Connected, record: Record) -> Iterator[None]:
    """On a StaleError, look for a live run: it may have begun only just now and be the cause. Then raise."""
    try:
        yield
    except StaleError:
        if not options.dry_run:
            name_a_live_run(connected.session, connected.target, record.add)
        raise


def is_unfinished(evaluation: ClusterEvaluation) -> bool:
    """Whether the Rollout carries the marks of a run of the same plan."""
    marks = marks_of(evaluation.snapshot.rollout.meta.annotations)
    return isinstance(marks, Marks) and marks.plan_digest == evaluation.plan.digest


@frozen
class ApplyRun:
    """One run of `apply`, from the evaluation of its plan to its report; `name` is the name of the run."""

    name: str
    options: ApplyOptions
    connected: Connected
    record: Record

    def run_spec(self, evaluation: ClusterEvaluation, begun: RunStart = NOBODY) -> RunSpec:
        """Make the run spec; without `begun`, as for a dry run, it has no owner and no marks."""
        return run_spec_of(
            self.name,
            evaluation.plan,
            evaluation.snapshot,
            evaluation.edits,
            timeout=self.options.timeout,
            follow=self.options.follow,
            begun=begun,
        )

    def asked(self, evaluation: ClusterEvaluation) -> tuple[Finding, ...]:
        """Check the rights, then dry-run every write unless a required right is missing; return all findings."""
        run_spec = self.run_spec(evaluation)
        rights = check_rights(evaluation.session, evaluation.plan, evaluation.snapshot.rollout.template)
        if refusals(rights):
            return rights
        dry = (finding for write in run_spec.cutover for finding in dry_runs(evaluation, write, self.name))
        return accepted((*rights, *dry), evaluation.plan)

    def without_writing(
        self,
        evaluation: ClusterEvaluation,
        outcome: Outcome,
        admission: tuple[Finding, ...] = (),
        run_spec: RunSpec | None = None,
    ) -> Report:
        """The report of a run that wrote nothing; `admission` are findings beside those of the checks."""
        subject = subject_of(self.name, evaluation, admission)
        return report_of(subject, nothing_written(outcome), self.record, run_spec)

    def _refused_after_all(self, evaluation: ClusterEvaluation) -> Report:
        return self.without_writing(evaluation, Outcome.REFUSED)

    def _without_copies(self, evaluation: ClusterEvaluation, unmade: tuple[Finding, ...]) -> Report:
        """The report of a run that did not write the Rollout, because a copy could not be made."""
        subject = subject_of(self.name, evaluation, unmade)
        ending = nothing_written(Outcome.REFUSED, ("nothing was written to the Rollout",))
        return report_of(subject, ending, self.record)

    def refused(self, evaluation: ClusterEvaluation, admission: tuple[Finding, ...]) -> Report:
        """The report of a run that wrote nothing because a check or the API server refused it."""
        if not self.options.dry_run:
            name_a_live_run(self.connected.session, self.connected.target, self.record.add)
        return self.without_writing(evaluation, Outcome.REFUSED, admission)

    def _context(self, evaluation: ClusterEvaluation, journal: Journal) -> RunContext:
        return run_context_of(evaluation.session, self.record, journal, evaluation.redactor, self.options.recorder)

    def carried_out(self, evaluation: ClusterEvaluation, admission: tuple[Finding, ...]) -> Report:
        """Take the lock, evaluate again, make the copies, run the engine to its end, and report how it ended."""
        holder = this_process(self.name)
        journal = open_journal(self.record, holder, "apply", self.connected.target, evaluation.plan.name)
        demand(journal)
        context = self._context(evaluation, journal)
        keeper, mailbox = locked(context, self.connected.target, holder), new_mailbox()
        with keeper.kept(mailbox.put):
            evaluation = evaluate(self.connected)
            keeper.finished = True
            if evaluation.refused:
                return self._refused_after_all(evaluation)
            if evaluation.edits.unchanged and evaluation.settled:
                return self.without_writing(evaluation, Outcome.UNCHANGED)
            if unmade := make_copies(evaluation, context, self.name):
                return self._without_copies(evaluation, unmade)
            keeper.finished = False
            context = self._context(evaluation, journal)
            run_spec = self.run_spec(evaluation, RunStart(holder.name, now().utc))
            for fact in run_header(run_spec, evaluation.plan.name, (*evaluation.findings, *admission)):
                self.record.add(fact)
            ending = driven(start(run_spec, now().mono), evaluation.snapshot, context, mailbox, keeper.state)
            keeper.finished = is_finished(ending)
        journal.flush(LAST_LINES_WITHIN)
        return report_of(subject_of(self.name, evaluation, admission), ending, self.record, run_spec)
