"""Logs, probes and events on the wire: whose answer it is, and where each read ends."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cutover.adapters.kube import evidence
from cutover.adapters.kube.evidence import ProbeAnswer
from cutover.adapters.kube.session import Session, connect
from cutover.core.base.cluster_text import ClusterText, sentence
from cutover.core.objects.read_results import ReadFailed
from tests.adapters.kube.server import ApiServer, Call, Reply, listing
from tests.quotations import unmasked

PROXY = "/api/v1/namespaces/shop/pods/web-1:8080/proxy/readyz"


def _read(folder: Path, answer: Reply, reading: Callable[[Session], Any]) -> tuple[Any, ApiServer]:
    with ApiServer(answer) as server:
        return reading(connect(server.kubeconfig(folder))), server


def _readyz(folder: Path, answer: Reply, timeout: float = 5.0) -> Any:
    found, _ = _read(
        folder, answer, lambda session: evidence.readyz(session, "shop", "web-1", 8080, "/readyz", timeout=timeout)
    )
    return found


def test_logs_are_asked_for_with_their_limits(tmp_path: Path) -> None:
    found, server = _read(
        tmp_path,
        lambda call: call.reply(200, b"one\ntwo \xff\n"),
        lambda session: evidence.logs(session, "shop", "web-1", "app", previous=True, tail_lines=5, limit_bytes=99),
    )
    assert unmasked(found) == "one\ntwo �\n"
    assert server.seen[0].path == "/api/v1/namespaces/shop/pods/web-1/log"
    assert server.seen[0].query == {"container": "app", "tailLines": "5", "limitBytes": "99", "previous": "true"}


def test_logs_that_are_not_there_say_why(tmp_path: Path) -> None:
    message = 'previous terminated container "app" in pod "web-1" not found'
    found, _ = _read(
        tmp_path,
        lambda call: call.refuse(400, "BadRequest", message),
        lambda session: evidence.logs(session, "shop", "web-1", "app"),
    )
    assert found == ReadFailed("pod/web-1", sentence("the API server answered 400: ", ClusterText(message)))


def test_a_pod_that_is_not_ready_answers_with_its_body(tmp_path: Path) -> None:
    found, server = _read(
        tmp_path,
        lambda call: call.reply(503, b"database: refused"),
        lambda session: evidence.readyz(session, "shop", "web-1", 8080, "/readyz"),
    )
    assert found == ProbeAnswer(503, ClusterText("database: refused"))
    assert server.seen[0].path == PROXY


def test_a_pod_that_speaks_tls_is_asked_so(tmp_path: Path) -> None:
    _, server = _read(
        tmp_path,
        lambda call: call.reply(200),
        lambda session: evidence.readyz(session, "shop", "web-1", 8443, "healthz/ready", scheme="https"),
    )
    assert server.seen[0].path == "/api/v1/namespaces/shop/pods/https:web-1:8443/proxy/healthz/ready"


ELSEWHERE = (
    "/../../../secrets/db",
    "/readyz/../../../../../secrets/db",
    "/./readyz",
    "/..",
    "/%2e%2e/%2e%2e/secrets/db",
    "/%252e%252e/secrets/db",
    "/%25252E%25252e/x",
    "/..%2f..%2fsecrets%2fdb",
    "/..\\..\\secrets",
    "/..%5c..%5csecrets",
    "/readyz#/../x",
    "/readyz\r\nHost: x",
    "/ready z",
    "http://elsewhere.example/readyz",
    "//../secrets/db",
)


@pytest.mark.parametrize("path", ELSEWHERE)
def test_a_path_that_leads_out_of_the_pod_is_not_sent_and_is_a_missed_line_of_evidence(
    tmp_path: Path, path: str
) -> None:
    found, server = _read(
        tmp_path,
        lambda call: call.reply(200, b"the value of a Secret"),
        lambda session: evidence.readyz(session, "shop", "web-1", 8080, path),
    )
    assert isinstance(found, ReadFailed)
    assert server.seen == []


def test_the_query_of_a_probe_is_a_query(tmp_path: Path) -> None:
    _, server = _read(
        tmp_path,
        lambda call: call.reply(200),
        lambda session: evidence.readyz(session, "shop", "web-1", 8080, "/readyz?full=1&empty="),
    )
    assert (server.seen[0].path, server.seen[0].query) == (PROXY, {"full": "1", "empty": ""})


def test_a_503_of_the_api_server_is_not_the_pods_answer(tmp_path: Path) -> None:
    message = "error trying to reach service: dial tcp 10.1.2.3:8080: connect: connection refused"
    found = _readyz(tmp_path, lambda call: call.refuse(503, "ServiceUnavailable", message))
    assert isinstance(found, ReadFailed)
    assert "connection refused" in unmasked(found.reason)


def test_a_missing_right_to_the_proxy_is_named(tmp_path: Path) -> None:
    found = _readyz(tmp_path, lambda call: call.refuse(403, "Forbidden"))
    assert isinstance(found, ReadFailed)
    assert found.reason == "the right to get pods/proxy web-1 in namespace shop is missing"


def test_a_redirect_of_the_pod_is_its_answer(tmp_path: Path) -> None:
    assert _readyz(tmp_path, lambda call: call.reply(302, b"", {"Location": "/login"})) == ProbeAnswer(
        302, ClusterText("")
    )


def test_a_long_body_is_cut(tmp_path: Path) -> None:
    found = _readyz(tmp_path, lambda call: call.reply(200, b"x" * 100_000))
    assert len(unmasked(found.body)) == 4096


def test_a_body_that_never_ends_costs_no_more_than_its_time(tmp_path: Path) -> None:
    def dripping(call: Call) -> None:
        call.begin()
        for _ in range(40):
            call.chunk(b"x")
            time.sleep(0.05)

    began = time.monotonic()
    found = _readyz(tmp_path, dripping, timeout=0.3)
    assert isinstance(found, ReadFailed)
    assert time.monotonic() - began < 1.8


def test_events_about_an_object_come_in_order(tmp_path: Path) -> None:
    late = {"reason": "BackOff", "lastTimestamp": "2026-11-01T10:00:05Z"}
    early = {"reason": "Pulled", "lastTimestamp": "2026-11-01T10:00:01Z"}
    found, server = _read(
        tmp_path,
        lambda call: call.reply(200, listing(late, early)),
        lambda session: evidence.events(session, "shop", "uid-1"),
    )
    assert [event.reason for event in found] == ["Pulled", "BackOff"]
    assert server.seen[0].query == {"fieldSelector": "involvedObject.uid=uid-1"}


def test_events_that_may_not_be_read_name_the_right(tmp_path: Path) -> None:
    found, _ = _read(
        tmp_path,
        lambda call: call.refuse(403, "Forbidden"),
        lambda session: evidence.events(session, "shop", "uid-1"),
    )
    assert isinstance(found, ReadFailed)
    assert found.reason == "the right to list events in namespace shop is missing"
