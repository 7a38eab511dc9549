"""A finding that the plan accepts by name: the run goes on, and every word of it says why."""

import pytest

from tests.e2e.arena import FAST, Arena

pytestmark = pytest.mark.cluster

REASON = "the sidecar has nothing to be ready for, CHG-4711"
CHANGE = '{name: LOG_LEVEL, value: "debug", container: sidecar}'


def test_an_allowed_finding_refuses_no_more_and_its_reason_is_in_diff_and_report(arena: Arena) -> None:
    arena.deploy(sidecar=True)
    plan = arena.plan(CHANGE, more=f'  allow: [{{code: C019, reason: "{REASON}"}}]\n')
    assert f"→ allowed by the plan: {REASON}" in arena.cutover("diff", plan).stdout
    checked = arena.cutover("check", plan)
    assert (checked.code, "1 allowed" in checked.stdout) == (0, True), checked.told()
    outcome = arena.applied(plan)
    assert outcome.code == 0, outcome.told()
    assert [(found["code"], found["severity"], found["allowed"]) for found in outcome.report["findings"]] == [
        ("C019", "refuse", REASON)
    ]
    assert REASON in outcome.stderr


def test_what_is_allowed_and_not_found_is_told(arena: Arena) -> None:
    arena.deploy()
    watch = FAST.replace("hold: 1s", "hold: 3s")  # one second is less than readiness needs to notice a loss (C043)
    plan = arena.plan(arena.to_secret("payments-db-b"), watch=watch, more='  allow: [{code: C019, reason: "x"}]\n')
    outcome = arena.applied(plan, "--dry-run")
    assert outcome.code == 0, outcome.told()
    assert [(found["code"], found["severity"]) for found in outcome.report["findings"]] == [("C031", "info")]
