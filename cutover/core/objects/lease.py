"""The view of a Lease: who holds a target, since when, and how it was last renewed."""

from cutover.core.base.documents import Json, mapping, text, whole
from cutover.core.base.frozen import frozen
from cutover.core.objects.meta import Meta, meta_view


@frozen
class LeaseView:
    """A Lease. `renewed` is the holder's own clock as text: only whether it changes says anything.

    `seconds` is for how long a renewal is good.
    """

    meta: Meta
    holder: str
    seconds: int
    renewed: str
    transitions: int


def lease_view(document: Json) -> LeaseView:
    """The view of a Lease document."""
    spec = mapping(document, "spec")
    return LeaseView(
        meta=meta_view(document),
        holder=text(spec, "holderIdentity"),
        seconds=whole(spec, "leaseDurationSeconds"),
        renewed=text(spec, "renewTime"),
        transitions=whole(spec, "leaseTransitions"),
    )
