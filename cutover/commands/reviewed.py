"""Holding the live state against what was reviewed, before anything is written."""

from cutover.adapters.clock import now
from cutover.core.base.errors import StaleError
from cutover.core.base.redaction import Redactor
from cutover.core.objects.snapshot import Snapshot
from cutover.core.patch.edit import Edits
from cutover.core.review.reviewed_plan import Review, ground_of, moved


def demand_reviewed(review: Review, snapshot: Snapshot, edits: Edits, redactor: Redactor) -> None:
    """That all is as it was reviewed, field by field, and the review still good.

    Raises:
        StaleError: something has moved, with everything that has.
    """
    ground = ground_of(snapshot, edits, redactor, review.salt)
    problems = (*review.expired(now().utc), *moved(review.ground, ground))
    if problems:
        raise StaleError(*problems)
