"""The view of an Event. It is text for the report, never a signal, because events are rate-limited and merged."""

from cutover.core.base.cluster_text import ClusterText
from cutover.core.base.documents import Json, moment, quoted, text, whole
from cutover.core.base.frozen import frozen


@frozen
class EventView:
    """An Event about one object; `last` is in seconds since the epoch by the server's clock."""

    about_kind: str
    about_name: str
    about_uid: str
    type: str
    reason: str
    message: ClusterText
    count: int
    last: float


def event_view(document: Json) -> EventView:
    """Read a core/v1 Event; `last` comes from `eventTime` if `lastTimestamp` is not set, as in newer Events."""
    return EventView(
        about_kind=text(document, "involvedObject", "kind"),
        about_name=text(document, "involvedObject", "name"),
        about_uid=text(document, "involvedObject", "uid"),
        type=text(document, "type"),
        reason=text(document, "reason"),
        message=quoted(document, "message"),
        count=whole(document, "count", default=1),
        last=moment(document, "lastTimestamp") or moment(document, "eventTime"),
    )
