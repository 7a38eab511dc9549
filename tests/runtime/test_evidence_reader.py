"""The reads that the engine asks for: nobody waits for them, what fails is missed, and no value comes through."""

from collections.abc import Iterator
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Event
from typing import Any, Final

import pytest

from cutover.adapters.kube.session import connect
from cutover.core.base.redaction import Redactor
from cutover.core.base.resources import WATCHED
from cutover.core.base.secret_text import SecretText
from cutover.core.engine.decision import CollectEvidence
from cutover.core.engine.observation import Evidence, EvidenceKind, FreshRead
from cutover.core.objects.read_results import ReadFailed
from cutover.core.objects.world import World
from cutover.core.writes.write import FIELD_MANAGER
from cutover.runtime import evidence_reader
from cutover.runtime.evidence_reader import EvidenceReader
from tests.adapters.kube.server import ApiServer, Call, listing, rollout_document
from tests.core.engine.stage import BASE, NEW, TARGET, ClusterStage, opening
from tests.runtime.ports import BEGAN, MovedClock

PLANTED: Final = "planted-pass-9"
STAGE: Final = opening().adopted().canary()
POD: Final = f"payments-{NEW}-0"
Posted = FreshRead | Evidence


class Reader:
    """An evidence reader of the usual run, and a server that answers as the test says."""

    def __init__(self, folder: Path) -> None:
        self.server = ApiServer(Call.cut)
        self.clock = MovedClock()
        self.posted: SimpleQueue[Posted] = SimpleQueue()
        self._session = connect(self.server.kubeconfig(folder))

    def reads(self, since: float | None = None) -> EvidenceReader:
        return EvidenceReader(
            self._session,
            target=TARGET,
            base_hash=BASE,
            redactor=Redactor(b"k" * 32).knowing([SecretText(PLANTED)]),
            clock=self.clock,
            post=self.posted.put,
            since=since,
        )

    def evidence(
        self,
        kind: EvidenceKind,
        about: str = POD,
        container: str = "",
        since: float | None = None,
        stage: ClusterStage = STAGE,
    ) -> Evidence:
        """The piece of evidence that comes of that request, asked for while the cluster was seen as this stage."""
        ask = CollectEvidence(kind, about, container, 0, 8080, "/readyz")
        self.reads(since).begin_collect(ask, stage.world(BEGAN.mono))
        piece = self.posted.get(timeout=10)
        assert isinstance(piece, Evidence)
        return piece


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[Reader]:
    one = Reader(tmp_path)
    with one.server:
        yield one


def world() -> World:
    return STAGE.world(BEGAN.mono)


def event(name: str, last: str, message: str = "back-off", count: int = 1) -> dict[str, Any]:
    return {
        "metadata": {"name": name, "namespace": "payments"},
        "type": "Warning",
        "reason": "BackOff",
        "message": message,
        "count": count,
        "lastTimestamp": last,
    }


LOG: Final = [(EvidenceKind.LOG, {"previous": None}), (EvidenceKind.PREVIOUS_LOG, {"previous": "true"})]


@pytest.mark.parametrize(("kind", "query"), LOG)
def test_a_log_is_read_of_the_container_and_redacted(kind: EvidenceKind, query: dict[str, Any], reader: Reader) -> None:
    reader.server.answer = lambda call: call.reply(200, f"cannot log in with {PLANTED}\n".encode())
    piece = reader.evidence(kind, container="app")
    assert (piece.kind, piece.about, piece.container, piece.missed) == (kind, POD, "app", "")
    assert piece.text.startswith("cannot log in with <masked-")
    (seen,) = reader.server.seen
    assert seen.path == f"/api/v1/namespaces/payments/pods/{POD}/log"
    assert (seen.query["container"], seen.query.get("previous")) == ("app", query["previous"])


def test_a_readiness_endpoint_is_asked_through_the_api_server(reader: Reader) -> None:
    reader.server.answer = lambda call: call.reply(503, f"db says {PLANTED}".encode())
    piece = reader.evidence(EvidenceKind.READYZ)
    assert piece.text.startswith("503\ndb says <masked-")
    assert reader.server.seen[0].path == f"/api/v1/namespaces/payments/pods/{POD}:8080/proxy/readyz"


@pytest.mark.parametrize("kind", EvidenceKind)
def test_what_cannot_be_read_is_missed_and_says_why_without_a_value(kind: EvidenceKind, reader: Reader) -> None:
    reader.server.answer = lambda call: call.refuse(403, "Forbidden", f"no rights, {PLANTED}")
    piece = reader.evidence(kind)
    assert piece.text == ""
    assert "right to" in piece.missed
    assert PLANTED not in repr(piece)


@pytest.mark.parametrize("kind", EvidenceKind)
def test_an_api_that_breaks_off_is_missed_too(kind: EvidenceKind, reader: Reader) -> None:
    piece = reader.evidence(kind)
    assert piece.text == ""
    assert piece.missed


def test_events_are_those_of_the_pod_since_the_write_with_how_often(reader: Reader) -> None:
    old = event("old", "2026-11-20T10:00:00Z")
    new = event("new", "2026-11-23T06:30:00Z", f"saw {PLANTED}", count=4)
    reader.server.answer = lambda call: call.reply(200, listing(old, new))
    piece = reader.evidence(EvidenceKind.EVENTS, since=1795000000.0 - 400_000_000.0)
    assert piece.text.splitlines()[0] == "Warning BackOff: back-off"
    piece = reader.evidence(EvidenceKind.EVENTS, since=1795415390.0)
    assert piece.text.startswith("Warning BackOff (x4): saw <masked-")
    assert reader.server.seen[0].query["fieldSelector"] == f"involvedObject.uid=uid-{POD}"


def written_by(*managers: tuple[str, str]) -> ClusterStage:
    """The Rollout as these wrote it, each at its moment."""
    return STAGE.meta(managedFields=[{"manager": name, "time": moment} for name, moment in managers])


def test_without_a_beginning_the_events_are_those_since_we_wrote_the_rollout_last(reader: Reader) -> None:
    stage = written_by(
        (FIELD_MANAGER, "2026-11-23T06:10:00Z"),
        ("kubectl", "2026-11-23T06:15:00Z"),
        (FIELD_MANAGER, "2026-11-23T06:20:00Z"),
        ("argo-rollouts", "2026-11-23T06:40:00Z"),
    )
    moments = ("06:05", "06:17", "06:20", "06:30", "06:50")
    happened = [event(at, f"2026-11-23T{at}:00Z", at) for at in moments]
    reader.server.answer = lambda call: call.reply(200, listing(*happened))
    piece = reader.evidence(EvidenceKind.EVENTS, stage=stage)
    assert [line.removeprefix("Warning BackOff: ") for line in piece.text.splitlines()] == ["06:20", "06:30", "06:50"]


def test_if_we_have_not_written_the_rollout_all_events_are_told(reader: Reader) -> None:
    happened = event("old", "2026-11-20T10:00:00Z")
    reader.server.answer = lambda call: call.reply(200, listing(happened))
    piece = reader.evidence(EvidenceKind.EVENTS, stage=written_by(("kubectl", "2026-11-23T06:15:00Z")))
    assert piece.text == "Warning BackOff: back-off"


def test_events_about_the_rollout_are_its_own_and_its_new_replicasets(reader: Reader) -> None:
    reader.server.answer = lambda call: call.reply(200, listing())
    reader.evidence(EvidenceKind.EVENTS, about="rollout")
    uids = {seen.query["fieldSelector"].partition("=")[2] for seen in reader.server.seen}
    assert uids == {STAGE.rollout["metadata"]["uid"], f"uid-{NEW}"}


def test_a_fresh_read_lists_every_kind_and_says_when_it_was_asked_for(reader: Reader) -> None:
    def answer(call: Call) -> None:
        reader.clock.goes_on(1.0)
        items = (rollout_document(),) if call.seen.path.endswith("/rollouts") else ()
        call.reply(200, listing(*items))

    reader.server.answer = answer
    reader.reads().begin_fresh_read()
    look = reader.posted.get(timeout=10)
    assert isinstance(look, FreshRead)
    assert look.at == BEGAN
    assert isinstance(look.world, World)
    assert set(look.world.seen) == set(WATCHED)
    assert set(look.world.seen.values()) == {BEGAN.mono}
    assert look.world.rollout("payments").meta.uid == "uid-payments"  # type: ignore[union-attr]


def test_a_fresh_read_of_which_one_kind_fails_is_none(reader: Reader) -> None:
    def answer(call: Call) -> None:
        if call.seen.path.endswith("/pods"):
            call.refuse(500, "InternalError", "no")
        else:
            call.reply(200, listing())

    reader.server.answer = answer
    reader.reads().begin_fresh_read()
    look = reader.posted.get(timeout=10)
    assert isinstance(look, FreshRead)
    assert isinstance(look.world, ReadFailed)


def test_nobody_waits_for_a_read_and_one_that_hangs_holds_up_no_other(reader: Reader) -> None:
    go = Event()

    def answer(call: Call) -> None:
        if call.seen.path.endswith("/log"):
            go.wait(10)
        call.reply(200, b"soon")

    reader.server.answer = answer
    reads = reader.reads()
    reads.begin_collect(CollectEvidence(EvidenceKind.LOG, POD, "app"), world())
    reads.begin_collect(CollectEvidence(EvidenceKind.READYZ, POD, port=8080, path="/readyz"), world())
    first = reader.posted.get(timeout=10)
    assert isinstance(first, Evidence)
    assert first.kind is EvidenceKind.READYZ
    with pytest.raises(Empty):
        reader.posted.get_nowait()
    go.set()
    second = reader.posted.get(timeout=10)
    assert isinstance(second, Evidence)
    assert second.kind is EvidenceKind.LOG
    assert second.text == "soon"


def test_a_defect_in_a_read_is_a_piece_that_was_missed_and_a_fresh_read_that_failed(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    def raising(*_: object, **__: object) -> None:
        raise RuntimeError(PLANTED)

    monkeypatch.setattr(evidence_reader, "read_all_fresh", raising)
    monkeypatch.setattr(EvidenceReader, "_read", raising)
    piece = reader.evidence(EvidenceKind.LOG, container="app")
    assert (piece.text, piece.missed) == ("", "a defect in cutover (RuntimeError)")
    reader.reads().begin_fresh_read()
    fresh = reader.posted.get(timeout=10)
    assert isinstance(fresh, FreshRead)
    assert isinstance(fresh.world, ReadFailed)
