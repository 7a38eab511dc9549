"""Asking the API server what it would make of the write: a server dry run, admission webhooks included."""

from typing import Final

from cutover.adapters.kube.session import Session
from cutover.commands.rehearse import rehearse
from cutover.core.base.errors import Problem, StaleError
from cutover.core.base.target import Target
from cutover.core.checks.catalogue import BY_CODE
from cutover.core.checks.finding import Finding, Severity
from cutover.core.objects.rollout import RolloutView
from cutover.core.patch.edit import Edits
from cutover.core.podtemplate.pointers import differing_places
from cutover.core.writes.pod import pod_write
from cutover.core.writes.write import Accepted, Answer, Refused, Write

REFUSED: Final = "C090"
CHANGED: Final = "C091"
UNKNOWN: Final = "C092"

INVALID_POD: Final = "C096"
DOUBTFUL_POD: Final = "C097"

_INVALID: Final = frozenset({400, 422})
"""What the API server answers where the object itself is wrong, and not who asks for it."""

_NO_RIGHT: Final = 'cannot create resource "pods"'
"""How the API server says that a right is missing, apart from whatever admission says."""

_DRY_RUN_UNSUPPORTED: Final = "dry run"
"""A webhook that has side effects makes the API server refuse dry runs (400); nothing is known of the write then."""


def ask_admission(session: Session, write: Write, edits: Edits) -> tuple[Finding, ...]:
    """What stands against the write by the API server's own word; empty where it would be stored as computed.

    Raises:
        StaleError: a guard does not hold any more.
    """
    answer = rehearse(session, write)
    match answer:
        case Accepted(_, RolloutView() as rollout) if rollout.template == edits.after:
            return ()
        case Accepted(_, RolloutView() as rollout):
            return (_changed(write, differing_places(edits.after, rollout.template)),)
        case Refused(_, _, reason, _) if "guard" in reason:
            raise StaleError(_moved(write, reason))
        case _:
            return (_not_accepted(write, answer),)


def ask_for_a_pod(session: Session, target: Target, edits: Edits) -> tuple[Finding, ...]:
    """What stands against a pod of the new template; nothing where nobody may ask (the check of rights says so)."""
    answer = rehearse(session, pod_write(target, edits.after))
    if isinstance(answer, Accepted) or (isinstance(answer, Refused) and _NO_RIGHT in answer.reason):
        return ()
    refused = isinstance(answer, Refused) and answer.status in _INVALID and _DRY_RUN_UNSUPPORTED not in answer.reason
    page = BY_CODE[INVALID_POD if refused else DOUBTFUL_POD]
    said = "would not take a pod of the new template" if refused else "does not say that it takes a pod of the plan"
    where = f"{target.namespace}/rollout/{target.rollout}: spec.template"
    message = f"the API server {said}: {answer.reason}"
    return (Finding(page.code, page.severity, page.title, message, where, page.remedy, verified=refused),)


def _moved(write: Write, reason: str) -> Problem:
    return Problem(
        f"the Rollout has moved since it was read: {reason}",
        path=str(write.target),
        remedy="look at `cutover diff` again, and apply when the Rollout stands still",
    )


def _changed(write: Write, places: tuple[str, ...]) -> Finding:
    return Finding(
        CHANGED,
        Severity.REFUSE,
        BY_CODE[CHANGED].title,
        f"the API server would store another template than the reviewed one, at {', '.join(places)}",
        f"{write.target.namespace}/rollout/{write.target.rollout}",
        "correct the field, if it is one that the CRD drops because nobody knows it; else find the mutating webhook "
        "(`kubectl get mutatingwebhookconfigurations`), and let the plan say what it makes",
    )


def _not_accepted(write: Write, answer: Answer) -> Finding:
    reason = answer.reason if not isinstance(answer, Accepted) else ""
    unknown = not isinstance(answer, Refused) or _DRY_RUN_UNSUPPORTED in reason
    where = f"{write.target.namespace}/rollout/{write.target.rollout}"
    if unknown:
        message = f"the server dry run could not be carried out: {reason}"
        return Finding(UNKNOWN, Severity.WARN, BY_CODE[UNKNOWN].title, message, where, "", verified=False)
    remedy = "mend what the API server objects to; `kubectl auth can-i patch rollouts` tells whether a right is missing"
    message = f"the API server would refuse the write: {reason}"
    return Finding(REFUSED, Severity.REFUSE, BY_CODE[REFUSED].title, message, where, remedy)
