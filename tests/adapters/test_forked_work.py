"""Work in a process of its own; whatever goes wrong there is done here, once more."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from cutover.adapters.forked_work import ForkedWork
from cutover.core.base.errors import InvalidPlanError, Problem
from cutover.core.base.secret_text import SecretText


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a command at its start: the test runner has threads of its own, which hold nothing that is needed here."""
    monkeypatch.setattr(threading, "active_count", lambda: 1)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)


def test_the_result_comes_from_another_process() -> None:
    assert ForkedWork(os.getpid, twice=True).result() != os.getpid()


def test_what_may_not_run_twice_is_done_here() -> None:
    assert ForkedWork(os.getpid, twice=False).result() == os.getpid()


def test_beside_other_threads_it_is_done_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threading, "active_count", lambda: 2)
    assert ForkedWork(os.getpid, twice=True).result() == os.getpid()


def test_on_one_core_it_is_done_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    assert ForkedWork(os.getpid, twice=True).result() == os.getpid()


def test_an_error_is_raised_here_in_its_own_words() -> None:
    def invalid() -> None:
        raise InvalidPlanError(Problem("expected a mapping", file="plan.yaml", line=3))

    with pytest.raises(InvalidPlanError, match=r"plan\.yaml:3: expected a mapping"):
        ForkedWork(invalid, twice=True).result()


def test_a_process_that_dies_is_no_loss() -> None:
    here = os.getpid()

    def work() -> int:
        if os.getpid() != here:
            os.kill(os.getpid(), signal.SIGKILL)
        return here

    assert ForkedWork(work, twice=True).result() == here


def test_what_cannot_be_sent_is_worked_out_here() -> None:
    assert ForkedWork(lambda: lambda: 7, twice=True).result()() == 7


def test_a_sealed_value_arrives_and_stays_sealed() -> None:
    found = ForkedWork(lambda: (os.getpid(), {"password": SecretText("hunter2")}), twice=True).result()
    assert found[0] != os.getpid()
    assert found[1]["password"].reveal() == "hunter2"
    assert "hunter2" not in repr(found)


def _pipes() -> set[str]:
    """The pipes that this process has open; what else is open may be closed at any time by another test's leftovers."""
    links = (link.readlink() for link in Path("/proc/self/fd").iterdir() if link.is_symlink())
    return {str(link) for link in links if str(link).startswith("pipe:")}


def test_no_process_and_no_pipe_is_left() -> None:
    before = _pipes()
    for _ in range(5):
        ForkedWork(os.getpid, twice=True).result()
    assert _pipes() <= before
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def test_what_was_to_be_printed_is_printed_once() -> None:
    program = (
        "import sys, os\nfrom cutover.adapters.forked_work import ForkedWork\nsys.stdout.write('begun ')\n"
        "print(ForkedWork(os.getpid, twice=True).result() != os.getpid())"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout in {"begun True\n", "begun False\n"}, "the latter on one core"
