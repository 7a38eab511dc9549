"""`cutover status`: connect, read the target, describe its state with the cluster's text redacted."""

from dataclasses import replace

from cutover.adapters.kube.session import connect
from cutover.adapters.kube.snapshot import read_snapshot
from cutover.adapters.run_identity import run_key
from cutover.core.base.redaction import Redactor
from cutover.core.base.target import Target
from cutover.core.review.status import Status, status_of


def look_at(app: str, namespace: str, kubeconfig: str, context: str) -> Status:
    """Read the state of the application's Rollout, with the cluster's text redacted by the credential patterns.

    Raises:
        CutoverError: the cluster cannot be reached, or there is no such Rollout.
    """
    session = connect(kubeconfig, context)
    target = Target(app, namespace, app, session.context)
    return clean(status_of(read_snapshot(session, target)), Redactor(run_key()))


def clean(status: Status, redactor: Redactor) -> Status:
    """Redact every text that the cluster wrote: the message of the phase, the pods' states, the run's name."""
    revisions = (
        replace(line, pods=tuple(replace(pod, state=redactor.words(pod.state)) for pod in line.pods))
        for line in status.revisions
    )
    return replace(
        status,
        phase=replace(status.phase, message=redactor.words(status.phase.message)),
        revisions=tuple(revisions),
        run=redactor.text(status.run),
    )
