"""The view of a Lease: who holds a target, since when, and how it was last renewed."""

from cutover.core.base.documents import Json, mapping, text, whole
from cutover.core.base.frozen import frozen
from cutover.core.objects.meta import Meta, meta_view


@frozen
class LeaseView:
    """A Lease. `renewed` is a time of the holder's own clock, as text: it is only good to see whether it changes.

    `seconds` is how long a renewal is valid.
    """

    meta: Meta
    holder: str
    seconds: int
    renewed: str
    transitions: int


def lease_view(document: Json) -> LeaseView:
    """Read a Lease; `holder` is empty if nobody holds it."""
    spec = mapping(document, "spec")
    return LeaseView(
        meta=meta_view(document),
        holder=text(spec, "holderIdentity"),
        seconds=whole(spec, "leaseDurationSeconds"),
        renewed=text(spec, "renewTime"),
        transitions=whole(spec, "leaseTransitions"),
    )
