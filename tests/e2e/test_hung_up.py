"""A run whose terminal goes away, as the kernel and the shell tell it, and not as a test would send it."""

import os
import pty
import select
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest

from tests.e2e.arena import Arena
from tests.e2e.running import PATIENCE

pytestmark = pytest.mark.cluster

LONG: Final = "watch: {readyWithin: 60s, adoptWithin: 20s, hold: 60s, bake: 1s}"

AS_LEADER: Final = (
    "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); os.execv(sys.argv[1], sys.argv[1:])"
)
"""Makes standard input the controlling terminal, as `login` and `sshd` do, and becomes the command."""


@contextmanager
def at_a_terminal(arena: Arena, *command: str) -> Iterator[tuple["subprocess.Popen[bytes]", int]]:
    """The command as the leader of a session with a terminal of its own, and our end of that terminal."""
    ours, theirs = pty.openpty()
    environment = os.environ | {
        "KUBECONFIG": str(arena.bed.kubeconfig),
        "XDG_STATE_HOME": str(arena.folder / "state"),
    }
    process = subprocess.Popen(
        [sys.executable, "-c", AS_LEADER, *command],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=environment,
        start_new_session=True,
    )
    os.close(theirs)
    try:
        yield process, ours
    finally:
        process.kill()
        process.wait()


def apply(plan: Path) -> tuple[str, ...]:
    return (sys.executable, "-m", "cutover", "apply", str(plan))


def wait_for_the_pause(arena: Arena) -> None:
    arena.wait(lambda: bool(arena.rollout()["status"].get("pauseConditions")), "the canary is at its pause")


def wait_to_read(ours: int, words: str) -> None:
    """Read the terminal until these words were seen."""
    seen = ""
    while words not in seen:
        assert select.select([ours], [], [], PATIENCE)[0], f"{words!r} was never seen:\n{seen}"
        seen += os.read(ours, 65536).decode(errors="replace")


def nothing_is_left(arena: Arena) -> bool:
    return (arena.marks(), arena.leases()) == ({}, [])


@pytest.mark.sampled(2)
def test_the_kernels_hang_up_ends_in_the_old_values(arena: Arena) -> None:
    arena.deploy()
    template = arena.template()
    plan = arena.plan(arena.to_secret("payments-db-b"), watch=LONG)
    with at_a_terminal(arena, *apply(plan)) as (process, ours):
        wait_for_the_pause(arena)
        os.close(ours)
        assert process.wait(60) == 130
    assert arena.template() == template
    assert arena.healthy()
    assert nothing_is_left(arena)


@pytest.mark.sampled(2)
def test_a_connection_that_breaks_hangs_up_twice_and_still_ends_in_the_old_values(arena: Arena) -> None:
    """The shell passes the hang-up on to its job, and the kernel does when the shell is gone."""
    arena.deploy()
    template = arena.template()
    plan = arena.plan(arena.to_secret("payments-db-b"), watch=LONG)
    shell = ("/bin/bash", "--norc", "--noprofile", "-i")
    with at_a_terminal(arena, *shell) as (_, ours):
        os.write(ours, f"{shlex.join(apply(plan))}\n".encode())
        wait_for_the_pause(arena)
        os.close(ours)
        arena.wait(lambda: arena.template() == template and nothing_is_left(arena), "it is taken back")
    arena.wait_healthy()


@pytest.mark.sampled(2)
def test_the_timeout_command_stops_twice_and_still_ends_in_the_old_values(arena: Arena) -> None:
    """Coreutils' `timeout` signals its child, and then the whole group that the child is in."""
    arena.deploy()
    template = arena.template()
    plan = arena.plan(arena.to_secret("payments-db-b"), watch=LONG)
    with at_a_terminal(arena, "/usr/bin/timeout", "--preserve-status", "15", *apply(plan)) as (process, ours):
        wait_for_the_pause(arena)
        assert process.wait(60) == 130
        os.close(ours)
    assert arena.template() == template
    assert nothing_is_left(arena)


@pytest.mark.sampled(2)
def test_ctrl_c_and_then_a_broken_connection_still_ends_in_the_old_values(arena: Arena) -> None:
    """Whoever stops a run and closes the laptop has not asked to leave it where it is."""
    arena.deploy()
    template = arena.template()
    plan = arena.plan(arena.to_secret("payments-db-b"), watch=LONG)
    with at_a_terminal(arena, *apply(plan)) as (process, ours):
        wait_for_the_pause(arena)
        process.send_signal(signal.SIGINT)
        wait_to_read(ours, "Stop, and put the old values back?")
        process.send_signal(signal.SIGINT)
        wait_to_read(ours, "abort the canary")
        os.close(ours)
        assert process.wait(60) == 130
    assert arena.template() == template
    assert nothing_is_left(arena)
