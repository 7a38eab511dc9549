"""The first facts of a run, noted before it writes: plan, target, deadlines, and what the checks warned of."""

from cutover.core.base.cluster_text import Words, sentence
from cutover.core.checks.finding import Finding
from cutover.core.engine.facts import Fact, Note
from cutover.core.engine.run_spec import RunSpec
from cutover.core.plan.deadlines import Deadlines


def run_header(run_spec: RunSpec, plan: str, findings: tuple[Finding, ...]) -> tuple[Fact, ...]:
    """Return facts of kind NOTE: plan, target and run; the deadlines; and a line for each finding."""
    context = f", context {run_spec.target.context}" if run_spec.target.context else ""
    first = f"plan {plan} on rollout {run_spec.target}{context}, run {run_spec.run}"
    return (
        Note(first),
        Note(_limits(run_spec.deadlines)),
        *(Note(_line(finding), code=finding.code) for finding in findings),
    )


def _line(finding: Finding) -> Words:
    allowed = f" (allowed by the plan: {finding.allowed})" if finding.allowed else ""
    return sentence(f"{finding.code} {finding.severity}: ", finding.message, allowed)


def _limits(deadlines: Deadlines) -> str:
    whole = "" if deadlines.timeout == float("inf") else f", the whole run {deadlines.timeout:g} s"
    return (
        f"limits: adoption {deadlines.adopt_within:g} s, a canary pod to be Ready {deadlines.ready_within:g} s,"
        f" hold {deadlines.hold:g} s, bake {deadlines.bake:g} s{whole}"
    )
