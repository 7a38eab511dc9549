"""The verdict of a run as its Lease keeps it, so that a process that finishes the run knows why it goes back."""

import json

from cutover.core.base.causes import Reaction, rule
from cutover.core.base.documents import flag, text
from cutover.core.base.frozen import frozen
from cutover.core.base.outcomes import Attribution, Cause
from cutover.core.objects.lease import LeaseView
from cutover.core.objects.read_results import NotFound
from cutover.core.writes.lease import BECAUSE, VERDICT


@frozen
class StoredVerdict:
    """A verdict as the Lease keeps it; `promoted` tells whether the canary was stable by then."""

    reaction: Reaction
    cause: Cause
    promoted: bool


def verdict_text(reaction: Reaction, cause: Cause, *, promoted: bool) -> str:
    """Return a verdict as text for the Lease; the words of its cause are in another annotation."""
    known = {"course": reaction.value, "code": cause.code, "attribution": cause.attribution.value, "promoted": promoted}
    return json.dumps(known, sort_keys=True)


def stored_verdict(lease: LeaseView | NotFound) -> StoredVerdict | None:
    """Return the verdict on a Lease; one that cannot be read means to go back."""
    if isinstance(lease, NotFound) or VERDICT not in lease.meta.annotations:
        return None
    try:
        return _read(lease)
    except (ValueError, LookupError, RecursionError):
        return StoredVerdict(Reaction.FAIL, unknown_intent("its verdict cannot be read"), promoted=False)


def _read(lease: LeaseView) -> StoredVerdict:
    known = json.loads(lease.meta.annotations[VERDICT])
    code = rule(text(known, "code")).code
    cause = Cause(
        Attribution(text(known, "attribution")), code, lease.meta.annotations.get(BECAUSE, rule(code).meaning)
    )
    return StoredVerdict(Reaction(text(known, "course")), cause, promoted=flag(known, "promoted"))


def unknown_intent(why: str) -> Cause:
    """Return the cause of a run that goes back because its intent cannot be read; `why` ends the message."""
    return Cause(rule("unknown-intent").attribution, "unknown-intent", f"what the run meant cannot be told: {why}")
