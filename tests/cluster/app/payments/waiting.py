"""Deadlines for psycopg2: libpq's connect_timeout knows whole seconds from 2 on, and a query has none at all."""

import contextlib
import select
import threading
import time
from collections.abc import Iterator
from typing import Any, Final

from psycopg2 import extensions  # type: ignore[import-not-found,import-untyped,unused-ignore] # inside the image only

_deadline = threading.local()
_EVENTS: Final = {extensions.POLL_READ: select.POLLIN, extensions.POLL_WRITE: select.POLLOUT}


@contextlib.contextmanager
def until(end: float) -> Iterator[None]:
    """Within this block the thread's database calls end at this monotonic time, with TimeoutError."""
    _deadline.end = end
    yield


def _wait(connection: Any) -> None:
    while (state := connection.poll()) != extensions.POLL_OK:
        left = _deadline.end - time.monotonic()
        if left <= 0 or not _happens(connection.fileno(), _EVENTS[state], left):
            raise TimeoutError


def _happens(descriptor: int, events: int, seconds: float) -> bool:
    poll = select.poll()
    poll.register(descriptor, events)
    return bool(poll.poll(seconds * 1000))


extensions.set_wait_callback(_wait)
