"""A session on the wire: what is sent, how often, and what becomes of an answer that does not come.

Left out: proxies (the Kubernetes client's own code, used as it is).
"""

import socket
import time
from importlib.metadata import version
from pathlib import Path
from threading import Timer
from typing import Any

import pytest

from cutover.adapters.kube.http_messages import ConnectionLost, Sent
from cutover.adapters.kube.session import Session, connect
from tests.adapters.kube.server import ApiServer, Call

TOKEN = "t0k"  # noqa: S105 -- of a server that lives for one test
PATCH = [{"op": "test", "path": "/metadata/uid", "value": "u"}]


def _session(server: ApiServer, folder: Path, **user: Any) -> Session:
    return connect(server.kubeconfig(folder, **user))


def _patch(session: Session, timeout: float = 10.0) -> int:
    return session.request(
        "PATCH", "/x", query=(("a", "1 2"),), body=PATCH, content_type="application/json-patch+json", timeout=timeout
    ).status


def test_a_request_arrives_as_it_was_meant(tmp_path: Path) -> None:
    with ApiServer(lambda call: call.reply(200, {})) as server:
        assert _patch(_session(server, tmp_path, token=TOKEN)) == 200
    seen = server.seen[0]
    assert (seen.method, seen.path, seen.query) == ("PATCH", "/x", {"a": "1 2"})
    assert seen.body == b'[{"op": "test", "path": "/metadata/uid", "value": "u"}]'
    assert seen.headers["content-type"] == "application/json-patch+json"
    assert seen.headers["authorization"] == f"Bearer {TOKEN}"
    assert seen.headers["user-agent"] == f"cutover/{version('cutover')}"


def test_the_session_says_where_it_leads(tmp_path: Path) -> None:
    with ApiServer(lambda call: call.reply(200)) as server:
        session = _session(server, tmp_path)
    assert (session.context, session.server, session.namespace) == ("here", server.url, "elsewhere")


@pytest.mark.parametrize("status", [301, 400, 404, 409, 422, 429, 500, 503, 504])
def test_every_status_is_an_answer_and_nothing_is_asked_twice(tmp_path: Path, status: int) -> None:
    again = {"Retry-After": "0", "Location": "/elsewhere"}
    with ApiServer(lambda call: call.reply(status, b"no", again)) as server:
        assert _patch(_session(server, tmp_path)) == status
        assert len(server.seen) == 1


def test_a_connection_that_is_cut_loses_the_answer_and_the_request_went_out_once(tmp_path: Path) -> None:
    with ApiServer(Call.cut) as server:
        with pytest.raises(ConnectionLost) as lost:
            _patch(_session(server, tmp_path))
        time.sleep(0.2)
        assert len(server.seen) == 1
    assert lost.value.sent is Sent.UNKNOWN


def test_a_kept_connection_that_died_meanwhile_is_not_tried_twice(tmp_path: Path) -> None:
    with ApiServer(lambda call: call.reply(200)) as server:
        session = _session(server, tmp_path)
        _patch(session)
        server.answer = Call.cut
        with pytest.raises(ConnectionLost):
            _patch(session)
        assert len(server.seen) == 2


def test_an_answer_that_breaks_off_was_begun_by_the_server(tmp_path: Path) -> None:
    def half(call: Call) -> None:
        call.begin()
        call.chunk(b'{"kind":')
        call.cut()

    with ApiServer(half) as server, pytest.raises(ConnectionLost) as lost:
        _patch(_session(server, tmp_path))
    assert lost.value.sent is Sent.YES


def test_an_answer_that_does_not_come_is_lost_in_time(tmp_path: Path) -> None:
    with ApiServer(lambda _: time.sleep(2)) as server:
        began = time.monotonic()
        with pytest.raises(ConnectionLost, match="no answer in time") as lost:
            _patch(_session(server, tmp_path), timeout=0.2)
        assert time.monotonic() - began < 1.9
    assert lost.value.sent is Sent.UNKNOWN


def test_without_a_server_nothing_was_sent(tmp_path: Path) -> None:
    with ApiServer(Call.cut) as server:
        session = _session(server, tmp_path)
    with pytest.raises(ConnectionLost, match="no connection: Connection refused") as lost:
        _patch(session)
    assert lost.value.sent is Sent.NO


def test_a_name_that_does_not_exist_was_not_sent(tmp_path: Path) -> None:
    with ApiServer(Call.cut) as server:
        path = server.kubeconfig(tmp_path, {"server": "http://nowhere.invalid:1"})
    with pytest.raises(ConnectionLost, match="name cannot be resolved") as lost:
        _patch(connect(path))
    assert lost.value.sent is Sent.NO


def test_impersonation_is_passed_on_as_kubectl_does(tmp_path: Path) -> None:
    user = {"as": "jane", "as-uid": "7", "as-groups": ["a", "b"], "as-user-extra": {"why": ["x"]}}
    with ApiServer(lambda call: call.reply(200)) as server:
        _patch(_session(server, tmp_path, **user))
    sent = server.seen[0].headers
    assert sent["impersonate-user"] == "jane"
    assert sent["impersonate-uid"] == "7"
    assert sent["impersonate-group"] == "a, b"
    assert sent["impersonate-extra-why"] == "x"


def test_the_lines_of_a_stream_come_as_they_are_sent(tmp_path: Path) -> None:
    def slowly(call: Call) -> None:
        call.begin()
        call.chunk(b'{"a":')
        call.chunk(b"1}\n{")
        call.chunk(b'"b":2}\n')
        time.sleep(5)

    with ApiServer(slowly) as server, _session(server, tmp_path).stream("/w", (), 10) as stream:
        began, lines = time.monotonic(), stream.lines()
        assert [next(lines), next(lines)] == [b'{"a":1}', b'{"b":2}']
        assert time.monotonic() - began < 4


def test_a_stream_that_is_closed_from_another_thread_ends_at_once(tmp_path: Path) -> None:
    def silent(call: Call) -> None:
        call.begin()
        time.sleep(3)

    with ApiServer(silent) as server, _session(server, tmp_path).stream("/w", (), 10) as stream:
        Timer(0.1, stream.close).start()
        began = time.monotonic()
        assert list(stream.lines()) == []
        assert time.monotonic() - began < 2


def test_a_stream_that_falls_silent_is_lost_when_its_time_is_over(tmp_path: Path) -> None:
    def silent(call: Call) -> None:
        call.begin()
        call.chunk(b"{}\n")
        time.sleep(2)

    with ApiServer(silent) as server, _session(server, tmp_path).stream("/w", (), 0.3) as stream:
        began = time.monotonic()
        with pytest.raises(ConnectionLost, match="no answer in time"):
            list(stream.lines())
        assert 0.2 < time.monotonic() - began < 1.9


def test_a_stream_that_ended_leaves_its_connection_to_others(tmp_path: Path) -> None:
    def short(call: Call) -> None:
        call.begin()
        call.chunk(b"{}\n")
        call.end()

    with ApiServer(short) as server:
        session = _session(server, tmp_path)
        for _ in range(3):
            with session.stream("/w", (), 5) as stream:
                assert list(stream.lines()) == [b"{}"]
        assert server.connections == 1


def test_a_hundred_requests_share_few_connections(tmp_path: Path) -> None:
    with ApiServer(lambda call: call.reply(200)) as server:
        session = _session(server, tmp_path)
        for _ in range(100):
            session.request("GET", "/x")
        assert server.connections == 1


def test_a_server_that_swallows_everything_is_given_up(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=1) as deaf, ApiServer(Call.cut) as server:
        address = f"http://127.0.0.1:{deaf.getsockname()[1]}"
        session = connect(server.kubeconfig(tmp_path, {"server": address}))
        with pytest.raises(ConnectionLost, match="no answer in time") as lost:
            _patch(session, timeout=0.3)
    assert lost.value.sent is Sent.UNKNOWN
