"""Asking the API server what it would make of the write: a server dry run, admission webhooks included."""

from typing import Final

from cutover.core.catalogue import BY_CODE
from cutover.core.checks.finding import Finding, Severity
from cutover.core.edit import Edits
from cutover.core.errors import Problem, StaleError
from cutover.core.signals.mutated import differing_places
from cutover.core.views.rollout import RolloutView
from cutover.core.writes.write import Accepted, Answer, Refused, Write
from cutover.edge.kube.session import Session
from cutover.run.perform import rehearse

REFUSED: Final = "C090"
CHANGED: Final = "C091"
UNKNOWN: Final = "C092"

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
        "find the mutating webhook (`kubectl get mutatingwebhookconfigurations`), and let the plan say what it makes",
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
