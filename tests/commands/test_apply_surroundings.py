"""What is around a run of `cutover apply`: a person at the terminal, an API that answers nonsense, defects, threads."""

import json
import os
import pty
import select
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Final

import pytest

from cutover.adapters.background import Background
from cutover.adapters.stop_prompt import QUESTION
from cutover.core.base.errors import UnreachableError
from cutover.core.base.outcomes import Cause, Outcome, SpecState
from cutover.core.engine.observation import Observation, OperatorRequest
from cutover.runtime import loop
from tests.adapters.kube.server import Call
from tests.commands.application import LEASE, PROMOTED, ROLLOUT, STATUS, TO_THE_PAUSE, UsualApplication
from tests.commands.heard import Heard, is_adopted
from tests.core.checks.documents import TEMPLATE
from tests.core.engine.play import See, patched
from tests.core.engine.stage import ClusterStage
from tests.runtime.test_loop import fails

NONSENSE: Final = (b"<html>it works</html>", b"[]", b"\xff")


def goes_either_way(one: UsualApplication) -> None:
    """Answer a run up to its adoption; then one that is promoted, and one that turns back."""
    one.locks()
    one.rollout_writes(lambda: TO_THE_PAUSE[:1], lambda: settles(one), lambda: ())
    one.status_writes(lambda: (ClusterStage.aborted,) if one.api.stage.rollout["status"].get("abort") else PROMOTED)


def settles(one: UsualApplication) -> tuple[See, ...]:
    """What follows the old template; nothing follows the end of the marks."""
    return (ClusterStage.restored_and_healthy,) if one.api.stage.rollout["spec"]["template"] == TEMPLATE else ()


# -- a person at the terminal ------------------------------------------------------------------------------------------


class PseudoTerminal:
    """Our end of the terminal at which the command runs."""

    def __init__(self, ours: int) -> None:
        self._ours = ours
        self._open = True

    def is_asked(self) -> None:
        """Press Ctrl-C, and wait for the question."""
        os.kill(os.getpid(), signal.SIGINT)
        shown = ""
        while QUESTION.strip() not in shown:
            assert select.select([self._ours], [], [], 5)[0], f"there is no question, but {shown!r}"
            shown += os.read(self._ours, 1000).decode()

    def is_answered(self, answer: str) -> None:
        """Type the answer."""
        os.write(self._ours, f"{answer}\n".encode())

    def hangs_up(self) -> None:
        """Close our end; the kernel tells the process, whose terminal it would be outside of a test."""
        self.close()
        os.kill(os.getpid(), signal.SIGHUP)

    def close(self) -> None:
        """Close our end, unless that is done."""
        if self._open:
            os.close(self._ours)
        self._open = False


@contextmanager
def at_a_terminal(monkeypatch: pytest.MonkeyPatch) -> Iterator[PseudoTerminal]:
    """Run what is in the context at a terminal: it is standard input and standard error."""
    ours, theirs = pty.openpty()
    terminal = PseudoTerminal(ours)
    with os.fdopen(theirs) as keyboard, os.fdopen(os.dup(theirs), "w") as screen, monkeypatch.context() as patch:
        patch.setattr(sys, "stdin", keyboard)
        patch.setattr(sys, "stderr", screen)
        patch.setattr(loop, "LONGEST_WAIT", 0.1)  # a signal that comes just as the loop begins to wait does not wake it
        yield terminal
    terminal.close()


def test_a_person_who_pressed_ctrl_c_by_mistake_says_so_and_the_run_goes_on(
    one: UsualApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard = Heard()
    goes_either_way(one)

    def story(terminal: PseudoTerminal) -> None:
        heard.awaits(is_adopted)
        terminal.is_asked()
        terminal.is_answered("n")
        heard.awaits(lambda observation: OperatorRequest.GO_ON in observation.requests)
        one.becomes(*TO_THE_PAUSE[1:])

    with at_a_terminal(monkeypatch) as terminal:
        told = Background(lambda: story(terminal))
        report = one.apply(recorder=heard)
        told.result()
    assert (report.outcome, report.unproven) == (Outcome.PROMOTED, ())


def test_a_terminal_that_hangs_up_takes_the_plan_back(one: UsualApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    heard = Heard()
    goes_either_way(one)

    def story(terminal: PseudoTerminal) -> None:
        heard.awaits(is_adopted)
        terminal.hangs_up()

    with at_a_terminal(monkeypatch) as terminal:
        told = Background(lambda: story(terminal))
        report = one.apply(recorder=heard)
        told.result()
    assert (report.outcome, report.unproven, report.spec) == (Outcome.INTERRUPTED, (), SpecState.RESTORED)


# -- an API that answers nonsense --------------------------------------------------------------------------------------


@pytest.mark.parametrize("read", ["rollouts/payments", "replicasets", "pods", LEASE])
@pytest.mark.parametrize("body", NONSENSE)
def test_what_is_read_as_nonsense_is_not_read_and_nothing_is_written(
    read: str, body: bytes, one: UsualApplication
) -> None:
    one.api.instead[f"GET {read}"] = lambda call: call.reply(200, body)
    with pytest.raises(UnreachableError):
        one.apply()
    assert one.api.writes == []


def test_a_run_goes_through_nonsense_in_a_watch_and_after_its_write(one: UsualApplication) -> None:
    one.promotes()
    one.rollout_writes(lambda: ())
    unmarks, broken = one.api.on[ROLLOUT], set[str]()

    def writes(call: Call) -> None:
        if one.marks:
            unmarks(call)
            return
        document = patched(one.api.stage.rollout, json.loads(call.seen.body))
        one.api.shows(replace(one.api.stage, rollout=document))
        call.reply(200, NONSENSE[0])
        one.becomes(*TO_THE_PAUSE)

    def breaks_the_first_watch(call: Call) -> None:
        if "watch" not in call.seen.query or call.seen.path in broken:
            one.api.usual(call)
            return
        broken.add(call.seen.path)
        call.begin()
        call.chunk(NONSENSE[0] + b"\n")
        call.end()

    one.api.on[ROLLOUT] = writes
    for kind in ("rollouts", "pods"):
        one.api.instead[f"GET {kind}"] = breaks_the_first_watch
    report = one.apply()
    assert (report.outcome, report.unproven, len(broken)) == (Outcome.PROMOTED, (), 2)
    assert one.api.writes == ["POST leases", ROLLOUT, STATUS, ROLLOUT, f"DELETE {LEASE}"]
    assert "the answer was lost, a read shows that it is done" in repr(report.facts)


# -- what stays behind -------------------------------------------------------------------------------------------------


def test_the_trace_of_a_defect_in_a_run_is_kept_in_a_file(
    one: UsualApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop, "LONGEST_WAIT", 0.05)
    fails(monkeypatch, lambda state: state.adopted and not state.failing)
    goes_either_way(one)
    report = one.apply()
    assert (report.outcome, report.spec) == (Outcome.HELD, SpecState.RESTORED)
    assert isinstance(report.cause, Cause)
    assert report.cause.message == "a defect in cutover itself: ZeroDivisionError"
    (trace,) = (one.folder / "state" / "cutover" / "defects").iterdir()
    assert "ZeroDivisionError" in trace.read_text()


class Counting(Heard):
    """A recorder that counts the threads of the run."""

    def __init__(self) -> None:
        super().__init__()
        self.threads: set[threading.Thread] = set()

    def see(self, observation: Observation) -> None:
        super().see(observation)
        self.threads |= set(threading.enumerate())


def test_no_thread_of_a_run_keeps_the_program_from_ending_and_no_watch_goes_on(one: UsualApplication) -> None:
    before, heard = set(threading.enumerate()), Counting()
    one.promotes()
    one.apply(recorder=heard)
    threads = heard.threads - before
    assert {"journal", "lock", "watch pods", "writes"} <= {thread.name for thread in threads}
    assert [thread.name for thread in threads if not thread.daemon] == []
    for watch in (thread for thread in threads if thread.name.startswith("watch ")):
        watch.join(1)
        assert not watch.is_alive()
