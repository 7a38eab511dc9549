"""A process that stood still for longer than its Lease lasts has lost its run: it writes nothing more."""

import signal
import time

import pytest

from cutover.core.writes.lease import LASTS
from tests.e2e.arena import Arena
from tests.e2e.running import CommandResult, Running

pytestmark = pytest.mark.cluster

WATCH = "watch: {readyWithin: 60s, adoptWithin: 20s, hold: 100s, bake: 1s}"


def frozen(arena: Arena) -> Running:
    """A run that stands still at the pause, and whose Lease has run out."""
    running = arena.start("apply", arena.plan(arena.to_secret("payments-db-b"), watch=WATCH), "-o", "json")
    running.wait_for_line("step 1 of 4: pause")
    running.send(signal.SIGSTOP)
    return running


def woken(arena: Arena, running: Running) -> CommandResult:
    """It goes on, and is seen to write nothing."""
    with arena.no_write():
        running.send(signal.SIGCONT)
        return running.finish()


def test_a_frozen_run_that_was_aborted_meanwhile_writes_nothing_more(arena: Arena) -> None:
    arena.deploy()
    template = arena.template()
    running = frozen(arena)
    aborted = arena.cutover("abort", "payments", "-n", arena.namespace, "-o", "json")
    assert aborted.code == 10, aborted.told()
    time.sleep(LASTS)
    outcome = woken(arena, running)
    assert outcome.code == 13, outcome.told()
    assert arena.template() == template
    assert (arena.marks(), arena.leases()) == ({}, [])


def test_a_frozen_run_that_another_took_over_writes_nothing_more(arena: Arena) -> None:
    """The other is on another host, for all it knows: it waits until the Lease has run out."""
    arena.deploy()
    running = frozen(arena)
    arena.kubectl("annotate", "lease", "cutover-payments", 'cutover.dev/holder={"run": "elsewhere"}', "--overwrite")
    resuming = arena.start("resume", "payments", "-n", arena.namespace, "-o", "json")
    resuming.wait_for_line("it is gone in 20 s")
    resuming.wait_for_line("is resumed")
    outcome = woken(arena, running)
    assert outcome.code == 13, outcome.told()
    assert "took the run over" in outcome.report["cause"]["message"]
    resuming.send(signal.SIGTERM)
    rest = resuming.finish()
    assert rest.code == 130, rest.told()
    assert (arena.marks(), arena.leases()) == ({}, [])
