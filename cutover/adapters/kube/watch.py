"""Watching a namespace: one thread per kind lists it and then watches it (Kubernetes' list + watch).

All watch events go to one mailbox. `close` wakes every thread; none of them can keep the program from ending.
"""

from collections.abc import Callable
from threading import Event
from typing import TYPE_CHECKING, Any, Final

from cutover.adapters.kube.api_errors import read_error
from cutover.adapters.kube.http_messages import ConnectionLost, Pairs, Response
from cutover.adapters.kube.paths import ObjectPath
from cutover.adapters.kube.read import VIEWS, document
from cutover.adapters.kube.session import Session
from cutover.core.base.cluster_text import Words, sentence, shown
from cutover.core.base.documents import Json, mapping, objects, parsed, quoted, text, whole
from cutover.core.objects.read_results import NotFound, ReadFailed
from cutover.core.objects.world import Deleted, StreamAlive, StreamLost, Synced, Upserted, WatchEvent

if TYPE_CHECKING:
    from cutover.adapters.kube.transport import Stream

from threading import Thread
from time import monotonic

from cutover.core.base.resources import WATCHED

CLOSING: Final = 0.05
"""Seconds that `close` waits for the readers. A reader that is still connecting is not waited for: it is a daemon."""


class NamespaceWatch:
    """Watches every kind of `WATCHED` in a namespace; the threads start at once.

    `mailbox` is called from the readers' threads, so it must be safe to call from several at once
    (`queue.SimpleQueue.put` is). The events of one kind come in order. `clock` is monotonic, in seconds.
    """

    def __init__(
        self,
        session: Session,
        namespace: str,
        mailbox: Callable[[WatchEvent], None],
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._closed = Event()
        self._readers = tuple(
            KindWatch(session, ObjectPath(namespace, kind), mailbox, clock, self._closed) for kind in WATCHED
        )
        self._threads = tuple(
            Thread(target=reader.run, name=f"watch {reader.kind}", daemon=True) for reader in self._readers
        )
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """Stop watching at once; an event that is just being handed over may still reach the mailbox."""
        self._closed.set()
        for reader in self._readers:
            reader.wake()
        until = monotonic() + CLOSING
        for thread in self._threads:
            thread.join(max(0.0, until - monotonic()))


WATCH_SECONDS: Final = 20
"""Seconds for which the API server is asked to keep a watch open. If it then ends the watch, it was alive."""

SILENCE_SECONDS: Final = 24.0
"""Seconds after which a watch that has not ended is given up: nothing else shows a connection that drops everything."""

FIRST_PAUSE: Final = 0.1
LONGEST_PAUSE: Final = 1.0
"""Seconds before the next try: the first pause, doubled up to the longest, until a watch has lasted that long."""

_OK: Final = 200
_GONE: Final = 410


class _Broken(Exception):  # noqa: N818 -- not handed out: it ends one attempt of the reader
    """Ends one attempt; with `version_lost` the next one has to list again.

    An empty reason means no outage: the `resourceVersion` has expired, which the API server may let happen at any time.
    `news` names the outage: while it stays the same, no further error is reported, because in a single outage a
    connection may be refused, reset and refused again.
    """

    def __init__(self, reason: Words, *, version_lost: bool = False, news: Words = "") -> None:
        super().__init__(shown(reason))
        self.reason = reason
        self.version_lost = version_lost
        self.news = news or reason


class KindWatch:
    """Lists and watches one kind, and posts its events. `run` is for a thread of its own, `wake` for any other."""

    def __init__(
        self,
        session: Session,
        place: ObjectPath,
        mailbox: Callable[[WatchEvent], None],
        clock: Callable[[], float],
        closed: Event,
    ) -> None:
        self.kind = place.resource
        self._session = session
        self._place = place
        self._mailbox = mailbox
        self._clock = clock
        self._closed = closed
        self._version = ""
        self._trouble: Words = ""
        self._pause = FIRST_PAUSE
        self._stream: Stream | None = None

    def run(self) -> None:
        """Read until closed. Report every error and try again; raise none, so that no reader ends unnoticed."""
        while not self._closed.is_set():
            try:
                self._attempt()
            except _Broken as broken:
                self._interrupted(broken)
            except ConnectionLost as lost:
                self._interrupted(_Broken(lost.reason, news="no connection"))
            except Exception as error:  # noqa: BLE001 -- a defect here must show as a kind that is not seen
                self._interrupted(_Broken(f"defect in cutover: {type(error).__name__}", version_lost=True))

    def wake(self) -> None:
        """End a read under way; call it after `closed` is set."""
        stream = self._stream
        if stream is not None:
            stream.close()

    def _attempt(self) -> None:
        if not self._version:
            self._list()
        began = self._clock()
        self._watch()
        if self._clock() - began < LONGEST_PAUSE:
            self._wait()  # the server may end every watch at once: no tight loop of requests
        else:
            self._pause = FIRST_PAUSE

    def _list(self) -> None:
        asked = self._clock()
        list_document = document(self._session, self._place)
        if isinstance(list_document, NotFound | ReadFailed):
            raise _Broken(_reason(list_document))
        view = VIEWS[self.kind]
        self._tell(Synced(self.kind, tuple(view(item) for item in objects(list_document, "items")), asked))
        self._version = text(list_document, "metadata", "resourceVersion")

    def _watch(self) -> None:
        with self._session.stream(self._place.path, self._query(), SILENCE_SECONDS) as stream:
            self._stream = stream
            if self._closed.is_set():
                return
            self._opened(stream)
            for line in stream.lines():
                self._take(_parsed(line))
        self._stream = None
        if not self._closed.is_set():
            self._tell(StreamAlive(self.kind, self._clock()))

    def _query(self) -> Pairs:
        return (
            ("watch", "true"),
            ("resourceVersion", self._version),
            ("allowWatchBookmarks", "true"),
            ("timeoutSeconds", str(WATCH_SECONDS)),
        )

    def _opened(self, stream: "Stream") -> None:
        if stream.status != _OK:
            raise _refused(Response(stream.status, stream.body()), self._place)
        self._tell(StreamAlive(self.kind, self._clock()))

    def _take(self, event: Any) -> None:
        """Post one event. After an `ERROR` the `resourceVersion` is useless, whatever the code (as in client-go)."""
        document, now = mapping(event, "object"), self._clock()
        match text(event, "type"):
            case "ADDED" | "MODIFIED":
                self._tell(Upserted(self.kind, VIEWS[self.kind](document), now))
            case "DELETED":
                name, uid = text(document, "metadata", "name"), text(document, "metadata", "uid")
                self._tell(Deleted(self.kind, name, uid, now))
            case "BOOKMARK":
                self._tell(StreamAlive(self.kind, now))
            case "ERROR":
                raise _failed(document)
        self._version = text(document, "metadata", "resourceVersion") or self._version

    def _tell(self, event: WatchEvent) -> None:
        self._trouble = ""
        self._mailbox(event)

    def _interrupted(self, broken: _Broken) -> None:
        """Report an outage once, and again only when its cause changes."""
        self._stream = None
        if broken.version_lost:
            self._version = ""
        if self._closed.is_set():
            return
        if broken.news not in {"", self._trouble}:
            self._trouble = broken.news
            self._mailbox(StreamLost(self.kind, broken.reason, self._clock()))
        self._wait()

    def _wait(self) -> None:
        self._closed.wait(self._pause)
        self._pause = min(2 * self._pause, LONGEST_PAUSE)


def _parsed(line: bytes) -> Any:
    try:
        return parsed(line)
    except ValueError as error:
        raise _Broken("the watch broke off in the middle of an event") from error


def _refused(response: Response, place: ObjectPath) -> _Broken:
    if response.status == _GONE:
        return _Broken("", version_lost=True)
    return _Broken(_reason(read_error(response, place, "watch")))


def _failed(status: Json) -> _Broken:
    """What an `ERROR` event means for the attempt; `status` is the `Status` document in it."""
    if whole(status, "code") == _GONE:
        return _Broken("", version_lost=True)
    return _Broken(sentence("the watch failed: ", quoted(status, "message")), version_lost=True)


def _reason(failure: NotFound | ReadFailed) -> Words:
    return failure.reason if isinstance(failure, ReadFailed) else "not found"
