"""What a read can bring besides the object: it is not there, it could not be read, or nothing was heard of it yet."""

from cutover.core.base.frozen import frozen


@frozen
class NotFound:
    """The API server said that the object does not exist."""

    what: str


@frozen
class ReadFailed:
    """The object could not be read, and why; it may or may not exist."""

    what: str
    reason: str


@frozen
class NotSeen:
    """Nothing has been heard of the object yet: neither that it is there nor that it is not."""
