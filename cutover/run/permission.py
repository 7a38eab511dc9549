"""Asking the API server, before the write, whether all that may follow it would be allowed: the way back, too."""

from typing import Final

from cutover.core.catalogue import BY_CODE
from cutover.core.checks.finding import Finding, Severity
from cutover.core.world import Kind, Target, Unreadable
from cutover.core.writes.lease import lease_name
from cutover.core.writes.write import Resource
from cutover.edge.kube.paths import Place, rollout_place
from cutover.edge.kube.rights import Right, rights
from cutover.edge.kube.session import Session

MISSING: Final = "C093"

OPTIONAL: Final = frozenset({Kind.ANALYSISRUN})
"""Kinds without which a run can do: where there is no right to read them, a failed analysis shows as an abort."""


def ask_permission(session: Session, target: Target) -> tuple[Finding, ...]:
    """A finding for each right that a run cannot do without and does not have."""
    answers = rights(session, _needed(target))
    return tuple(_finding(right, target, answer) for right, answer in answers.items() if answer is not True)


def _needed(target: Target) -> tuple[Right, ...]:
    writes = (("patch", rollout_place(target.namespace, target.rollout, sub)) for sub in ("", "status"))
    kinds = (kind for kind in Kind if kind not in OPTIONAL)
    reads = ((verb, Place(target.namespace, kind)) for kind in kinds for verb in ("list", "watch"))
    return (*writes, *reads, *_lock(target))


def _lock(target: Target) -> tuple[Right, ...]:
    """What the lock takes. A right to create cannot be granted for one name."""
    lease = Place(target.namespace, Resource.LEASE, lease_name(target))
    return (
        *((verb, lease) for verb in ("get", "patch", "delete")),
        ("create", Place(target.namespace, Resource.LEASE)),
    )


def _finding(right: Right, target: Target, answer: bool | Unreadable) -> Finding:  # noqa: FBT001 -- the API's answer
    verb, place = right
    named, where = place.right(verb), f"{target.namespace}/rollout/{target.rollout}"
    remedy = f"have it granted: `kubectl auth can-i {verb} {place.resource} -n {target.namespace}` tells"
    if isinstance(answer, Unreadable):
        message = f"could not be checked: {named}: {answer.reason}"
        return Finding(MISSING, Severity.WARN, BY_CODE[MISSING].title, message, where, remedy, verified=False)
    return Finding(MISSING, Severity.REFUSE, BY_CODE[MISSING].title, f"not allowed: {named}", where, remedy)
