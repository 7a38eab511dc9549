"""The controller does not react: nothing is believed that was not seen."""

import pytest

from tests.e2e.arena import Arena

pytestmark = [pytest.mark.cluster, pytest.mark.alone]


def test_a_stopped_controller_is_no_success_and_the_spec_is_restored(arena: Arena) -> None:
    arena.deploy()
    template, pods = arena.template(), arena.stable_pods()
    controller = arena.bed.component("rollouts-controller")
    controller.stop_signal()
    try:
        outcome = arena.applied(
            arena.plan(arena.to_secret("payments-db-b"), watch="watch: {readyWithin: 8s, adoptWithin: 5s, hold: 1s}")
        )
    finally:
        controller.continue_signal()
    assert outcome.code == 11, outcome.told()
    assert outcome.report["cause"]["code"] == "not-adopted"
    assert outcome.report["spec"] == "restored"
    assert any("has not settled" in sentence for sentence in outcome.report["unproven"]), outcome.told()
    assert arena.template() == template
    arena.wait_healthy()
    assert arena.stable_pods() == pods
