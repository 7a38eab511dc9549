"""The hub against the real API server: that its streams mean what the reader takes them to mean."""

import json
import queue
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from cutover.adapters.kube.session import Session
from cutover.adapters.kube.watch import NamespaceWatch
from cutover.core.base.resources import WATCHED, Resource
from cutover.core.objects.rollout import RolloutView
from cutover.core.objects.world import Deleted, StreamAlive, StreamLost, Synced, Upserted, WatchEvent
from tests.adapters.kube.shop import Shop, opened
from tests.cluster.bed import Bed

pytestmark = pytest.mark.cluster


@pytest.fixture(scope="module")
def shop(bed: Bed, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    with opened(bed, f"edge-hub-{secrets.token_hex(4)}", tmp_path_factory.mktemp("shop")) as shop:
        yield shop


WatchMailbox = queue.SimpleQueue[WatchEvent]


@contextmanager
def _watching(shop: Shop, session: Session | None = None) -> Iterator[WatchMailbox]:
    mailbox: WatchMailbox = queue.SimpleQueue()
    watch = NamespaceWatch(session or shop.session, shop.namespace, mailbox.put)
    try:
        yield mailbox
    finally:
        began = time.monotonic()
        watch.close()
        assert time.monotonic() - began < 0.3


def _until(mailbox: WatchMailbox, true: Callable[[WatchEvent], bool], within: float = 30) -> WatchEvent:
    ends = time.monotonic() + within
    while True:
        event = mailbox.get(timeout=max(0.01, ends - time.monotonic()))
        if true(event):
            return event


def _opened(mailbox: WatchMailbox) -> None:
    missing = set(WATCHED)
    while missing:
        event = mailbox.get(timeout=30)
        missing -= {event.kind} if isinstance(event, StreamAlive) else set()


def test_every_kind_is_listed_and_then_alive(shop: Shop) -> None:
    with _watching(shop) as mailbox:
        events = [mailbox.get(timeout=30) for _ in range(2 * len(WATCHED))]
    assert {event.kind for event in events if isinstance(event, Synced)} == set(WATCHED)
    assert {event.kind for event in events if isinstance(event, StreamAlive)} == set(WATCHED)


def test_a_patch_by_somebody_arrives_at_once(shop: Shop) -> None:
    with _watching(shop) as mailbox:
        _opened(mailbox)
        shop.patch({"spec": {"minReadySeconds": 3}})
        began = time.monotonic()
        _until(mailbox, lambda event: _has(event, 3))
        assert time.monotonic() - began < 1  # the time is measured in tests/bench, here it is only not a poll
    shop.patch({"spec": {"minReadySeconds": 0}})


def _has(event: WatchEvent, seconds: int) -> bool:
    view = event.view if isinstance(event, Upserted) else None
    return isinstance(view, RolloutView) and view.min_ready_seconds == seconds


def test_a_pod_that_is_deleted_is_removed_and_another_comes(shop: Shop) -> None:
    with _watching(shop) as mailbox:
        pods = _until(mailbox, lambda event: isinstance(event, Synced) and event.kind is Resource.POD)
        assert isinstance(pods, Synced)
        (pod,) = pods.views
        shop.kubectl("delete", "pod", pod.meta.name, "--wait=false", "--grace-period=1")
        removed = _until(mailbox, lambda event: isinstance(event, Deleted) and event.kind is Resource.POD)
        assert isinstance(removed, Deleted)
        assert (removed.name, removed.uid) == (pod.meta.name, pod.meta.uid)


def test_a_quiet_kind_stays_alive_because_its_watch_ends_and_is_opened_again(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cutover.adapters.kube.watch.WATCH_SECONDS", 1)
    with _watching(shop) as mailbox:
        seen: list[WatchEvent] = []
        _until(mailbox, lambda event: _quiet(seen, event) >= 6)
    kinds = {type(event) for event in seen if event.kind is Resource.ANALYSISRUN}
    assert kinds == {Synced, StreamAlive}
    assert StreamLost not in {type(event) for event in seen}


def _quiet(seen: list[WatchEvent], event: WatchEvent) -> int:
    seen.append(event)
    return len([one for one in seen if one.kind is Resource.ANALYSISRUN and isinstance(one, StreamAlive)])


def test_nothing_that_happens_between_two_watches_is_missed(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cutover.adapters.kube.watch.WATCH_SECONDS", 1)
    monkeypatch.setattr("cutover.adapters.kube.watch.FIRST_PAUSE", 0.5)
    with _watching(shop) as mailbox:
        _opened(mailbox)
        for number in range(10, 30):
            shop.patch({"spec": {"minReadySeconds": number}})
        seen: list[int] = []
        _until(mailbox, lambda event: _collected(seen, event) == 29)
    assert [number for number in dict.fromkeys(seen) if number >= 10] == list(range(10, 30))
    shop.patch({"spec": {"minReadySeconds": 0}})


def _collected(seen: list[int], event: WatchEvent) -> int:
    if isinstance(event, Upserted) and isinstance(event.view, RolloutView):
        seen.append(event.view.min_ready_seconds)
    return seen[-1] if seen else 0


def test_a_kind_without_the_right_is_lost_and_the_others_go_on(shop: Shop) -> None:
    session = shop.person("watcher", "list,watch rollouts.argoproj.io", "list,watch pods")
    with _watching(shop, session) as mailbox:
        seen = [mailbox.get(timeout=30) for _ in range(7)]
    lost = {event.kind: event.reason for event in seen if isinstance(event, StreamLost)}
    assert set(lost) == {Resource.REPLICASET, Resource.ENDPOINTSLICE, Resource.ANALYSISRUN}
    assert lost[Resource.ANALYSISRUN] == f"the right to list analysisruns in namespace {shop.namespace} is missing"
    assert {event.kind for event in seen if isinstance(event, StreamAlive)} == {Resource.ROLLOUT, Resource.POD}


def test_a_version_that_is_too_old_is_answered_with_410(shop: Shop) -> None:
    """Where the reader lists anew: the real server says it inside a stream that it has opened with 200."""
    path = f"/apis/argoproj.io/v1alpha1/namespaces/{shop.namespace}/rollouts"
    with shop.session.stream(path, (("watch", "true"), ("resourceVersion", "1")), 10) as stream:
        event = json.loads(next(stream.lines()))
    assert stream.status == 200
    assert (event["type"], event["object"]["code"]) == ("ERROR", 410)
