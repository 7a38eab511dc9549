"""`cutover resume`, whole, in process: whose run it takes over, how it goes on, and what it leaves."""

import json
import time
from dataclasses import replace
from typing import Any

import pytest

from cutover.commands.resume import resume
from cutover.core.base.causes import Reaction, rule
from cutover.core.base.errors import LockedError
from cutover.core.base.outcomes import Cause, Outcome, SpecState
from cutover.core.base.resources import Resource
from cutover.core.review.report import Report
from cutover.core.writes.lease import VERDICT
from cutover.core.writes.stored_verdict import verdict_text
from cutover.runtime.loop import LONGEST_WAIT
from tests.commands.application import (
    LEASE,
    PROMOTED,
    ROLLOUT,
    STATUS,
    TO_THE_PAUSE,
    UsualApplication,
    owned,
    renewed_by_bob,
)
from tests.commands.heard import Heard
from tests.commands.lock_time import LockTime
from tests.core.checks.documents import TEMPLATE
from tests.core.engine.stage import AFTER, ClusterStage
from tests.runtime.leases import BOB, lease


def resumed(one: UsualApplication, *, timeout: float = float("inf"), follow: bool = False, **options: Any) -> Report:
    return resume(one.app, timeout=timeout, follow=follow, **options)


def left_by_bob(one: UsualApplication, stage: ClusterStage, **annotations: str) -> None:
    """The run's process is gone: its marks stand, and its Lease has been laid down."""
    one.api.shows(stage)
    one.locks()
    document = lease(replace(BOB, run="run-1"), **annotations)
    document["spec"]["holderIdentity"] = ""
    one.api.others[Resource.LEASE] = (document,)


def test_without_marks_and_lock_there_is_nothing_to_do(one: UsualApplication) -> None:
    report = resumed(one)
    assert (report.outcome, one.api.writes) == (Outcome.UNCHANGED, [])


def test_a_lock_without_a_run_is_released(one: UsualApplication) -> None:
    left_by_bob(one, one.api.stage)
    report = resumed(one)
    assert (report.outcome, report.unproven) == (Outcome.UNCHANGED, ())
    assert report.proven == ("no run is left on this Rollout; the lock of a dead one was released",)
    assert one.api.writes == [f"DELETE {LEASE}"]


def test_a_lock_that_cannot_be_released_is_not_called_so(one: UsualApplication) -> None:
    left_by_bob(one, one.api.stage)
    one.api.on[f"DELETE {LEASE}"] = lambda call: call.refuse(403, "Forbidden", "no")
    report = resumed(one)
    assert report.proven == ()
    assert report.unproven[0].startswith("the lock of a dead run is still there: ")


def test_a_dry_run_says_what_is_left_and_writes_nothing(one: UsualApplication) -> None:
    left_by_bob(one, owned().comes_to_the_pause().stage)
    report = resumed(one, dry_run=True)
    assert (report.outcome, one.api.writes) == (Outcome.PLANNED, [])
    assert report.proven == ("nothing was written; run run-1 is not finished",)


def test_a_run_whose_process_lives_is_left_alone(one: UsualApplication) -> None:
    one.api.shows(owned().comes_to_the_pause().stage)
    one.api.instead[f"GET {LEASE}"] = renewed_by_bob()
    with pytest.raises(LockedError):
        resumed(one)
    assert one.api.writes == []


def test_a_run_goes_on_where_it_stands_and_is_promoted(one: UsualApplication) -> None:
    left_by_bob(one, owned().comes_to_the_pause().stage)
    one.rollout_writes(lambda: (), lambda: ())
    one.status_writes(lambda: PROMOTED)
    report = resumed(one)
    assert (report.outcome, report.unproven, report.run) == (Outcome.PROMOTED, (), "run-1")
    assert one.api.writes == [f"PATCH {LEASE}", ROLLOUT, STATUS, ROLLOUT, f"DELETE {LEASE}"]
    assert (one.api.stage.rollout["spec"]["template"], one.marks) == (AFTER, [])


def test_a_run_that_had_failed_goes_back_though_all_looks_well(one: UsualApplication) -> None:
    cause = Cause(rule("crash-loop").attribution, "crash-loop", "it crashed")
    noted = {VERDICT: verdict_text(Reaction.FAIL, cause, promoted=False)}
    left_by_bob(one, owned().comes_to_the_pause().stage, **noted)
    one.rollout_writes(lambda: (), lambda: (ClusterStage.restored_and_healthy,), lambda: ())
    one.status_writes(lambda: (ClusterStage.aborted,))
    report = resumed(one)
    assert (report.outcome, report.unproven, report.spec) == (Outcome.HELD, (), SpecState.RESTORED)
    assert isinstance(report.cause, Cause)
    assert report.cause.code == cause.code
    assert (one.api.stage.rollout["spec"]["template"], one.marks) == (TEMPLATE, [])


def test_a_run_that_cannot_be_claimed_is_not_driven_and_its_lock_is_given_back(one: UsualApplication) -> None:
    left_by_bob(one, owned().comes_to_the_pause().stage)
    one.api.on[ROLLOUT] = lambda call: call.refuse(409, "Conflict", "somebody was quicker")
    with pytest.raises(LockedError) as locked:
        resumed(one)
    assert "could not be taken over" in locked.value.problems[0].message
    assert one.api.writes == [f"PATCH {LEASE}", ROLLOUT, f"DELETE {LEASE}"]


def test_the_name_of_the_new_process_is_in_the_marks_before_anything_else_is_written(one: UsualApplication) -> None:
    left_by_bob(one, owned().comes_to_the_pause().stage)
    one.rollout_writes(lambda: (), lambda: ())
    one.status_writes(lambda: PROMOTED)
    resumed(one)
    taken, claim = one.api.bodies[:2]
    holder = next(each["value"]["holderIdentity"] for each in taken if each["path"] == "/spec")
    assert holder in json.dumps(claim)


def test_without_a_lock_in_force_nothing_is_promoted_and_once_it_is_another_s_the_run_ends_at_once(
    one: UsualApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard = Heard()
    left_by_bob(one, owned().has_a_ready_canary().stage)
    one.rollout_writes(lambda: ())
    one.status_writes(lambda: PROMOTED)
    lost_at = LockTime(one, monkeypatch).is_lost_at_the_pause(heard, TO_THE_PAUSE[-1])
    report = resumed(one, recorder=heard)
    assert time.monotonic() - lost_at.result() < LONGEST_WAIT / 2
    assert (report.outcome, report.spec, heard.sent_writes) == (Outcome.SUPERSEDED, SpecState.LEFT, [])
    assert set(one.api.writes) == {f"PATCH {LEASE}", ROLLOUT}
