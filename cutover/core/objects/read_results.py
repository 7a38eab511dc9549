"""The results of a read that brought no object: it does not exist, could not be read, or was not reported yet."""

from cutover.core.base.cluster_text import Words
from cutover.core.base.frozen import frozen


@frozen
class NotFound:
    """The API server answered that the object does not exist."""

    what: str


@frozen
class ReadFailed:
    """The object could not be read, for `reason`; it may or may not exist."""

    what: str
    reason: Words


def as_failure(result: NotFound | ReadFailed) -> ReadFailed:
    """Turn `NotFound` into a failed read, for lists and evidence: there it does not mean that an object is absent."""
    return result if isinstance(result, ReadFailed) else ReadFailed(result.what, "not found")


@frozen
class NotSeen:
    """The watch has not reported yet whether the object exists."""
