"""Something on the API server's side changes what is written."""

import time

import pytest

from tests.e2e.arena import Arena
from tests.e2e.webhook import Patch, mutating

pytestmark = pytest.mark.cluster

# FEATURE_X stands second in the env of the container `app`.
MEDDLING: Patch = [{"op": "replace", "path": "/spec/template/spec/containers/0/env/1/value", "value": "meddled"}]


def test_a_change_that_a_dry_run_shows_is_refused_before_anything_is_written(arena: Arena) -> None:
    arena.deploy()
    with mutating(arena, MEDDLING, in_dry_runs=True), arena.no_write():
        time.sleep(1)  # the API server reads webhook configurations from a cache
        outcome = arena.applied(arena.plan(arena.to_secret("payments-db-b")))
    assert outcome.code == 3, outcome.told()
    assert "/spec/template/spec/containers/0/env/1/value" in outcome.stdout


def test_a_change_that_only_the_write_shows_is_restored_at_once_and_named(arena: Arena) -> None:
    arena.deploy()
    template, pods = arena.template(), arena.stable_pods()
    with mutating(arena, MEDDLING, word="payments-db-b"):
        time.sleep(1)  # as above
        outcome = arena.applied(arena.plan(arena.to_secret("payments-db-b")))
    assert outcome.code == 10, outcome.told()
    assert outcome.report["cause"]["code"] == "mutated"
    assert "/spec/template/spec/containers/0/env/1/value" in outcome.report["cause"]["message"]
    assert arena.template() == template
    assert arena.stable_pods() == pods
    assert arena.healthy()


@pytest.mark.whole(
    "tests/core/engine/test_way_back.py::test_where_every_write_is_mutated_the_restore_too_is_never_called_restored"
)
def test_a_restore_that_is_changed_too_is_never_called_restored(arena: Arena) -> None:
    arena.deploy()
    with mutating(arena, MEDDLING):
        time.sleep(1)  # as above
        outcome = arena.applied(arena.plan(arena.to_secret("payments-db-b")))
    assert outcome.code == 11, outcome.told()
    assert "the spec does not hold the old template" in outcome.report["unproven"]
    assert outcome.report["spec"] == "left"
