"""`cutover apply` where somebody was here before: a run of this plan that is not finished, and one that lives."""

from typing import Any

import pytest

from cutover.core.base.errors import LockedError, StaleError
from cutover.core.base.outcomes import Outcome
from cutover.core.plan.load import load
from cutover.core.review.report import Report
from tests.adapters.kube.server import Call
from tests.commands.application import LEASE, PLAN, PROMOTED, ROLLOUT, STATUS, UsualApplication, owned, renewed_by_bob
from tests.commands.heard import Heard
from tests.core.engine.stage import AFTER, OTHERS, opening

DIGEST = load(PLAN, "plan.yaml").digest


def applied_again(one: UsualApplication, digest: str = DIGEST, **options: Any) -> Report:
    """Apply the plan while a run stands at its pause, whose process is gone; its marks name this plan."""
    one.left_by_bob(owned(digest).comes_to_the_pause().stage)
    one.rollout_writes(lambda: (), lambda: ())
    one.status_writes(lambda: PROMOTED)
    return one.apply(**options)


def test_a_run_of_the_same_plan_that_is_not_finished_is_resumed(one: UsualApplication) -> None:
    report = applied_again(one)
    assert (report.outcome, report.unproven, report.run) == (Outcome.PROMOTED, (), "run-1")
    assert one.api.writes == [f"PATCH {LEASE}", ROLLOUT, STATUS, ROLLOUT, f"DELETE {LEASE}"]
    assert (one.api.stage.rollout["spec"]["template"], one.marks) == (AFTER, [])


def test_it_is_resumed_with_the_time_limit_and_the_recorder_of_this_command(one: UsualApplication) -> None:
    heard = Heard()
    applied_again(one, recorder=heard, timeout=600.0, follow=True)
    assert heard.limits == (600.0, True)


def test_a_dry_run_does_not_resume_it(one: UsualApplication) -> None:
    report = applied_again(one, dry_run=True)
    assert (report.outcome, one.api.writes) == (Outcome.REFUSED, [])


def test_a_run_of_another_plan_is_not_resumed_and_refuses_this_one(one: UsualApplication) -> None:
    report = applied_again(one, digest="1" * 64)
    assert (report.outcome, "C027" in [finding.code for finding in report.findings]) == (Outcome.REFUSED, True)
    assert one.api.writes == []


# -- a run that began only just now ------------------------------------------------------------------------------------


def begins(one: UsualApplication, call: Call) -> None:
    """Somebody else's run holds the lock, and has written its template."""
    one.api.instead[f"GET {LEASE}"] = renewed_by_bob()
    one.api.shows(opening().spec(template=OTHERS, paused=True))
    call.refuse(422, "Invalid", "the test failed")


def begins_before_it_is_read(one: UsualApplication) -> None:
    """The lock is free when it is looked at, and taken by the time that the Rollout is read."""

    def read(call: Call) -> None:
        one.api.instead[f"GET {LEASE}"] = renewed_by_bob()
        call.reply(200, one.api.stage.rollout)

    one.api.instead["GET rollouts/payments"] = read


def test_a_rollout_that_moved_by_the_hand_of_a_run_that_lives_is_locked_and_not_stale(one: UsualApplication) -> None:
    one.api.dry = lambda call: begins(one, call)
    with pytest.raises(LockedError):
        one.apply()
    assert one.api.writes == []


def test_a_dry_run_names_no_run_that_lives_and_is_stale(one: UsualApplication) -> None:
    one.api.dry = lambda call: begins(one, call)
    with pytest.raises(StaleError):
        one.apply(dry_run=True)
    assert not [each for each in one.api.seen if each.path.endswith(LEASE)]


def test_what_the_plan_no_longer_finds_because_a_run_lives_is_locked_and_not_stale(one: UsualApplication) -> None:
    one.plan.write_text(PLAN + "        from: {secretKeyRef: {name: another, key: url}}\n")
    begins_before_it_is_read(one)
    with pytest.raises(LockedError):
        one.apply()


def test_what_is_refused_because_a_run_lives_is_locked_and_not_refused(one: UsualApplication) -> None:
    one.api.shows(opening().spec(paused=True))
    begins_before_it_is_read(one)
    with pytest.raises(LockedError):
        one.apply()
