"""Watching a namespace: one reader per kind, everything that is seen goes to one mailbox.

The program ends by `close`, which wakes every reader; none of them can hold the program back.
"""

from collections.abc import Callable
from threading import Event, Thread
from time import monotonic
from typing import Final

from cutover.adapters.kube.paths import Place
from cutover.adapters.kube.reader import Reader
from cutover.adapters.kube.session import Session
from cutover.core.base.resources import WATCHED
from cutover.core.objects.watch_state import Sight

CLOSING: Final = 0.05
"""Seconds that `close` gives the readers; one that sits in a connect is left behind, it is a daemon."""


class Hub:
    """Watches every kind of a namespace from the moment it is made.

    `mailbox` is called from the readers' threads, so it must be safe to call from several at once
    (`queue.SimpleQueue.put` is). Sights of one kind come in order. `clock` is monotonic, in seconds.
    """

    def __init__(
        self,
        session: Session,
        namespace: str,
        mailbox: Callable[[Sight], None],
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._closed = Event()
        self._readers = tuple(Reader(session, Place(namespace, kind), mailbox, clock, self._closed) for kind in WATCHED)
        self._threads = tuple(
            Thread(target=reader.run, name=f"watch {reader.kind}", daemon=True) for reader in self._readers
        )
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """Stop watching at once. The mailbox may still get what was being handed over."""
        self._closed.set()
        for reader in self._readers:
            reader.wake()
        until = monotonic() + CLOSING
        for thread in self._threads:
            thread.join(max(0.0, until - monotonic()))
