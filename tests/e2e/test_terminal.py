"""Ctrl-C at a real terminal (a pseudo-terminal): the run asks, and does what the answer says."""

import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.e2e.arena import Arena

pytestmark = pytest.mark.cluster

AT_THE_PAUSE = "watch: {readyWithin: 60s, adoptWithin: 20s, hold: 8s, bake: 1s}"
QUESTION = "Stop, and put the old values back?"


class Terminal:
    """`cutover` at a terminal of its own, and all that was seen there."""

    def __init__(self, arena: Arena, plan: Path) -> None:
        self.seen = ""
        self._ours, theirs = pty.openpty()
        environment = os.environ | {
            "KUBECONFIG": str(arena.bed.kubeconfig),
            "XDG_STATE_HOME": str(arena.folder / "state"),
        }
        command = [sys.executable, "-m", "cutover", "apply", str(plan)]
        self.process = subprocess.Popen(
            command, env=environment, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
        )
        os.close(theirs)

    def wait_for(self, words: str, within: float = 60) -> None:
        ends = time.monotonic() + within
        while words not in self.seen:
            assert time.monotonic() < ends, f"{words!r} was never seen:\n{self.seen}"
            self._read()

    def press_ctrl_c(self) -> None:
        self.process.send_signal(signal.SIGINT)

    def type(self, text: str) -> None:
        os.write(self._ours, text.encode())

    def finish(self, within: float = 90) -> int:
        ends = time.monotonic() + within
        while self.process.poll() is None:
            assert time.monotonic() < ends, f"it does not end:\n{self.seen}"
            self._read()
        self._read()
        os.close(self._ours)
        return self.process.returncode

    def _read(self) -> None:
        if select.select([self._ours], [], [], 0.1)[0]:
            try:
                self.seen += os.read(self._ours, 65536).decode(errors="replace")
            except OSError:  # the other side is closed
                time.sleep(0.05)


@pytest.fixture
def terminal(arena: Arena) -> Terminal:
    """A run whose good canary waits out its hold at the first pause."""
    arena.deploy()
    terminal = Terminal(arena, arena.plan(arena.to_secret("payments-db-b"), watch=AT_THE_PAUSE))
    terminal.wait_for("step 1 of 4: pause")
    return terminal


@pytest.mark.sampled(2)
def test_a_no_lets_the_run_go_on(arena: Arena, terminal: Terminal) -> None:
    terminal.press_ctrl_c()
    terminal.wait_for(QUESTION)
    terminal.type("n\n")
    assert terminal.finish() == 0, terminal.seen
    arena.outputs.append(terminal.seen)
    arena.wait_for_answers_of("db-b")


@pytest.mark.sampled(2)
def test_no_answer_is_a_yes_after_ten_seconds_and_nothing_is_promoted_meanwhile(
    arena: Arena, terminal: Terminal
) -> None:
    template = arena.template()
    terminal.press_ctrl_c()
    terminal.wait_for(QUESTION)
    asked = time.monotonic()
    assert terminal.finish() == 130, terminal.seen
    assert time.monotonic() - asked > 9
    assert "pass the pause" not in terminal.seen, "the hold was over while the question stood"
    assert arena.template() != template
    assert arena.healthy()


@pytest.mark.sampled(2)
def test_a_second_ctrl_c_is_the_answer(arena: Arena, terminal: Terminal) -> None:
    terminal.press_ctrl_c()
    terminal.wait_for(QUESTION)
    terminal.press_ctrl_c()
    assert terminal.finish() == 130, terminal.seen
    assert arena.healthy()


@pytest.mark.sampled(2)
def test_no_colour_and_no_cursor_movement_is_written(arena: Arena, terminal: Terminal) -> None:
    terminal.press_ctrl_c()
    terminal.press_ctrl_c()
    terminal.finish()
    arena.outputs.append(terminal.seen)
    assert re.search(r"\x1b", terminal.seen) is None
