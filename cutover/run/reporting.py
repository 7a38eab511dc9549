"""Putting a run's report together from what was prepared, recorded and ended."""

from dataclasses import replace

from cutover.core.checks.finding import Finding
from cutover.core.coverage import coverage_of
from cutover.core.edit import Edit
from cutover.core.endings import Cause
from cutover.core.machine.brief import Brief
from cutover.core.machine.decision import Ending, NoCause
from cutover.core.redact import Redactor
from cutover.core.report import EditLine, PlanLine, Report
from cutover.core.story import evidence, exposure, timeline
from cutover.core.template.words import words
from cutover.edge.clock import now
from cutover.run.prepare import Prepared
from cutover.run.record import Record


def report_of(
    run: str,
    prepared: Prepared,
    ending: Ending,
    record: Record,
    *,
    admission: tuple[Finding, ...] = (),
    brief: tuple[Brief, ...] = (),
) -> Report:
    """The report, every text of the cluster's in it redacted."""
    redactor = prepared.redactor
    return Report(
        run=run,
        plan=PlanLine(prepared.plan.name, prepared.plan.digest, prepared.plan.file, prepared.plan.description),
        target=prepared.snapshot.target,
        outcome=ending.outcome,
        cause=_clean(ending.cause, redactor),
        spec=ending.spec,
        started=record.began,
        ended=now().utc,
        findings=tuple(_clean_finding(finding, redactor) for finding in (*prepared.findings, *admission)),
        edits=tuple(_edit_line(edit, redactor) for edit in prepared.edits.edits),
        timeline=timeline(record.facts),
        exposure=exposure(record.facts),
        evidence=evidence(record.facts),
        coverage=tuple(row for order in brief for row in coverage_of(order)),
        proven=tuple(map(redactor.text, ending.proven)),
        unproven=tuple(map(redactor.text, ending.unproven)),
        next=ending.next,
        facts=record.facts,
    )


def _clean(cause: Cause | NoCause, redactor: Redactor) -> Cause | NoCause:
    return replace(cause, message=redactor.text(cause.message)) if isinstance(cause, Cause) else cause


def _clean_finding(finding: Finding, redactor: Redactor) -> Finding:
    return replace(finding, message=redactor.text(finding.message), remedy=redactor.text(finding.remedy))


def _edit_line(edit: Edit, redactor: Redactor) -> EditLine:
    before = words(edit.variable, edit.before, redactor)
    return EditLine(edit.container, edit.variable, before, words(edit.variable, edit.after, redactor))
