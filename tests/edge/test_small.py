"""The small adapters: the plan's bytes, signals, the run's name and key, work done side by side, the cost of imports."""

import io
import os
import queue
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from cutover.core.errors import UsageError
from cutover.core.observation import Wish
from cutover.edge.clock import now
from cutover.edge.later import Later
from cutover.edge.planfile import LIMIT, read_plan
from cutover.edge.run_key import run_id, run_key
from cutover.edge.signals import wishes_from_signals


class _Input:
    """Standard input that is no terminal."""

    def __init__(self, content: bytes, *, terminal: bool = False) -> None:
        self.buffer = io.BytesIO(content)
        self._terminal = terminal

    def isatty(self) -> bool:
        return self._terminal


def test_a_plan_is_read_as_bytes(tmp_path: Path) -> None:
    (tmp_path / "plan.yaml").write_bytes(b"kind: \xff")
    assert read_plan(str(tmp_path / "plan.yaml")) == b"kind: \xff"


def test_a_plan_may_come_from_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", _Input(b"kind: x"))
    assert read_plan("-") == b"kind: x"


def test_a_terminal_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", _Input(b"", terminal=True))
    with pytest.raises(UsageError, match="-: standard input is a terminal"):
        read_plan("-")


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"", "it is empty"), (b" \n", "it is empty"), (b"x" * (LIMIT + 1), "larger than 1024 KiB")],
)
def test_what_cannot_be_a_plan_is_refused(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "plan.yaml"
    path.write_bytes(content)
    with pytest.raises(UsageError, match=message):
        read_plan(str(path))


def test_a_plan_without_end_is_not_read_to_the_end() -> None:
    with pytest.raises(UsageError, match="larger than"):
        read_plan("/dev/zero")


def test_a_plan_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="No such file or directory"):
        read_plan(str(tmp_path / "missing"))
    with pytest.raises(UsageError, match="Is a directory"):
        read_plan(str(tmp_path))


def test_the_first_signal_is_the_wish_to_abort_and_every_other_to_leave() -> None:
    wishes: queue.SimpleQueue[Wish] = queue.SimpleQueue()
    with wishes_from_signals(wishes.put):
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.raise_signal(number)
    assert [wishes.get_nowait() for _ in range(3)] == [Wish.ABORT, Wish.LEAVE, Wish.LEAVE]


def test_a_signal_wakes_the_main_thread_where_it_waits() -> None:
    wishes: queue.SimpleQueue[Wish] = queue.SimpleQueue()
    with wishes_from_signals(wishes.put):
        threading.Timer(0.1, lambda: os.kill(os.getpid(), signal.SIGTERM)).start()
        began = time.monotonic()
        assert wishes.get(timeout=5) is Wish.ABORT
        assert time.monotonic() - began < 1


def test_handlers_are_put_back_and_what_was_ignored_stays_ignored() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    interrupt = signal.getsignal(signal.SIGINT)
    try:
        with wishes_from_signals(lambda _: None):
            assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
            assert signal.getsignal(signal.SIGINT) is not interrupt
        assert signal.getsignal(signal.SIGINT) is interrupt
    finally:
        signal.signal(signal.SIGHUP, before)


def test_a_run_has_a_name_and_a_key_of_its_own() -> None:
    names = {run_id() for _ in range(50)}
    assert len(names) == 50
    assert all(re.fullmatch(r"\d{8}-\d{6}-[0-9a-f]{8}", name) for name in names)
    assert len(run_key()) == 32
    assert run_key() != run_key()


def test_the_clock_tells_both_times() -> None:
    assert abs(now().utc - time.time()) < 1
    assert abs(now().mono - time.monotonic()) < 1


def test_work_is_done_side_by_side_and_errors_come_with_the_result() -> None:
    meeting = threading.Barrier(2)
    both = [Later(lambda: meeting.wait(timeout=5)) for _ in range(2)]
    assert sorted(one.result() for one in both) == [0, 1]
    failing = Later(lambda: int("x"))
    with pytest.raises(ValueError, match="invalid literal"):
        failing.result()


def test_only_a_connection_loads_the_kubernetes_client() -> None:
    modules = "hub read evidence snapshot write session".split()
    imports = "; ".join(f"import cutover.edge.kube.{module}" for module in modules)
    heavy = "sorted({'kubernetes', 'urllib3', 'requests', 'yaml'} & set(sys.modules))"
    command = [sys.executable, "-c", f"import sys; {imports}; print({heavy})"]
    assert subprocess.run(command, check=True, capture_output=True, text=True).stdout == "[]\n"
