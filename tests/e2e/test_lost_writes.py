"""Writes that never reach the API server: what is not sent again is left to a person, or to `resume`."""

import pytest

from tests.e2e.arena import FAST, SHORT, Arena
from tests.e2e.kills.proxy import Proxy, ProxyFault
from tests.e2e.kills.writes import cutover, unmark

pytestmark = pytest.mark.cluster

STEPS = [{"setWeight": 50}, {"pause": {}}, {"setWeight": 80}]


def test_a_cutover_that_is_lost_on_its_way_changes_nothing(arena: Arena) -> None:
    """It is never sent again; the old template stands, and that is seen before it is said."""
    arena.deploy()
    template = arena.template()
    plan = arena.plan(arena.to_secret("payments-db-b"))
    with Proxy(arena.bed) as proxy:
        proxy.hook = lambda asked: ProxyFault.CUT_BEFORE if asked.number and cutover(asked) else ProxyFault.NONE
        outcome = arena.applied(plan, "--kubeconfig", str(proxy.kubeconfig(arena.folder)))
    assert outcome.code == 10, outcome.told()
    assert (outcome.report["cause"]["code"], outcome.report["spec"]) == ("answer-lost", "unchanged"), outcome.told()
    assert len([asked for asked in proxy.writes if cutover(asked)]) == 1
    assert arena.template() == template
    assert (arena.marks(), arena.leases()) == ({}, [])


@pytest.mark.sampled(1)
@pytest.mark.parametrize("deadman", ["", "  deadman: {seconds: 300}\n"], ids=["plain", "dead-man"])
def test_a_promotion_that_is_lost_on_its_way_is_left_to_a_person(arena: Arena, deadman: str) -> None:
    """With a dead-man the run first puts it back, which makes a new generation of the Rollout: that is no progress."""
    arena.deploy(steps=STEPS)
    plan = arena.plan(arena.to_secret("payments-db-b"), watch=FAST, more=deadman)
    with Proxy(arena.bed) as proxy:
        proxy.hook = lambda asked: ProxyFault.CUT_BEFORE if asked.path.endswith("/payments/status") else ProxyFault.NONE
        running = arena.start("apply", plan, "-o", "json", "--kubeconfig", proxy.kubeconfig(arena.folder))
        try:
            outcome = running.finish(within=90)
        finally:
            running.process.kill()
    assert outcome.code == 12, outcome.told()
    assert "progressDeadlineAbort" not in arena.rollout()["spec"]
    assert any("promote" in command for command in outcome.report["next"])


def test_a_held_run_whose_marks_could_not_be_taken_away_is_still_held_for_resume(arena: Arena) -> None:
    """What `resume` clears away is the end of a run that failed: nobody else had a hand in it."""
    arena.deploy()
    template = arena.template()
    arena.secret("candidate", url=arena.bed.databases.refused.url())
    plan = arena.plan(arena.to_secret("candidate"), watch=SHORT)
    with Proxy(arena.bed) as proxy:
        proxy.hook = lambda asked: ProxyFault.CUT_BEFORE if unmark(asked) else ProxyFault.NONE
        held = arena.applied(plan, "--kubeconfig", str(proxy.kubeconfig(arena.folder)))
    assert held.code == 10, held.told()
    assert any("cutover resume" in sentence for sentence in held.report["unproven"])
    again = arena.cutover("resume", "payments", "-n", arena.namespace, "-o", "json")
    assert again.code == 10, again.told()
    assert again.report["cause"]["code"] == held.report["cause"]["code"]
    assert arena.template() == template
    assert (arena.marks(), arena.leases()) == ({}, [])
