"""Each fault of the sample application shows the face that it is named after, and only where it is armed.

From the real image, in a chroot, against a real PostgreSQL.
"""

import time

import pytest

from tests.cluster.app.fixtures import Start, database, root, start
from tests.cluster.app.server import PASSWORD, Postgres

pytestmark = pytest.mark.sampled(4)  # these prove the test bed's own parts

__all__ = ["database", "root", "start"]


def test_refuse_start_says_why_and_exits(start: Start) -> None:
    with start(FAULT="refuse_start") as app:
        assert app.process.wait() == 3
        assert app.termination_message == "refusing to start: the configuration is not acceptable"
        assert app.termination_message in app.log


def test_crash_after_is_ready_first(start: Start) -> None:
    with start(FAULT="crash_after:0.3") as app:
        assert app.get("/readyz").status == 200
        assert app.process.wait(timeout=5) == 1
        assert app.termination_message == "crashed on demand"


def test_crash_loop_is_never_ready(start: Start) -> None:
    with start(FAULT="crash_loop:0.3") as app:
        assert app.get("/readyz").status == 503
        assert app.process.wait(timeout=5) == 1
        assert app.termination_message == "crashed on demand"


@pytest.mark.parametrize(("fault", "status"), [("answer_5xx", 500), ("answer_401", 401)])
def test_ready_but_users_are_refused(start: Start, fault: str, status: int) -> None:
    with start(FAULT=fault) as app:
        assert app.get("/readyz").status == 200
        assert app.get().status == status
        assert f'code="{status}"}} 1' in app.get("/metrics").text


def test_ready_then_unready(start: Start) -> None:
    with start(FAULT="ready_then_unready:0.4") as app:
        assert app.get("/readyz").status == 200
        time.sleep(0.5)
        assert app.get("/readyz").status == 503
        assert app.check("fault") == {
            "name": "fault",
            "ok": False,
            "code": "error",
            "target": "ready_then_unready",
        }


def test_slow_delays_users_and_no_probe(start: Start) -> None:
    with start(FAULT="slow:0.5") as app:
        began = time.monotonic()
        app.get("/readyz")
        assert time.monotonic() - began < 0.4
        assert app.get().status == 200
        assert time.monotonic() - began > 0.5


def test_wrong_identity_is_never_ready(start: Start) -> None:
    with start(FAULT="wrong_identity") as app:
        assert app.check()["code"] == "wrong_identity"


def test_log_secret_logs_it_and_is_never_ready(start: Start, database: Postgres) -> None:
    with start(FAULT="log_secret", PASSWORD="another-planted-word") as app:  # noqa: S106 - planted on purpose
        reply = app.get("/readyz")
    assert reply.status == 503
    assert database.url() in app.log
    assert "another-planted-word" in app.log
    assert PASSWORD not in reply.text


def test_a_fault_for_another_database_is_not_armed(start: Start) -> None:
    with start(FAULT="refuse_start", FAULT_WHEN_IDENTITY="db-b") as app:
        assert app.get("/readyz").status == 200


def test_a_fault_is_armed_by_the_identity_of_the_database(start: Start) -> None:
    with start(FAULT="refuse_start", FAULT_WHEN_IDENTITY="db-a") as app:
        assert app.process.wait() == 3


def test_a_fault_is_armed_by_the_address_of_the_database(start: Start, database: Postgres) -> None:
    with start(FAULT="refuse_start", FAULT_WHEN_IDENTITY=database.address) as app:
        assert app.process.wait() == 3


def test_a_fault_that_does_not_exist_ends_the_start(start: Start) -> None:
    with start(FAULT="answer_6xx") as app:
        assert app.process.wait() == 3
        assert "FAULT=answer_6xx is not known" in app.log
