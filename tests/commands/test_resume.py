"""`cutover resume`, whole, in process: whose run it takes over, how it goes on, and what it leaves."""

import json
import signal
import time
from typing import Any, Final

import pytest

from cutover.adapters.background import Background
from cutover.commands.resume import resume
from cutover.core.base.causes import Reaction, rule
from cutover.core.base.documents import Json
from cutover.core.base.errors import LockedError
from cutover.core.base.outcomes import Cause, Outcome, SpecState
from cutover.core.base.resources import Resource
from cutover.core.engine import phase_table
from cutover.core.engine.observation import EvidenceKind
from cutover.core.review.report import Report
from cutover.core.writes.lease import VERDICT
from cutover.core.writes.stored_verdict import verdict_text
from cutover.core.writes.write import WriteName
from cutover.runtime.loop import LONGEST_WAIT
from tests.adapters.kube.server import Call
from tests.commands.api import PLANTED
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
from tests.quotations import unmasked
from tests.recordings.replay import recorded, replay

CRASHED: Final = Cause(rule("crash-loop").attribution, "crash-loop", "it crashed")
FAILED: Final = {VERDICT: verdict_text(Reaction.FAIL, CRASHED, promoted=False)}
"""The verdict on the Lease of a run that had failed when its process ended."""


def resumed(one: UsualApplication, *, timeout: float = float("inf"), follow: bool = False, **options: Any) -> Report:
    return resume(one.app, timeout=timeout, follow=follow, **options)


def test_without_marks_and_lock_there_is_nothing_to_do(one: UsualApplication) -> None:
    report = resumed(one)
    assert (report.outcome, one.api.writes) == (Outcome.UNCHANGED, [])


def test_a_lock_without_a_run_is_released(one: UsualApplication) -> None:
    one.left_by_bob(one.api.stage)
    report = resumed(one)
    assert (report.outcome, report.unproven) == (Outcome.UNCHANGED, ())
    assert report.proven == ("no run is left on this Rollout; the lock of a dead one was released",)
    assert one.api.writes == [f"DELETE {LEASE}"]


def test_a_lock_that_cannot_be_released_is_not_called_so(one: UsualApplication) -> None:
    one.left_by_bob(one.api.stage)
    one.api.on[f"DELETE {LEASE}"] = lambda call: call.refuse(403, "Forbidden", "no")
    report = resumed(one)
    assert report.proven == ()
    assert report.unproven[0].startswith("the lock of a dead run is still there: ")


def test_a_dry_run_says_what_is_left_and_writes_nothing(one: UsualApplication) -> None:
    one.left_by_bob(owned().comes_to_the_pause().stage)
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
    one.left_by_bob(owned().comes_to_the_pause().stage)
    one.rollout_writes(lambda: (), lambda: ())
    one.status_writes(lambda: PROMOTED)
    report = resumed(one)
    assert (report.outcome, report.unproven, report.run) == (Outcome.PROMOTED, (), "run-1")
    assert one.api.writes == [f"PATCH {LEASE}", ROLLOUT, STATUS, ROLLOUT, f"DELETE {LEASE}"]
    assert (one.api.stage.rollout["spec"]["template"], one.marks) == (AFTER, [])


def test_a_run_that_had_failed_goes_back_though_all_looks_well(one: UsualApplication) -> None:
    one.left_by_bob(owned().comes_to_the_pause().stage, **FAILED)
    one.rollout_writes(lambda: (), lambda: (ClusterStage.restored_and_healthy,), lambda: ())
    one.status_writes(lambda: (ClusterStage.aborted,))
    report = resumed(one)
    assert (report.outcome, report.unproven, report.spec) == (Outcome.HELD, (), SpecState.RESTORED)
    assert isinstance(report.cause, Cause)
    assert report.cause.code == "crash-loop"
    assert (one.api.stage.rollout["spec"]["template"], one.marks) == (TEMPLATE, [])
    assert one.api.others[Resource.LEASE] == ()


def test_a_run_that_is_still_not_finished_leaves_its_verdict_for_the_next_process(
    one: UsualApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(phase_table, "DENIED_WITHIN", 0.1)
    one.left_by_bob(owned().comes_to_the_pause().stage, **FAILED)
    one.rollout_writes(lambda: ())
    one.only_first(ROLLOUT)
    one.status_writes(lambda: (ClusterStage.aborted,))
    report = resumed(one)
    assert (report.outcome, report.spec) == (Outcome.UNVERIFIED, SpecState.LEFT)
    assert one.api.writes[-1] == f"PATCH {LEASE}"
    assert one.laid_down == "crash-loop"


def event(name: str, last: str) -> Json:
    """An Event about the Rollout, whose words hold a value."""
    meta = {"name": name, "namespace": "payments"}
    return {"metadata": meta, "type": "Warning", "reason": name, "message": f"saw {PLANTED}", "lastTimestamp": last}


def test_the_evidence_is_of_the_time_since_the_run_began_and_without_a_value(one: UsualApplication) -> None:
    heard = Heard()
    one.left_by_bob(owned().comes_to_the_pause().stage, **FAILED)
    one.api.others[Resource.EVENT] = (event("Before", "2026-11-18T11:00:00Z"), event("After", "2026-11-18T11:10:00Z"))
    one.rollout_writes(lambda: (), lambda: (ClusterStage.restored_and_healthy,), lambda: ())

    def is_aborted_once_the_events_are_read() -> None:
        heard.awaits(lambda observation: bool(observation.evidence))
        heard.awaits(lambda observation: WriteName.ABORT in [answer.write.name for answer in observation.answers])
        one.becomes(ClusterStage.aborted)

    one.status_writes(lambda: ())
    story = Background(is_aborted_once_the_events_are_read)
    report = resumed(one, recorder=heard)
    story.result()
    (events,) = (line.text for line in report.evidence if line.kind is EvidenceKind.EVENTS)
    assert events.startswith("Warning After: saw <masked-")
    assert "Before" not in events
    assert PLANTED not in one.kept(report)


def test_the_rest_has_the_time_limit_of_its_command_and_is_watched_on_if_that_says_so(one: UsualApplication) -> None:
    heard = Heard()
    one.left_by_bob(owned().comes_to_the_pause().stage)
    one.rollout_writes(lambda: (), lambda: ())
    one.status_writes(lambda: PROMOTED)
    resumed(one, recorder=heard, timeout=600.0, follow=True)
    assert heard.limits == (600.0, True)


def test_a_run_that_cannot_be_claimed_is_not_driven_and_its_lock_is_given_back(one: UsualApplication) -> None:
    one.left_by_bob(owned().comes_to_the_pause().stage)
    one.api.on[ROLLOUT] = lambda call: call.refuse(409, "Conflict", "somebody was quicker")
    with pytest.raises(LockedError) as locked:
        resumed(one)
    assert "could not be taken over" in unmasked(locked.value.problems[0].message)
    assert one.api.writes == [f"PATCH {LEASE}", ROLLOUT, f"DELETE {LEASE}"]


def test_the_name_of_the_new_process_is_in_the_marks_before_anything_else_is_written(one: UsualApplication) -> None:
    one.left_by_bob(owned().comes_to_the_pause().stage)
    one.rollout_writes(lambda: (), lambda: ())
    one.status_writes(lambda: PROMOTED)
    resumed(one)
    taken, claim = one.api.bodies[:2]
    holder = next(each["value"]["holderIdentity"] for each in taken if each["path"] == "/spec")
    assert holder in json.dumps(claim)


def test_both_halves_of_a_run_that_died_are_recorded(one: UsualApplication) -> None:
    """Two processes, as at a person's: the first is killed when it passes the pause."""
    first, second = one.folder / "first.jsonl", one.folder / "second.jsonl"
    one.locks()
    one.rollout_writes(lambda: TO_THE_PAUSE)
    running = one.start("apply", one.plan, "-o", "json", "--record", first)

    def kills(call: Call) -> None:
        running.process.kill()
        call.cut()

    one.api.on[STATUS] = kills
    died = running.finish()
    assert died.code == -signal.SIGKILL, died.told()
    one.rollout_writes(lambda: (), lambda: ())
    one.status_writes(lambda: PROMOTED)
    rest = one.start("resume", "payments", "-o", "json", "--record", second).finish()
    assert (rest.code, rest.report["outcome"]) == (0, "promoted"), rest.told()
    assert replay(first.read_text().splitlines()).writes[:1] == ("cutover",)
    lines = second.read_text().splitlines()
    assert replay(lines) == recorded(lines)
    assert recorded(lines).outcome == "promoted"


def test_without_a_lock_in_force_nothing_is_promoted_and_once_it_is_another_s_the_run_ends_at_once(
    one: UsualApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard = Heard()
    one.left_by_bob(owned().has_a_ready_canary().stage)
    one.rollout_writes(lambda: ())
    one.status_writes(lambda: PROMOTED)
    lost_at = LockTime(one, monkeypatch).is_lost_at_the_pause(heard, TO_THE_PAUSE[-1])
    report = resumed(one, recorder=heard)
    assert time.monotonic() - lost_at.result() < LONGEST_WAIT / 2
    assert (report.outcome, report.spec, heard.sent_writes) == (Outcome.SUPERSEDED, SpecState.LEFT, [])
    assert set(one.api.writes) == {f"PATCH {LEASE}", ROLLOUT}
