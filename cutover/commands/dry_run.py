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
from cutover.core.base.errors import Problem, StaleError
from cutover.core.base.target import Target
from cutover.core.checks.allowances import accepted
from cutover.core.checks.catalogue import BY_CODE
from cutover.core.checks.finding import Finding, Severity
from cutover.core.objects.rollout import RolloutView
from cutover.core.patch.edit import Edits
from cutover.core.podtemplate.compare import differing_places
from cutover.core.writes.cutover import cutover_write
from cutover.core.writes.pod_dry_run import pod_write
from cutover.core.writes.write import Accepted, Answer, Refused, Write

_NO_RIGHT: Final = ('cannot patch resource "', 'cannot create resource "')
"""Words of the API server that say that a right is missing; admission uses other words."""


def with_admission(evaluation: ClusterEvaluation) -> ClusterEvaluation:
    """Add the findings of the dry runs to an evaluation, for a reviewer, who may lack the rights to write.

    Raises:
        StaleError: the Rollout has moved since it was read.
    """
    if evaluation.refused or evaluation.edits.unchanged:
        return evaluation
    snapshot = evaluation.snapshot
    write = cutover_write(snapshot.target, snapshot.rollout, evaluation.edits)
    asked = tuple(map(_unless_it_is_a_right, dry_runs(evaluation, write)))
    return replace(evaluation, findings=(*evaluation.findings, *accepted(asked, evaluation.plan)))


def _unless_it_is_a_right(finding: Finding) -> Finding:
    """Turn a missing right into the warning C092: a reviewer need not have it, but the dry run was not possible."""
    if not any(words in finding.message for words in _NO_RIGHT):
        return finding
    page = BY_CODE["C092"]
    return replace(
        finding, code=page.code, severity=Severity.WARN, title=page.title, remedy=page.remedy, verified=False
    )


def dry_runs(evaluation: ClusterEvaluation, write: Write, run: str = "") -> tuple[Finding, ...]:
    """Dry-run the write of the Rollout, the copies, and a pod of the new template; return the objections.

    Raises:
        StaleError: the Rollout has moved since it was read.
    """
    session, edits = evaluation.session, evaluation.edits
    pod = Background(lambda: ask_for_a_pod(session, write.target, edits))
    copies = Background(lambda: ask_for_copies(evaluation, run))
    return (*ask_admission(session, write, edits), *copies.result(), *pod.result())


REFUSED: Final = "C090"
CHANGED: Final = "C091"
UNKNOWN: Final = "C092"

INVALID_POD: Final = "C096"
DOUBTFUL_POD: Final = "C097"

_INVALID: Final = frozenset({400, 422})
"""HTTP codes by which the API server says that the object itself is wrong, whoever sends it."""

_NO_RIGHT_TO_PODS: Final = 'cannot create resource "pods"'
"""Words of the API server that say that the right to create pods is missing; admission uses other words."""

_DRY_RUN_UNSUPPORTED: Final = "dry run"
"""Words of a refused dry run (400) if a webhook has side effects; they say nothing about the write itself."""


def ask_admission(session: Session, write: Write, edits: Edits) -> tuple[Finding, ...]:
    """Dry-run the write of the Rollout; no findings if the API server would store it as computed.

    Raises:
        StaleError: a guard does not hold any more.
    """
    answer = dry_run(session, write)
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
    """Dry-run a pod of the new template; no findings if the right to do so is missing: the check of rights says so."""
    answer = dry_run(session, pod_write(target, edits.after))
    if isinstance(answer, Accepted) or (isinstance(answer, Refused) and _NO_RIGHT_TO_PODS in answer.reason):
        return ()
    refused = isinstance(answer, Refused) and answer.status in _INVALID and _DRY_RUN_UNSUPPORTED not in answer.reason
    page = BY_CODE[INVALID_POD if refused else DOUBTFUL_POD]
    statement = (
        "would not take a pod of the new template" if refused else "does not say that it takes a pod of the plan"
    )
    where = f"{target.namespace}/rollout/{target.rollout}: spec.template"
    message = f"the API server {statement}: {answer.reason}"
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


def dry_run(session: Session, write: Write) -> Answer:
    """Send a write as a dry run: the same request, which changes nothing."""
    return send(session, replace(write, dry_run=True))


def ask_for_copies(evaluation: ClusterEvaluation, run: str) -> tuple[Finding, ...]:
    """Dry-run the copies that do not exist yet; return the objections."""
    session, target = evaluation.session, evaluation.snapshot.target
    missing = (copy for copy in evaluation.edits.copies if not is_there(session, target, copy))
    answers = ((copy, dry_run(session, copy_write_of(evaluation, copy, run))) for copy in missing)
    return tuple(finding for copy, answer in answers for finding in copy_findings(copy, target, answer))
