"""Making the report of a run: from its subject, its recorded facts, and its ending.

All commands that report use it as their last phase.
"""

from dataclasses import replace
from typing import Final

from cutover.adapters.clock import now
from cutover.adapters.kube.read import controller_version
from cutover.adapters.report_files import save_report
from cutover.commands.evaluate import ClusterEvaluation
from cutover.core.base.frozen import frozen
from cutover.core.base.outcomes import Cause, Ending, Outcome, SpecState
from cutover.core.base.redaction import Redactor
from cutover.core.base.target import Target
from cutover.core.checks.finding import Finding
from cutover.core.engine.run_spec import RunSpec
from cutover.core.objects.read_results import ReadFailed
from cutover.core.patch.edit import ConfigCopy, Edit
from cutover.core.review.describe import copy_entry, describe_edit
from cutover.core.review.detection_coverage import coverage_of, coverage_of_deadman
from cutover.core.review.report import BaseLine, EditLine, PlanLine, PointLine, Report
from cutover.core.review.timeline import evidence, exposure, timeline
from cutover.runtime.record import Record

LEFT_BEHIND: Final = frozenset(
    {Outcome.HELD, Outcome.INTERRUPTED, Outcome.REVERTED, Outcome.SUPERSEDED, Outcome.UNVERIFIED, Outcome.CONTAINED}
)
"""Outcomes after which copies may exist that no object will ever use."""

UNASKED: Final = ReadFailed("controller", "it was not asked for")


def keep_report(report: Report, document: str) -> str:
    """Store the report's JSON document on this computer; return a sentence that says where, or why not."""
    return save_report(report.run, document)


@frozen
class ReportSubject:
    """What a report is about. `controller` is the version of Argo Rollouts, if it was read."""

    run: str
    plan: PlanLine
    target: Target
    redactor: Redactor
    findings: tuple[Finding, ...] = ()
    edits: tuple[Edit, ...] = ()
    copies: tuple[ConfigCopy, ...] = ()
    controller: str | ReadFailed = UNASKED


def subject_of(run: str, evaluation: ClusterEvaluation, admission: tuple[Finding, ...] = ()) -> ReportSubject:
    """The subject of a report on an evaluated plan; reads the controller's version only if the plan has a dead-man."""
    plan = evaluation.plan
    return ReportSubject(
        run,
        PlanLine(plan.name, plan.digest, plan.file, plan.description),
        evaluation.snapshot.target,
        evaluation.redactor,
        (*evaluation.findings, *admission),
        evaluation.edits.edits,
        evaluation.edits.copies,
        controller_version(evaluation.session) if evaluation.plan.deadman is not None else UNASKED,
    )


def report_of(subject: ReportSubject, ending: Ending, record: Record, run_spec: RunSpec | None = None) -> Report:
    """Make the report, with every text from the cluster redacted; without a run spec, of a command that ran no plan."""
    redactor = subject.redactor
    report = Report(
        run=subject.run,
        plan=subject.plan,
        target=subject.target,
        outcome=ending.outcome,
        cause=_clean(ending.cause, redactor),
        spec=ending.spec,
        started=record.began,
        ended=now().utc,
        findings=tuple(finding.cleaned(redactor.words) for finding in subject.findings),
        edits=tuple(_edit_line(edit, redactor) for edit in subject.edits),
        copies=tuple(copy_entry(copy, redactor) for copy in subject.copies),
        timeline=timeline(record.facts),
        exposure=exposure(record.facts),
        evidence=evidence(record.facts),
        proven=tuple(map(redactor.words, ending.proven)),
        unproven=tuple(map(redactor.words, ending.unproven)),
        next=(*ending.next, *_to_collect(subject, ending)),
        facts=record.facts,
    )
    return report if run_spec is None else _with_run(report, run_spec, ending, subject)


def _with_run(report: Report, run_spec: RunSpec, ending: Ending, subject: ReportSubject) -> Report:
    return replace(
        report,
        base=BaseLine(run_spec.base_hash, run_spec.base_revision),
        point=PointLine(run_spec.point_of_no_return, ending.past_no_return),
        coverage=coverage_of(run_spec.strategy, run_spec.probes),
        deadman=tuple(map(subject.redactor.words, coverage_of_deadman(run_spec.armed, subject.controller))),
    )


def nothing_written(outcome: Outcome, proven: tuple[str, ...] = ("nothing was written",)) -> Ending:
    """An ending without a cause whose spec is unchanged; `proven` are its only sentences."""
    return Ending(outcome, None, SpecState.UNCHANGED, proven=proven)


def _to_collect(subject: ReportSubject, ending: Ending) -> tuple[str, ...]:
    """The command that removes the copies of a run that may have ended without using them."""
    if not subject.copies or ending.outcome not in LEFT_BEHIND:
        return ()
    names = ", ".join(f"{copy.kind} {copy.name}" for copy in subject.copies)
    target = subject.target
    return (f"cutover gc {target.rollout} -n {target.namespace}   # once nothing refers to {names}",)


def _clean(cause: Cause | None, redactor: Redactor) -> Cause | None:
    return replace(cause, message=redactor.words(cause.message)) if isinstance(cause, Cause) else cause


def _edit_line(edit: Edit, redactor: Redactor) -> EditLine:
    entry = describe_edit(edit, redactor)
    return EditLine(entry.home, entry.name, entry.before, entry.after, edit.place)
