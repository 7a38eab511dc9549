"""Asking for a write as a dry run: the same request, which changes nothing. Cheap to import: looking is the default."""

from dataclasses import replace

from cutover.adapters.kube.session import Session
from cutover.adapters.kube.write import send
from cutover.core.writes.write import Answer, Write


def rehearse(session: Session, write: Write) -> Answer:
    """What the API server would make of a write."""
    return send(session, replace(write, dry_run=True))
