"""The view of a ResourceQuota: what it limits, and how much of that is used."""

from collections.abc import Mapping

from cutover.core.base.documents import Json, at, mapping
from cutover.core.base.frozen import frozen
from cutover.core.objects.meta import Meta, meta_view


@frozen
class QuotaView:
    """A quota. `hard` and `used` are as the API spells them. A `scoped` quota counts only some pods of the namespace.

    A resource that is not in `used` has not been counted yet.
    """

    meta: Meta
    scoped: bool
    hard: Mapping[str, str]
    used: Mapping[str, str]


def quota_view(document: Json) -> QuotaView:
    """Read a ResourceQuota. `hard` is that of the status, which is in force; `spec.hard` may be newer."""
    return QuotaView(
        meta=meta_view(document),
        scoped=any(at(document, "spec", field) for field in ("scopes", "scopeSelector")),
        hard=_quantities(document, "hard"),
        used=_quantities(document, "used"),
    )


def _quantities(document: Json, field: str) -> Mapping[str, str]:
    """Return the quantities as text; in a file a quantity may be a plain number."""
    return {name: str(value) for name, value in mapping(document, "status", field).items()}
