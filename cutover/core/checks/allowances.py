"""The findings that a plan accepts by their code (`allow`), each for a reason that every report repeats."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from cutover.core.base.errors import Problem
from cutover.core.checks import ALL
from cutover.core.checks.catalogue import BY_CODE
from cutover.core.checks.finding import Finding
from cutover.core.plan.model import Allowance, Plan

UNUSED: Final = "C031"


def invalid_allowances(plan: Plan) -> tuple[Problem, ...]:
    """Return a problem for each allowed code that does not exist or may not be accepted."""
    return tuple(problem for allowance in plan.allow for problem in _problems(allowance, plan.file))


def _problems(allowance: Allowance, file: str) -> Iterator[Problem]:
    code = allowance.code
    if code not in BY_CODE:
        yield _problem(allowance, file, f"expected the code of a check, found {code}, which is none", "correct it")
    elif not BY_CODE[code].acceptable:
        remedy = f"remove it, and do what `cutover explain {code}` says"
        yield _problem(allowance, file, f"expected a finding that can be accepted, found {code}", remedy)


def _problem(allowance: Allowance, file: str, message: str, remedy: str) -> Problem:
    return Problem(message, path=allowance.path, file=file, line=allowance.line, remedy=remedy)


def accepted(findings: Iterable[Finding], plan: Plan) -> tuple[Finding, ...]:
    """Return all findings; those that the plan allows get its reason, also if they could not be checked."""
    reasons = {allowance.code: allowance.reason for allowance in plan.allow}
    return tuple(replace(finding, allowed=reasons.get(finding.code, "")) for finding in findings)


def unused(findings: Iterable[Finding], plan: Plan) -> tuple[Finding, ...]:
    """Return a finding for each allowance of a check that found nothing: it would hide a later finding."""
    codes = {finding.code for finding in findings}
    checked = {check.code for check in ALL}
    idle = (entry for entry in plan.allow if entry.code in checked - codes)
    return tuple(_unused(entry, plan.file) for entry in idle)


def _unused(allowance: Allowance, file: str) -> Finding:
    place = f"{file}:{allowance.line}: {allowance.path}" if file else allowance.path
    page = BY_CODE[UNUSED]
    return Finding(
        UNUSED,
        page.severity,
        page.title,
        f"the plan allows {allowance.code} ({BY_CODE[allowance.code].title}), which was not found",
        place,
        f"remove {allowance.code} from spec.allow of the plan",
    )
