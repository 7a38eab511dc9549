"""The sample application says the truth about its database, drains without dropping, and fails as it is told to.

It runs from its real image (a chroot, its own user) against a real PostgreSQL, without a cluster.
"""

import signal
import socket
import subprocess
import threading
import time

import pytest

from tests.cluster.app.fixtures import Start, database, root, start
from tests.cluster.app.server import PASSWORD, USER, Postgres, free_port
from tests.cluster.load import LoadClient

pytestmark = pytest.mark.sampled(4)  # these prove the test bed's own parts

__all__ = ["database", "root", "start"]


def test_users_learn_which_database_and_which_pod_answered(start: Start) -> None:
    with start(FEATURE_X="on") as app:
        reply = app.get()
    assert reply.status == 200
    assert reply.body == {"database": "db-a", "pod": "payments-1", "hash": "abc", "feature": "on"}


def test_ready_means_that_the_database_answers(start: Start, database: Postgres) -> None:
    with start() as app:
        reply = app.get("/readyz")
    check = {"name": "db", "ok": True, "code": "ok", "target": f"{database.address}/payments"}
    assert (reply.status, reply.body) == (200, {"ready": True, "checks": [check], "identity": "db-a"})


WAYS_TO_MISS = {
    "refused": f"postgresql://{USER}:{PASSWORD}@127.0.0.1:{{free}}/payments",
    "timeout": f"postgresql://{USER}:{PASSWORD}@127.0.0.1:{{silent}}/payments",
    "unknown_host": f"postgresql://{USER}:{PASSWORD}@db.invalid:5432/payments",
    "auth_failed": f"postgresql://{USER}:wr0ng@127.0.0.1:{{good}}/payments",
    "no_database": f"postgresql://{USER}:{PASSWORD}@127.0.0.1:{{good}}/ledger",
    "error": f"postgresql://{USER}:{PASSWORD}@127.0.0.1:not-a-port/payments",
}


@pytest.mark.parametrize("code", WAYS_TO_MISS)
def test_each_way_to_miss_the_database_has_its_own_code(start: Start, database: Postgres, code: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        ports = {"free": free_port(), "silent": silent.getsockname()[1], "good": database.port}
        with start(DATABASE_URL=WAYS_TO_MISS[code].format(**ports)) as app:
            began = time.monotonic()
            probe = app.get("/readyz")
            assert time.monotonic() - began < 1.0, "the kubelet would not have waited"
            user = app.get()
            assert app.get("/healthz").status == 200
    assert (probe.status, probe.body["checks"][0]["code"], user.status, user.body["error"]) == (503, code, 503, code)
    assert not any(secret in probe.text + user.text + app.log for secret in (PASSWORD, "wr0ng", f"{USER}:"))


def test_another_database_than_expected_is_not_ready(start: Start) -> None:
    with start(EXPECTED_IDENTITY="db-b") as app:
        assert app.check()["code"] == "wrong_identity"
        assert app.get("/readyz").body["identity"] == "db-a"


def test_each_change_of_a_dependency_is_logged_once(start: Start, database: Postgres) -> None:
    with start() as app:
        app.get("/readyz")
        database.administer("alter table identity rename to hidden")
        try:
            codes = [app.check()["code"] for _ in range(2)]
        finally:
            database.administer("alter table hidden rename to identity")
        app.get("/readyz")
        assert codes == ["error", "error"]
        assert [line.split('"code": "')[1].split('"')[0] for line in app.log.splitlines() if '"db"' in line] == [
            "ok",
            "error",
            "ok",
        ]


def test_a_dropped_pooled_connection_fails_no_request(start: Start, database: Postgres) -> None:
    with start() as app:
        for _ in range(5):
            assert app.get().status == 200
            database.administer("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'payments'")
        assert app.get("/readyz").status == 200


def test_only_users_are_counted(start: Start) -> None:
    with start() as app:
        for path in ("/", "/", "/readyz", "/healthz", "/nowhere"):
            app.get(path)
        lines = app.get("/metrics").text.splitlines()
    assert 'http_requests_total{app="payments",namespace="",hash="abc",code="200"} 2' in lines
    assert 'http_requests_total{app="payments",namespace="",hash="abc",code="500"} 0' in lines


def test_a_drain_drops_no_request(start: Start) -> None:
    with start(FAULT="slow:0.2", DRAIN_SECONDS="1") as app, LoadClient(f"http://127.0.0.1:{app.port}/") as load:
        assert app.get("/readyz").status == 200
        app.process.send_signal(signal.SIGTERM)
        began = time.monotonic()
        time.sleep(0.7)
        result = load.stop()
        assert app.process.wait() == 0
        assert time.monotonic() - began >= 1.0
    assert result.failed == ()
    assert result.sent > 20


def test_an_answer_under_way_outlasts_the_drain(start: Start) -> None:
    statuses = []
    with start(FAULT="slow:1", DRAIN_SECONDS="0.1") as app:
        app.get("/readyz")
        user = threading.Thread(target=lambda: statuses.append(app.get().status))
        user.start()
        time.sleep(0.3)
        app.process.send_signal(signal.SIGTERM)
        user.join()
        assert app.process.wait() == 0
    assert statuses == [200]


def test_who_was_never_ready_leaves_at_once(start: Start) -> None:
    with start(EXPECTED_IDENTITY="db-b", DRAIN_SECONDS="20") as app:
        app.process.send_signal(signal.SIGTERM)
        assert app.process.wait(timeout=5) == 0


def test_the_sidecar_waits_and_leaves_when_asked(start: Start) -> None:
    with start("sidecar") as app:
        with pytest.raises(subprocess.TimeoutExpired):
            app.process.wait(timeout=0.3)
        app.process.terminate()
        assert app.process.wait(timeout=5) == 0


def test_without_a_database_url_it_says_why_it_ends(start: Start) -> None:
    with start(DATABASE_URL="") as app:
        assert app.process.wait() == 3
        assert app.termination_message == "DATABASE_URL is not set"
        assert "DATABASE_URL is not set" in app.log
