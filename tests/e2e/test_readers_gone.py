"""A bad run whose readers have all gone away is taken back like any other."""

import pytest

from tests.e2e.arena import SHORT, Arena

pytestmark = pytest.mark.cluster


def test_a_bad_run_that_nobody_reads_is_held_all_the_same(arena: Arena) -> None:
    """Both streams at once, and a report that has nowhere to go."""
    arena.deploy()
    pods, template = arena.stable_pods(), arena.template()
    arena.secret("candidate", url=arena.bed.databases.refused.url())
    running = arena.start("apply", arena.plan(arena.to_secret("candidate"), watch=SHORT), "-o", "json")
    running.wait_for_line("running, not Ready")
    for stream in (running.process.stdout, running.process.stderr):
        assert stream is not None
        stream.close()
    assert running.process.wait(60) == 10
    assert arena.template() == template
    assert arena.stable_pods() == pods
    assert arena.healthy()
    assert (arena.marks(), arena.leases()) == ({}, [])
