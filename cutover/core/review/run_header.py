"""What a run says before it writes: what, where, within which times, and what the checks warned of."""

from cutover.core.checks.finding import Finding
from cutover.core.engine.facts import Fact, FactKind
from cutover.core.engine.run_spec import RunSpec
from cutover.core.plan.deadlines import Deadlines


def run_header(brief: RunSpec, plan: str, findings: tuple[Finding, ...]) -> tuple[Fact, ...]:
    """The first facts of a run."""
    context = f", context {brief.target.context}" if brief.target.context else ""
    first = f"plan {plan} on rollout {brief.target}{context}, run {brief.run}"
    return (
        Fact(FactKind.NOTE, first),
        Fact(FactKind.NOTE, _limits(brief.timing)),
        *(Fact(FactKind.NOTE, _told(found)) for found in findings),
    )


def _told(found: Finding) -> str:
    allowed = f" (allowed by the plan: {found.allowed})" if found.allowed else ""
    return f"{found.code} {found.severity}: {found.message}{allowed}"


def _limits(timing: Deadlines) -> str:
    whole = "" if timing.timeout == float("inf") else f", the whole run {timing.timeout:g} s"
    return (
        f"limits: adoption {timing.adopt_within:g} s, a canary pod to be Ready {timing.ready_within:g} s,"
        f" hold {timing.hold:g} s, bake {timing.bake:g} s{whole}"
    )
