"""Checking before the write that the API server grants every right that the run may need, the way back included."""

from collections.abc import Mapping
from typing import Final

from cutover.adapters.kube.access_review import review_access
from cutover.adapters.kube.session import Session
from cutover.core.base.cluster_text import Words, sentence
from cutover.core.base.documents import Json
from cutover.core.checks.catalogue import BY_CODE
from cutover.core.checks.finding import Finding, Severity
from cutover.core.checks.required_rights import Right, RoleRule, rights_of, rules_of
from cutover.core.objects.read_results import ReadFailed
from cutover.core.plan.model import Plan

MISSING: Final = "C093"
EVIDENCE: Final = "C094"

_ANSWERED: Final = ""
"""The empty reason: the right was checked, and it is missing."""


def check_rights(session: Session, plan: Plan, template: Json) -> tuple[Finding, ...]:
    """Find the missing rights: a refusal for what a run requires, a warning for what only yields evidence."""
    missing = _missing(review_access(session, plan.target.namespace, rights_of(plan, template)))
    return tuple(
        _finding(rule, plan, trouble)
        for trouble in dict.fromkeys(missing.values())
        for rule in rules_of(right for right, why in missing.items() if why == trouble)
    )


def _missing(answers: Mapping[Right, bool | ReadFailed]) -> Mapping[Right, Words]:
    """The rights that are not known to be granted, and why one could not be checked; `_ANSWERED` if it is missing."""
    return {
        right: answer.reason if isinstance(answer, ReadFailed) else _ANSWERED
        for right, answer in answers.items()
        if answer is not True
    }


def _finding(rule: RoleRule, plan: Plan, trouble: Words) -> Finding:
    page, known = BY_CODE[MISSING if rule.required else EVIDENCE], trouble == _ANSWERED
    named = f"{rule} in namespace {plan.target.namespace}"
    message = f"not allowed: {named}" if known else sentence(f"could not be checked: {named}: ", trouble)
    return Finding(
        code=page.code,
        severity=page.severity if known else Severity.WARN,
        title=page.title,
        message=message if rule.required else sentence(message, f"; missing without it: {rule.why}"),
        where=f"{plan.target.namespace}/rollout/{plan.target.rollout}",
        remedy=f"have it granted: `cutover rbac {plan.file or 'plan.yaml'}` prints the Role",
        verified=known,
    )
