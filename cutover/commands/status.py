"""Commands that only look."""

from dataclasses import replace

from cutover.adapters.kube.session import connect
from cutover.adapters.kube.snapshot import read_snapshot
from cutover.adapters.run_identity import run_key
from cutover.core.base.redaction import Redactor
from cutover.core.base.target import Target
from cutover.core.review.status import Status, status_of


def look_at(app: str, namespace: str, kubeconfig: str, context: str) -> Status:
    """How the application's Rollout stands, text from the cluster redacted by pattern.

    Raises:
        CutoverError: the cluster cannot be reached, or there is no such Rollout.
    """
    session = connect(kubeconfig, context)
    target = Target(app, namespace, app, session.context)
    return clean(status_of(read_snapshot(session, target)), Redactor(run_key()))


def clean(status: Status, redactor: Redactor) -> Status:
    """The status with every text that came from the cluster redacted."""
    return replace(status, phase=replace(status.phase, message=redactor.text(status.phase.message)))
