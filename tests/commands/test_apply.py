"""`cutover apply`, whole, in process: nothing is written before every check has passed, and what follows a refusal."""

import errno
import json
import os
import signal
import time
from collections import deque
from collections.abc import Iterable
from dataclasses import replace
from threading import current_thread
from typing import Any, Final

import pytest

from cutover.commands import apply as apply_command
from cutover.commands.early_exit import stopped
from cutover.commands.resume import resume
from cutover.core.base.errors import CutoverError, LockedError, Problem, RefusedError, StaleError, UnreachableError
from cutover.core.base.outcomes import Cause, Ending, Outcome, SpecState
from cutover.core.checks.finding import Finding
from cutover.core.engine import phase_table
from cutover.core.patch import edit
from cutover.core.podtemplate.compare import Difference, differing
from cutover.core.review.report import Report
from cutover.runtime import performer
from cutover.runtime.loop import LONGEST_WAIT
from tests.adapters.kube.server import Call
from tests.commands.api import PLANTED
from tests.commands.application import (
    LEASE,
    PROMOTED,
    ROLLOUT,
    STATUS,
    TO_THE_PAUSE,
    WARNED,
    UsualApplication,
    owned,
    renewed_by_bob,
)
from tests.commands.heard import Heard
from tests.commands.lock_time import LockTime
from tests.core.checks.documents import TEMPLATE, changed
from tests.core.engine.play import See, patched
from tests.core.engine.stage import AFTER, NEW, OTHERS, ClusterStage, crash_looping, opening
from tests.quotations import unmasked


def codes(report: Report) -> list[str]:
    return [finding.code for finding in report.findings]


def test_a_dry_run_asks_everything_and_writes_nothing(one: UsualApplication) -> None:
    report = one.apply(dry_run=True)
    assert (report.outcome, codes(report)) == (Outcome.PLANNED, WARNED)
    assert one.api.writes == []
    assert sorted(one.dry_runs) == ["PATCH payments", "POST pods"]


def test_what_the_plan_accepts_of_a_right_and_of_a_dry_run_is_said_with_its_reason(one: UsualApplication) -> None:
    accepted = {"C094": "we read no logs", "C097": "the controller has a quota of its own"}
    lines = [f"    - {{code: {code}, reason: {reason}}}\n" for code, reason in accepted.items()]
    one.plan.write_text("".join((one.plan.read_text(), "  allow:\n", *lines)))
    one.api.denied = frozenset({"get pods"})
    one.api.pod = lambda call: call.refuse(403, "Forbidden", "exceeded quota")
    report = one.apply(dry_run=True)
    assert report.outcome is Outcome.PLANNED
    assert {finding.code: finding.allowed for finding in report.findings if finding.allowed} == accepted


# -- refused before the first write ------------------------------------------------------------------------------------


def test_a_check_that_refuses_ends_the_run_before_anything_is_asked(one: UsualApplication) -> None:
    one.api.shows(opening().spec(paused=True))
    report = one.apply()
    assert (report.outcome, "C007" in codes(report)) == (Outcome.REFUSED, True)
    assert (one.api.writes, one.dry_runs, one.reviews) == ([], [], 0)


def test_a_missing_right_ends_it_before_a_dry_run(one: UsualApplication) -> None:
    one.api.denied = frozenset({"patch rollouts"})
    report = one.apply()
    assert (report.outcome, "C093" in codes(report)) == (Outcome.REFUSED, True)
    assert (one.api.writes, one.dry_runs) == ([], [])


def test_what_admission_would_refuse_is_not_written(one: UsualApplication) -> None:
    one.api.dry = lambda call: call.refuse(403, "Forbidden", f"policy says no to {PLANTED}")
    report = one.apply()
    assert (report.outcome, "C090" in codes(report), one.api.writes) == (Outcome.REFUSED, True, [])
    assert PLANTED not in repr(report)


def test_what_would_be_stored_differently_is_not_written(one: UsualApplication) -> None:
    one.api.after = changed(one.api.stage.rollout, {"spec.template": OTHERS})
    report = one.apply()
    assert (report.outcome, "C091" in codes(report), one.api.writes) == (Outcome.REFUSED, True, [])


def test_a_template_of_which_no_pod_would_be_taken_is_not_written(one: UsualApplication) -> None:
    one.api.pod = lambda call: call.refuse(422, "Invalid", "spec.containers[0]: no")
    report = one.apply()
    assert (report.outcome, "C096" in codes(report), one.api.writes) == (Outcome.REFUSED, True, [])


def test_a_rollout_that_moved_since_it_was_read_is_stale(one: UsualApplication) -> None:
    def moves(call: Call) -> None:
        one.api.shows(opening().spec(template=OTHERS))
        call.refuse(422, "Invalid", "the test failed")

    one.api.dry = moves
    with pytest.raises(StaleError):
        one.apply()
    assert one.api.writes == []


def test_a_live_run_of_somebody_else_is_named_first(one: UsualApplication) -> None:
    one.api.instead[f"GET {LEASE}"] = renewed_by_bob()
    with pytest.raises(LockedError) as locked:
        one.apply()
    assert "run run-2 of bob@laptop" in unmasked(locked.value.problems[0].message)
    assert (one.api.writes, one.dry_runs, one.reviews) == ([], [], 0)


def test_a_live_run_is_named_before_the_state_that_it_made(one: UsualApplication) -> None:
    """What it made would be refused: another plan, an update under way. It goes on: nothing was written."""
    one.plan.write_text(one.plan.read_text().replace("payments-db-b", "payments-db-c"))
    one.api.shows(owned().comes_to_the_pause().stage)
    one.api.instead[f"GET {LEASE}"] = renewed_by_bob()
    with pytest.raises(LockedError) as locked:
        one.apply()
    assert "run run-2 of bob@laptop" in unmasked(locked.value.problems[0].message)
    with pytest.raises(LockedError):
        resume(one.app, timeout=float("inf"), follow=False)
    assert (one.api.writes, one.dry_runs, one.reviews) == ([], [], 0)


def test_an_api_server_that_goes_away_is_unreachable(one: UsualApplication) -> None:
    one.api.instead["GET pods"] = Call.cut
    with pytest.raises(UnreachableError):
        one.apply()
    assert one.api.writes == []


def test_a_plan_that_is_done_already_is_unchanged(one: UsualApplication) -> None:
    one.api.shows(opening().spec(template=AFTER).observed())
    report = one.apply()
    assert (report.outcome, one.api.writes) == (Outcome.UNCHANGED, [])


def test_a_journal_that_cannot_be_written_forbids_every_write(no_journal: UsualApplication) -> None:
    one = no_journal
    with pytest.raises(RefusedError) as refused:
        one.apply()
    assert "the journal cannot be written" in unmasked(refused.value.problems[0].message)
    assert one.api.writes == []


def test_a_disk_that_is_full_forbids_every_write(one: UsualApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    write = os.write

    def full(descriptor: int, data: bytes) -> int:
        if current_thread().name == "journal":
            raise OSError(errno.ENOSPC, "No space left on device")
        return write(descriptor, data)

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(RefusedError) as refused:
        one.apply()
    assert "No space left on device" in unmasked(refused.value.problems[0].message)
    assert one.api.writes == []


def test_a_lock_that_cannot_be_taken_refuses_and_the_rollout_is_not_written(one: UsualApplication) -> None:
    one.api.on["POST leases"] = lambda call: call.refuse(403, "Forbidden", "no")
    with pytest.raises(RefusedError) as refused:
        one.apply()
    assert "nothing was written to the Rollout" in unmasked(refused.value.problems[0].message)
    assert set(one.api.writes) == {"POST leases"}


POOL = "    - env: {name: POOL_SIZE, container: app, value: '20'}\n"


def forgetful(*arguments: Any) -> tuple[Difference, ...]:
    """A comparison of ours that sees the first difference only."""
    return differing(*arguments)[:1]


@pytest.mark.parametrize("dry_run", [False, True])
def test_a_difference_that_the_review_did_not_show_is_a_bug_and_nothing_is_written(
    one: UsualApplication,
    monkeypatch: pytest.MonkeyPatch,
    dry_run: bool,  # noqa: FBT001 -- a parameter
) -> None:
    one.plan.write_text(one.plan.read_text() + POOL)
    monkeypatch.setattr(edit, "differing", forgetful)
    with pytest.raises(CutoverError) as bug:
        one.apply(dry_run=dry_run)
    assert "differs, and no edit says so" in unmasked(bug.value.problems[0].message)
    assert (one.api.writes, one.dry_runs) == ([], [])


# -- refused after the lock --------------------------------------------------------------------------------------------


def test_what_became_refusable_while_the_lock_was_taken_refuses_after_all(one: UsualApplication) -> None:
    one.locks(lambda: one.api.shows(opening().spec(paused=True)))
    report = one.apply()
    assert (report.outcome, "C007" in codes(report)) == (Outcome.REFUSED, True)
    assert one.api.writes == ["POST leases", f"DELETE {LEASE}"]


def test_what_somebody_else_did_while_the_lock_was_taken_needs_no_run(one: UsualApplication) -> None:
    one.locks(lambda: one.api.shows(opening().spec(template=AFTER).adopted().promoted()))
    report = one.apply()
    assert (report.outcome, report.spec) == (Outcome.UNCHANGED, SpecState.UNCHANGED)
    assert one.api.writes == ["POST leases", f"DELETE {LEASE}"]


def test_a_stop_between_the_lock_and_the_first_write_is_interrupted_and_gives_the_lock_back(
    one: UsualApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop() -> None:
        monkeypatch.setattr(apply_command, "make_copies", stopped_by_hand)

    monkeypatch.setattr(performer, "_ANNOUNCED", deque(maxlen=1))  # what other tests of this process have written
    one.locks(stop)
    with pytest.raises(KeyboardInterrupt):
        one.apply()
    assert one.api.writes == ["POST leases", f"DELETE {LEASE}"]
    assert stopped() == (Outcome.INTERRUPTED, Problem("stopped; nothing was written"))


def stopped_by_hand(*_: object) -> tuple[Finding, ...]:
    raise KeyboardInterrupt


def test_a_difference_that_the_review_did_not_show_is_a_bug_under_the_lock_too(
    one: UsualApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    one.plan.write_text(one.plan.read_text() + POOL)
    one.api.dry = one.would_store
    one.locks(lambda: monkeypatch.setattr(edit, "differing", forgetful))
    with pytest.raises(CutoverError) as bug:
        one.apply()
    assert "differs, and no edit says so" in unmasked(bug.value.problems[0].message)
    assert one.api.writes == ["POST leases", f"DELETE {LEASE}"]


def test_a_write_that_is_refused_leaves_nothing_behind(one: UsualApplication) -> None:
    one.locks()
    one.api.on[ROLLOUT] = lambda call: call.refuse(403, "Forbidden", "a webhook changed its mind")
    report = one.apply()
    assert (report.outcome, report.spec) == (Outcome.REFUSED, SpecState.UNCHANGED)
    assert one.api.writes == ["POST leases", ROLLOUT, f"DELETE {LEASE}"]


# -- runs --------------------------------------------------------------------------------------------------------------


def test_a_good_plan_is_written_once_promoted_and_leaves_nothing_behind(one: UsualApplication) -> None:
    one.promotes()
    report = one.apply()
    assert (report.outcome, report.unproven, report.cause) == (Outcome.PROMOTED, (), None)
    assert one.api.writes == ["POST leases", ROLLOUT, STATUS, ROLLOUT, f"DELETE {LEASE}"]
    assert one.api.stage.rollout["spec"]["template"] == AFTER
    assert one.marks == []
    assert PLANTED not in one.kept(report)


def test_an_empty_value_which_the_controller_spells_in_its_own_way_is_still_the_plans(one: UsualApplication) -> None:
    """It writes the whole typed Rollout with each new revision, which drops an empty value; so the stage has it."""
    entry = "spec.containers.0.env.0"
    ours = changed(TEMPLATE, {entry: {"name": "DATABASE_URL", "value": ""}})
    spelled = changed(TEMPLATE, {entry: {"name": "DATABASE_URL"}})
    one.plan.write_text(one.plan.read_text().replace("secretKeyRef: {name: payments-db-b, key: url}", 'value: ""'))
    one.api.after = changed(one.api.stage.rollout, {"spec.template": ours})
    one.promotes()

    def adopts_its_own(stage: ClusterStage) -> ClusterStage:
        return stage.spec(template=spelled).adopted().replicaset(NEW, spec__template=spelled)

    one.rollout_writes(lambda: (adopts_its_own, *TO_THE_PAUSE[1:]), lambda: ())
    report = one.apply()
    assert (report.outcome, report.unproven) == (Outcome.PROMOTED, ())
    assert one.api.bodies[1][-1]["value"] == {"name": "DATABASE_URL", "value": ""}, "as the plan says"
    assert (one.api.stage.rollout["spec"]["template"], one.marks) == (spelled, [])
    before = list(one.api.writes)
    assert (one.apply().outcome, one.api.writes) == (Outcome.UNCHANGED, before)


def test_it_is_the_plans_even_where_its_spelling_is_seen_before_the_answer(one: UsualApplication) -> None:
    entry = "spec.containers.0.env.0"
    ours = changed(TEMPLATE, {entry: {"name": "DATABASE_URL", "value": ""}})
    spelled = changed(TEMPLATE, {entry: {"name": "DATABASE_URL"}})
    one.plan.write_text(one.plan.read_text().replace("secretKeyRef: {name: payments-db-b, key: url}", 'value: ""'))
    one.api.after = changed(one.api.stage.rollout, {"spec.template": ours})
    one.promotes()

    def adopts_its_own(stage: ClusterStage) -> ClusterStage:
        return stage.spec(template=spelled).adopted().replicaset(NEW, spec__template=spelled)

    def answers_late(call: Call) -> None:
        ours_stored = patched(one.api.stage.rollout, json.loads(call.seen.body))
        one.api.shows(replace(one.api.stage, rollout=ours_stored))
        one.becomes(adopts_its_own, *TO_THE_PAUSE[1:])
        time.sleep(0.2)
        one.rollout_writes(lambda: ())
        call.reply(200, ours_stored)

    one.api.on[ROLLOUT] = answers_late
    report = one.apply()
    assert (report.outcome, report.unproven) == (Outcome.PROMOTED, ())


def test_a_recorder_hears_the_state_each_observation_each_write_and_the_end(one: UsualApplication) -> None:
    one.promotes()
    heard = Heard()
    report = one.apply(recorder=heard)
    events = [event for event in heard.told if event != "see"]
    writes = ("cutover", "promote-pause", "unmark")
    steps = [step for name in writes for step in (f"sent {name}", f"answer {name}")]
    assert events == ["begin write", *steps, "end"]
    assert heard.told[1] == "see"
    assert heard.ending is not None
    assert heard.ending.outcome is report.outcome


def test_a_run_has_the_time_limit_of_its_command_and_watches_on_if_that_says_so(one: UsualApplication) -> None:
    one.promotes()
    heard = Heard()
    one.apply(recorder=heard, timeout=600.0, follow=True)
    assert heard.limits == (600.0, True)


CRASHES: Final[tuple[See, ...]] = (
    ClusterStage.adopted,
    lambda stage: stage.canary().canary_pod(**crash_looping(1, 3, f"bad {PLANTED}")),
)
"""What follows the write of a bad plan."""


def test_a_bad_plan_is_aborted_undone_and_proven(one: UsualApplication) -> None:
    one.locks()
    one.rollout_writes(
        lambda: CRASHES,
        lambda: (ClusterStage.restored_and_healthy,),
        lambda: (),
    )
    one.status_writes(lambda: (ClusterStage.aborted,))
    report = one.apply()
    assert (report.outcome, report.unproven, report.spec) == (Outcome.HELD, (), SpecState.RESTORED)
    assert isinstance(report.cause, Cause)
    assert report.cause.code == "crash-loop"
    assert one.api.writes == ["POST leases", ROLLOUT, f"PATCH {LEASE}", STATUS, ROLLOUT, ROLLOUT, f"DELETE {LEASE}"]
    assert one.api.stage.rollout["spec"]["template"] == TEMPLATE
    assert one.marks == []
    assert PLANTED not in one.kept(report)


def test_a_run_that_is_not_finished_lays_its_lock_down_with_the_verdict_on_it(
    one: UsualApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(phase_table, "DENIED_WITHIN", 0.1)
    one.locks()
    one.rollout_writes(lambda: CRASHES)
    one.only_first(ROLLOUT)
    one.status_writes(lambda: (ClusterStage.aborted,))
    report = one.apply()
    assert (report.outcome, report.spec) == (Outcome.UNVERIFIED, SpecState.LEFT)
    assert one.api.writes == ["POST leases", ROLLOUT, f"PATCH {LEASE}", STATUS, ROLLOUT, f"PATCH {LEASE}"]
    assert one.laid_down == "crash-loop"


class Breaks(Heard):
    """A recorder that breaks the run off when it is over."""

    def end(self, ending: Ending) -> None:  # noqa: ARG002 -- its base's
        raise ZeroDivisionError


def test_a_run_that_breaks_off_lays_its_lock_down_with_the_verdict_on_it(one: UsualApplication) -> None:
    one.locks()
    one.rollout_writes(lambda: CRASHES, lambda: (ClusterStage.restored_and_healthy,), lambda: ())
    one.status_writes(lambda: (ClusterStage.aborted,))
    with pytest.raises(ZeroDivisionError):
        one.apply(recorder=Breaks())
    assert one.laid_down == "crash-loop"


def test_a_signal_in_the_middle_takes_the_plan_back(one: UsualApplication) -> None:
    one.locks()

    def interrupted() -> Iterable[See]:
        os.kill(os.getpid(), signal.SIGTERM)
        return (ClusterStage.adopted,)

    one.rollout_writes(interrupted, lambda: (ClusterStage.restored_and_healthy,), lambda: ())
    one.status_writes(lambda: (ClusterStage.aborted,))
    report = one.apply()
    assert (report.outcome, report.unproven, report.spec) == (Outcome.INTERRUPTED, (), SpecState.RESTORED)
    assert one.api.stage.rollout["spec"]["template"] == TEMPLATE


def test_without_a_lock_in_force_nothing_is_promoted_and_once_it_is_another_s_the_run_ends_at_once(
    one: UsualApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard, (adopted, *to_the_pause) = Heard(), TO_THE_PAUSE
    one.locks()
    one.rollout_writes(lambda: (adopted,))
    one.status_writes(lambda: PROMOTED)
    lost_at = LockTime(one, monkeypatch).is_lost_at_the_pause(heard, *to_the_pause)
    report = one.apply(recorder=heard)
    assert time.monotonic() - lost_at.result() < LONGEST_WAIT / 2
    assert (report.outcome, report.spec, heard.sent_writes) == (Outcome.SUPERSEDED, SpecState.LEFT, ["cutover"])
    assert set(one.api.writes) == {"POST leases", ROLLOUT, f"PATCH {LEASE}"}
