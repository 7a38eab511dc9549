"""The hub on the wire: from where a broken watch goes on, what is told meanwhile, and how fast it ends.

One kind is played with; the others are quiet: listed empty, then silent. Real watches: `test_cluster_watch.py`.
"""

import queue
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from cutover.adapters.kube.session import connect
from cutover.adapters.kube.watch import NamespaceWatch
from cutover.core.base.resources import WATCHED, Resource
from cutover.core.objects.world import Deleted, StreamAlive, StreamLost, Synced, Upserted, WatchEvent
from tests.adapters.kube.server import ApiServer, Call, Reply, listing, rollout_document
from tests.quotations import unmasked


class Watching:
    """A hub in front of a server, and what it saw of Rollouts."""

    def __init__(self, watch: NamespaceWatch, server: ApiServer, mailbox: "queue.SimpleQueue[WatchEvent]") -> None:
        self.watch = watch
        self.server = server
        self._mailbox = mailbox

    def next(self, timeout: float = 5.0) -> WatchEvent:
        """The next sight of a Rollout."""
        while True:
            event = self._mailbox.get(timeout=timeout)
            if event.kind is Resource.ROLLOUT:
                return event

    def some(self, number: int) -> list[WatchEvent]:
        """The next sights of Rollouts."""
        return [self.next() for _ in range(number)]

    def versions(self) -> list[str]:
        """The version from which each watch of Rollouts was opened; `list` for each list."""
        seen = (seen for seen in self.server.seen if seen.path.endswith("/rollouts"))
        return [one.query.get("resourceVersion", "list") for one in seen]


@contextmanager
def _watching(folder: Path, *rounds: Reply, lists: Reply | None = None) -> Iterator[Watching]:
    """A hub; each watch of Rollouts is answered by the next of `rounds`, and by silence after the last."""
    left, over = iter(rounds), threading.Event()

    def quiet(call: Call) -> None:
        call.begin()
        over.wait(10)

    def answer(call: Call) -> None:
        rollouts = call.seen.path.endswith("/rollouts")
        if "watch" in call.seen.query:
            (next(left, quiet) if rollouts else quiet)(call)
        else:
            (lists if lists and rollouts else _listed)(call)

    mailbox: queue.SimpleQueue[WatchEvent] = queue.SimpleQueue()
    with ApiServer(answer) as server:
        watch = NamespaceWatch(connect(server.kubeconfig(folder)), "payments", mailbox.put)
        try:
            yield Watching(watch, server, mailbox)
        finally:
            watch.close()
            over.set()


def _listed(call: Call) -> None:
    call.reply(200, listing(rollout_document(), version="10"))


def _object(version: str) -> dict[str, Any]:
    document = rollout_document()
    return document | {"metadata": document["metadata"] | {"resourceVersion": version}}


def _kinds(events: list[WatchEvent]) -> list[str]:
    return [type(event).__name__ for event in events]


def _ends(*events: tuple[str, dict[str, Any]]) -> Reply:
    """A watch that hands out these events and ends as it should."""

    def answer(call: Call) -> None:
        call.begin()
        for type_, document in events:
            call.event(type_, document)
        call.end()

    return answer


def test_every_kind_is_listed_and_watched(tmp_path: Path) -> None:
    with _watching(tmp_path) as watching:
        assert _kinds(watching.some(2)) == ["Synced", "StreamAlive"]
        time.sleep(0.3)
        lists = {seen.path.rsplit("/", 1)[-1] for seen in watching.server.seen if "watch" not in seen.query}
        watches = [seen for seen in watching.server.seen if "watch" in seen.query]
    assert lists == {kind.value for kind in WATCHED}
    assert {seen.path.rsplit("/", 1)[-1] for seen in watches} == lists
    assert watches[0].query == {
        "watch": "true",
        "resourceVersion": "10",
        "allowWatchBookmarks": "true",
        "timeoutSeconds": "20",
    }


def test_what_the_api_server_tells_becomes_watch_events(tmp_path: Path) -> None:
    handed = (("ADDED", _object("11")), ("MODIFIED", _object("12")), ("DELETED", _object("13")))
    with _watching(tmp_path, _ends(*handed)) as watching:
        events = watching.some(6)
    assert _kinds(events) == ["Synced", "StreamAlive", "Upserted", "Upserted", "Deleted", "StreamAlive"]
    changed, removed = events[3], events[4]
    assert isinstance(changed, Upserted)
    assert changed.view.meta.resource_version == "12"
    assert isinstance(removed, Deleted)
    assert (removed.name, removed.uid) == ("payments", "uid-payments")


def test_a_watch_that_ended_is_opened_again_where_it_stood(tmp_path: Path) -> None:
    bookmark = ("BOOKMARK", {"metadata": {"resourceVersion": "30"}})
    with _watching(tmp_path, _ends(("MODIFIED", _object("20"))), _ends(bookmark)) as watching:
        assert _kinds(watching.some(7)) == [
            "Synced",
            "StreamAlive",
            "Upserted",
            "StreamAlive",
            "StreamAlive",
            "StreamAlive",
            "StreamAlive",
        ]
        watching.next()
        assert watching.versions() == ["list", "10", "20", "30"]


@pytest.mark.parametrize(
    "expired",
    [
        lambda call: call.refuse(410, "Expired"),
        _ends(("ERROR", {"kind": "Status", "code": 410, "reason": "Expired", "message": "too old"})),
    ],
)
def test_an_expired_version_is_listed_anew_and_is_no_outage(tmp_path: Path, expired: Reply) -> None:
    with _watching(tmp_path, expired) as watching:
        events = [watching.next()]
        while not (isinstance(events[-1], StreamAlive) and len(watching.versions()) == 4):
            events.append(watching.next())
        assert watching.versions() == ["list", "10", "list", "10"]
    assert not [event for event in events if isinstance(event, StreamLost)]
    assert len([event for event in events if isinstance(event, Synced)]) == 2


def test_an_error_in_the_stream_is_told_and_listed_anew(tmp_path: Path) -> None:
    error = _ends(("ERROR", {"kind": "Status", "code": 500, "message": "cannot decode"}))
    with _watching(tmp_path, error) as watching:
        events = watching.some(4)
    assert _kinds(events) == ["Synced", "StreamAlive", "StreamLost", "Synced"]
    assert isinstance(events[2], StreamLost)
    assert unmasked(events[2].reason) == "the watch failed: cannot decode"


def _cut_after_one(call: Call) -> None:
    call.begin()
    call.event("MODIFIED", _object("20"))
    call.cut()


def test_a_watch_that_breaks_is_told_once_and_goes_on_where_it_stood(tmp_path: Path) -> None:
    with _watching(tmp_path, _cut_after_one, Call.cut, Call.cut, Call.cut) as watching:
        assert _kinds(watching.some(5)) == ["Synced", "StreamAlive", "Upserted", "StreamLost", "StreamAlive"]
        assert watching.versions() == ["list", "10", "20", "20", "20", "20"]


def test_half_an_event_is_not_believed(tmp_path: Path) -> None:
    def half(call: Call) -> None:
        call.begin()
        call.chunk(b'{"type":"MODIFIED","obj')
        call.end()

    with _watching(tmp_path, half) as watching:
        assert _kinds(watching.some(4)) == ["Synced", "StreamAlive", "StreamLost", "StreamAlive"]


def test_a_list_that_fails_is_tried_until_it_works(tmp_path: Path) -> None:
    answers: Iterator[Reply] = iter((Call.cut, Call.cut))

    def lists(call: Call) -> None:
        next(answers, _listed)(call)

    with _watching(tmp_path, lists=lists) as watching:
        assert _kinds(watching.some(3)) == ["StreamLost", "Synced", "StreamAlive"]


@pytest.mark.parametrize(
    ("no", "reason"),
    [
        (lambda call: call.refuse(403, "Forbidden"), "the right to list rollouts in namespace payments is missing"),
        (lambda call: call.reply(404, b"404 page"), "the API server does not know rollouts: its CRD is not installed"),
        (lambda call: call.refuse(401, "Unauthorized"), "the API server refused the credentials (401)"),
    ],
)
def test_a_kind_that_may_not_be_read_is_lost_with_the_reason_and_tried_on(
    tmp_path: Path, no: Reply, reason: str
) -> None:
    with _watching(tmp_path, lists=no) as watching:
        lost = watching.next()
        assert isinstance(lost, StreamLost)
        assert lost.reason == reason
        time.sleep(0.5)
        assert len(watching.versions()) > 1
        with pytest.raises(queue.Empty):
            watching.next(timeout=0.1)


def test_a_watch_that_may_not_be_opened_is_lost_with_the_reason(tmp_path: Path) -> None:
    with _watching(tmp_path, lambda call: call.refuse(403, "Forbidden")) as watching:
        lost = watching.some(2)[1]
    assert isinstance(lost, StreamLost)
    assert lost.reason == "the right to watch rollouts in namespace payments is missing"


def test_a_connection_that_swallows_everything_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cutover.adapters.kube.watch.SILENCE_SECONDS", 0.4)
    with _watching(tmp_path) as watching:
        began = time.monotonic()
        lost = watching.some(3)[2]
        assert time.monotonic() - began < 5
    assert isinstance(lost, StreamLost)
    assert lost.reason == "no answer in time"


def test_signs_of_life_do_not_keep_a_watch_open_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The API server ends a watch after 20 s; one that goes on has lost its end to something in between."""
    monkeypatch.setattr("cutover.adapters.kube.watch.SILENCE_SECONDS", 0.4)

    def chatty(call: Call) -> None:
        call.begin()
        for version in range(20, 60):
            call.event("MODIFIED", _object(str(version)))
            time.sleep(0.05)

    with _watching(tmp_path, chatty) as watching:
        began = time.monotonic()
        while not isinstance(watching.next(), StreamLost):
            pass
        assert time.monotonic() - began < 5


def test_a_server_that_ends_every_watch_at_once_is_not_asked_in_a_tight_loop(tmp_path: Path) -> None:
    with _watching(tmp_path, *[_ends()] * 1000) as watching:
        time.sleep(1)
        assert len(watching.versions()) < 8


def test_a_defect_in_a_reader_shows_as_a_kind_that_is_not_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cutover.adapters.kube.watch.VIEWS", {})
    with _watching(tmp_path) as watching:
        lost = watching.next()
    assert isinstance(lost, StreamLost)
    assert lost.reason == "defect in cutover: KeyError"


def test_it_closes_at_once_and_says_nothing_more(tmp_path: Path) -> None:
    with _watching(tmp_path) as watching:
        watching.some(2)
        time.sleep(0.2)
        began = time.monotonic()
        watching.watch.close()
        assert time.monotonic() - began < 0.3
        assert not [
            thread for thread in threading.enumerate() if thread.name.startswith("watch ") and thread.is_alive()
        ]
        with pytest.raises(queue.Empty):
            watching.next(timeout=0.2)


def test_it_closes_at_once_while_readers_wait_for_a_first_answer(tmp_path: Path) -> None:
    with ApiServer(lambda _: time.sleep(2)) as server:
        watch = NamespaceWatch(connect(server.kubeconfig(tmp_path)), "payments", lambda _: None)
        time.sleep(0.1)
        began = time.monotonic()
        watch.close()
        assert time.monotonic() - began < 0.4


def test_an_event_is_handed_on_before_the_next_one_comes(tmp_path: Path) -> None:
    """No reader waits for a full buffer: a large event in small pieces, then one event, then nothing."""
    large = _object("20")
    large["spec"]["template"]["filler"] = "x" * 200_000
    sent: list[float] = []

    def two(call: Call) -> None:
        call.begin()
        call.event("MODIFIED", large)
        time.sleep(0.3)
        sent.append(time.monotonic())
        call.event("MODIFIED", _object("21"))
        time.sleep(3)

    with _watching(tmp_path, two) as watching:
        assert _kinds(watching.some(4)) == ["Synced", "StreamAlive", "Upserted", "Upserted"]
        assert time.monotonic() - sent[0] < 0.5
