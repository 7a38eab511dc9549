"""Holding the live state against what was reviewed, before anything is written."""

from cutover.core.edit import Edits
from cutover.core.errors import StaleError
from cutover.core.redact import Redactor
from cutover.core.reviewed import Review, ground_of, moved
from cutover.core.snapshot import Snapshot
from cutover.edge.clock import now


def demand_reviewed(review: Review, snapshot: Snapshot, edits: Edits, redactor: Redactor) -> None:
    """That all is as it was reviewed, field by field, and the review still good.

    Raises:
        StaleError: something has moved, with everything that has.
    """
    ground = ground_of(snapshot, edits, redactor, review.salt)
    problems = (*review.expired(now().utc), *moved(review.ground, ground))
    if problems:
        raise StaleError(*problems)
