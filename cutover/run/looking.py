"""Commands that only look."""

from dataclasses import replace

from cutover.core.base.redaction import Redactor
from cutover.core.base.target import Target
from cutover.core.review.status import Status, status_of
from cutover.edge.kube.session import connect
from cutover.edge.kube.snapshot import snapshot
from cutover.edge.run_key import run_key


def look_at(app: str, namespace: str, kubeconfig: str, context: str) -> Status:
    """How the application's Rollout stands, text from the cluster redacted by pattern.

    Raises:
        CutoverError: the cluster cannot be reached, or there is no such Rollout.
    """
    session = connect(kubeconfig, context)
    target = Target(app, namespace, app, session.context)
    return clean(status_of(snapshot(session, target)), Redactor(run_key()))


def clean(status: Status, redactor: Redactor) -> Status:
    """The status with every text that came from the cluster redacted."""
    return replace(status, phase=replace(status.phase, message=redactor.text(status.phase.message)))
