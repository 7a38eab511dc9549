"""Asking the API server what it would make of everything that a run writes, side by side; nothing is changed."""

from cutover.core.checks.finding import Finding
from cutover.core.machine.brief import Brief
from cutover.edge.later import Later
from cutover.run.admission import ask_admission, ask_for_a_pod
from cutover.run.copying import ask_for_copies
from cutover.run.prepare import Prepared


def dry_runs(prepared: Prepared, brief: Brief) -> tuple[Finding, ...]:
    """What the API server says against the copies, the write of the Rollout, and a pod of the new template.

    Raises:
        StaleError: the Rollout has moved since it was read.
    """
    session, edits = prepared.session, prepared.edits
    pod = Later(lambda: ask_for_a_pod(session, brief.target, edits))
    copies = Later(lambda: ask_for_copies(prepared, brief.run))
    dry = tuple(finding for write in brief.cutover for finding in ask_admission(session, write, edits))
    return (*copies.result(), *dry, *pod.result())
