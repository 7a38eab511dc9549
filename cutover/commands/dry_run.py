"""Server dry runs of everything that a run writes: the write of the Rollout, a pod of its template, and the copies.

They run in parallel, admission webhooks included, and change nothing.
"""

from dataclasses import replace
from typing import Final

from cutover.adapters.background import Background
from cutover.adapters.kube.session import Session
from cutover.adapters.kube.write import send
from cutover.commands.config_copies import copy_findings, copy_write_of, is_there
from cutover.commands.evaluate import ClusterEvaluation
from cutover.core.base.cluster_text import Words, sentence
from cutover.core.base.errors import Problem, StaleError
from cutover.core.base.frozen import frozen
from cutover.core.base.target import Target
from cutover.core.checks.allowances import accepted
from cutover.core.checks.catalogue import BY_CODE
from cutover.core.checks.finding import Finding, Severity
from cutover.core.objects.rollout import RolloutView
from cutover.core.patch.edit import Edits
from cutover.core.podtemplate.compare import differing_places
from cutover.core.writes.cutover import cutover_write
from cutover.core.writes.pod_dry_run import pod_write
from cutover.core.writes.write import Accepted, Answer, Objection, Refused, Unclear, Write


def with_admission(evaluation: ClusterEvaluation) -> ClusterEvaluation:
    """Add the findings of the dry runs to an evaluation, for a reviewer, who may lack the rights to write.

    Raises:
        StaleError: the Rollout has moved since it was read.
    """
    if evaluation.refused or evaluation.edits.unchanged:
        return evaluation
    snapshot = evaluation.snapshot
    write = cutover_write(snapshot.target, snapshot.rollout, evaluation.edits)
    asked = tuple(map(_for_a_reviewer, _asked(evaluation, write, "")))
    return replace(evaluation, findings=(*evaluation.findings, *accepted(asked, evaluation.plan)))


def _for_a_reviewer(refusal: "_RefusedDryRun") -> Finding:
    """Turn a missing right into the warning C092: a reviewer need not have it, but the dry run was not possible."""
    if refusal.objection is not Objection.RIGHT:
        return refusal.finding
    page = BY_CODE[UNKNOWN]
    return replace(
        refusal.finding, code=page.code, severity=Severity.WARN, title=page.title, remedy=page.remedy, verified=False
    )


def dry_runs(evaluation: ClusterEvaluation, write: Write, run: str = "") -> tuple[Finding, ...]:
    """Dry-run the write of the Rollout, the copies, and a pod of the new template; return the objections.

    Raises:
        StaleError: the Rollout has moved since it was read.
    """
    return tuple(refusal.finding for refusal in _asked(evaluation, write, run))


@frozen
class _RefusedDryRun:
    """What a dry run found, and what the API server objected to."""

    finding: Finding
    objection: Objection = Objection.OTHER


def _asked(evaluation: ClusterEvaluation, write: Write, run: str) -> tuple[_RefusedDryRun, ...]:
    session, edits = evaluation.session, evaluation.edits
    pod = Background(lambda: _ask_for_a_pod(session, write.target, edits))
    copies = Background(lambda: _ask_for_copies(evaluation, run))
    return (*_ask_admission(session, write, edits), *copies.result(), *pod.result())


REFUSED: Final = "C090"
CHANGED: Final = "C091"
UNKNOWN: Final = "C092"

INVALID_POD: Final = "C096"
DOUBTFUL_POD: Final = "C097"

_INVALID: Final = frozenset({400, 422})
"""HTTP codes by which the API server says that the object itself is wrong, whoever sends it."""


def _ask_admission(session: Session, write: Write, edits: Edits) -> tuple[_RefusedDryRun, ...]:
    """Dry-run the write of the Rollout; no findings if the API server would store it as computed.

    Raises:
        StaleError: a guard does not hold any more.
    """
    answer = dry_run(session, write)
    match answer:
        case Accepted(_, RolloutView() as rollout) if rollout.template == edits.after:
            return ()
        case Accepted(_, RolloutView() as rollout):
            return (_RefusedDryRun(_changed(write, differing_places(edits.after, rollout.template))),)
        case Refused(objection=Objection.GUARD):
            raise StaleError(_moved(write, answer.reason))
        case Accepted():
            return (_RefusedDryRun(_not_made(write, "its answer is no Rollout")),)
        case Unclear():
            return (_RefusedDryRun(_not_made(write, answer.reason)),)
        case Refused(objection=Objection.DRY_RUN):
            return (_RefusedDryRun(_not_made(write, answer.reason), answer.objection),)
        case Refused():
            return (_RefusedDryRun(_not_accepted(write, answer.reason), answer.objection),)


def _ask_for_a_pod(session: Session, target: Target, edits: Edits) -> tuple[_RefusedDryRun, ...]:
    """Dry-run a pod of the new template; no findings if the right to do so is missing: the check of rights says so."""
    answer = dry_run(session, pod_write(target, edits.after))
    objection = answer.objection if isinstance(answer, Refused) else Objection.OTHER
    if isinstance(answer, Accepted) or objection is Objection.RIGHT:
        return ()
    refused = isinstance(answer, Refused) and answer.status in _INVALID and objection is not Objection.DRY_RUN
    page = BY_CODE[INVALID_POD if refused else DOUBTFUL_POD]
    statement = (
        "would not take a pod of the new template" if refused else "does not say that it takes a pod of the plan"
    )
    where = f"{target.namespace}/rollout/{target.rollout}: spec.template"
    message = sentence(f"the API server {statement}: ", answer.reason)
    found = Finding(page.code, page.severity, page.title, message, where, page.remedy, verified=refused)
    return (_RefusedDryRun(found, objection),)


def _moved(write: Write, reason: Words) -> Problem:
    return Problem(
        sentence("the Rollout has moved since it was read: ", reason),
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


def _not_made(write: Write, reason: Words) -> Finding:
    message = sentence("the server dry run could not be carried out: ", reason)
    return Finding(UNKNOWN, Severity.WARN, BY_CODE[UNKNOWN].title, message, _where(write), "", verified=False)


def _not_accepted(write: Write, reason: Words) -> Finding:
    remedy = "mend what the API server objects to; `kubectl auth can-i patch rollouts` tells whether a right is missing"
    message = sentence("the API server would refuse the write: ", reason)
    return Finding(REFUSED, Severity.REFUSE, BY_CODE[REFUSED].title, message, _where(write), remedy)


def _where(write: Write) -> str:
    return f"{write.target.namespace}/rollout/{write.target.rollout}"


def dry_run(session: Session, write: Write) -> Answer:
    """Send a write as a dry run: the same request, which changes nothing."""
    return send(session, replace(write, dry_run=True))


def _ask_for_copies(evaluation: ClusterEvaluation, run: str) -> tuple[_RefusedDryRun, ...]:
    """Dry-run the copies that do not exist yet; return the objections."""
    session, target = evaluation.session, evaluation.snapshot.target
    missing = (copy for copy in evaluation.edits.copies if not is_there(session, target, copy))
    answers = ((copy, dry_run(session, copy_write_of(evaluation, copy, run))) for copy in missing)
    return tuple(
        _RefusedDryRun(finding, answer.objection if isinstance(answer, Refused) else Objection.OTHER)
        for copy, answer in answers
        for finding in copy_findings(copy, target, answer)
    )
