"""`cutover abort`, whole, in process: it waits for nobody, and goes on where something of it fails."""

import json

import pytest

from cutover.commands.abort import abort
from cutover.core.base.outcomes import Cause, Outcome, SpecState
from cutover.core.base.resources import Resource
from cutover.core.engine import phase_table
from cutover.core.review.report import Report
from cutover.core.writes.guards import annotation
from cutover.core.writes.lease import VERDICT
from cutover.core.writes.run_annotations import MARKS
from tests.commands.api import PLANTED
from tests.commands.application import LEASE, ROLLOUT, STATUS, UsualApplication, owned
from tests.core.checks.documents import TEMPLATE
from tests.core.engine.stage import BASE, NEW, OTHERS, ClusterStage, opening
from tests.runtime.leases import BOB, lease

EVENT = "POST events"


def aborted(one: UsualApplication, *, dry_run: bool = False) -> Report:
    return abort(one.app, reason=f"it looks bad, {PLANTED}", dry_run=dry_run)


def noted_first(one: UsualApplication) -> tuple[str, bool]:
    """The verdict that the first write notes on the Lease: its code, and whether the canary had been promoted."""
    verdict = json.loads(next(each["value"] for each in one.api.bodies[0] if each["path"] == annotation(VERDICT)))
    return verdict["code"], verdict["promoted"]


def taken_up(stage: ClusterStage) -> ClusterStage:
    """The controller took the old template up, as a canary again."""
    return stage.at_step(0).observed().status(currentPodHash=BASE)


def settled_on_what_was_written(stage: ClusterStage) -> ClusterStage:
    """The controller took up the template that was put back, with the defaults of the ReplicaSet's in it."""
    return stage.restored_and_healthy().spec(template=stage.rollout["spec"]["template"]).observed()


def under_way(one: UsualApplication) -> None:
    """A run of bob is at its pause, and renews its lock; its way back is answered."""
    one.api.shows(owned().comes_to_the_pause().stage)
    one.locks()
    one.api.others[Resource.LEASE] = (lease(BOB),)
    one.rollout_writes(lambda: (), lambda: (ClusterStage.restored_and_healthy,), lambda: ())
    one.status_writes(lambda: (ClusterStage.aborted,))
    one.api.on[EVENT] = lambda call: call.reply(201, {"kind": "Event"})


def test_without_a_canary_there_is_nothing_to_abort(one: UsualApplication) -> None:
    report = aborted(one)
    assert (report.outcome, one.api.writes) == (Outcome.UNCHANGED, [])


def test_a_dry_run_says_what_would_be_done_and_writes_nothing(one: UsualApplication) -> None:
    under_way(one)
    report = aborted(one, dry_run=True)
    assert (report.outcome, one.api.writes) == (Outcome.PLANNED, [])
    assert report.proven == ("nothing was written; run run-1 would go back: abort, restore, verify",)


@pytest.mark.parametrize("word", ["promotion", "on_failure", "point_of_no_return"])
def test_the_run_of_a_newer_version_is_aborted_and_put_back(one: UsualApplication, word: str) -> None:
    under_way(one)
    notes = one.api.stage.rollout["metadata"]["annotations"]
    newer = json.dumps(json.loads(notes[MARKS]) | {word: "of-tomorrow"})
    one.api.shows(one.api.stage.meta(annotations={**notes, MARKS: newer}))
    one.rollout_writes(lambda: (), lambda: (settled_on_what_was_written,), lambda: ())
    report = aborted(one)
    assert (report.outcome, report.spec, report.run) == (Outcome.HELD, SpecState.RESTORED, "run-1")
    (app, *_) = one.api.stage.rollout["spec"]["template"]["spec"]["containers"]
    assert app["env"] == TEMPLATE["spec"]["containers"][0]["env"]


def test_trying_the_abort_of_somebody_elses_canary_writes_nothing(one: UsualApplication) -> None:
    one.api.shows(opening().spec(template=OTHERS).adopted().canary())
    report = aborted(one, dry_run=True)
    assert (report.outcome, one.api.writes) == (Outcome.PLANNED, [])
    assert report.proven == ("nothing was written; Argo's own abort",)


def test_a_run_is_taken_from_its_living_process_and_taken_back(one: UsualApplication) -> None:
    under_way(one)
    report = aborted(one)
    assert (report.unproven, report.spec) == ((), SpecState.RESTORED)
    assert isinstance(report.cause, Cause)
    assert report.cause.code == "abort-asked"
    assert (one.api.stage.rollout["spec"]["template"], one.marks) == (TEMPLATE, [])
    way_back = [STATUS, ROLLOUT, ROLLOUT]
    assert one.api.writes == [f"PATCH {LEASE}", ROLLOUT, f"PATCH {LEASE}", *way_back, f"DELETE {LEASE}", EVENT]
    assert PLANTED not in one.kept(report)


def test_a_canary_that_cutover_did_not_begin_gets_only_argos_own_abort(one: UsualApplication) -> None:
    one.api.shows(opening().spec(template=OTHERS).adopted().canary())
    one.status_writes(lambda: (ClusterStage.aborted,))
    one.api.on[EVENT] = lambda call: call.reply(201, {"kind": "Event"})
    report = aborted(one)
    assert report.outcome is Outcome.DONE
    assert one.api.writes == [STATUS, EVENT]
    assert one.api.stage.rollout["status"]["currentPodHash"] == NEW


def test_neither_lock_nor_journal_nor_event_hold_it_up(no_journal: UsualApplication) -> None:
    one = no_journal
    under_way(one)
    for write in (f"PATCH {LEASE}", EVENT):
        one.api.on[write] = lambda call: call.refuse(403, "Forbidden", "no")
    report = aborted(one)
    assert (report.unproven, report.spec) == ((), SpecState.RESTORED)
    assert one.api.stage.rollout["spec"]["template"] == TEMPLATE
    assert one.api.writes == [f"PATCH {LEASE}", ROLLOUT, f"PATCH {LEASE}", STATUS, ROLLOUT, ROLLOUT, EVENT]
    assert one.api.others[Resource.LEASE] == (lease(BOB),)


def test_an_abort_that_is_not_finished_leaves_its_verdict_and_its_lock_for_the_next_process(
    one: UsualApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(phase_table, "DENIED_WITHIN", 0.1)
    under_way(one)
    one.only_first(ROLLOUT)
    report = aborted(one)
    assert (report.outcome, report.spec) == (Outcome.UNVERIFIED, SpecState.LEFT)
    assert one.api.writes == [f"PATCH {LEASE}", ROLLOUT, f"PATCH {LEASE}", STATUS, ROLLOUT, EVENT]
    (left,) = one.api.others[Resource.LEASE]
    assert noted_first(one) == ("abort-asked", False)
    assert json.loads(left["metadata"]["annotations"][VERDICT])["code"] == "abort-asked"
    assert left["spec"]["holderIdentity"] not in ("", BOB.name)


def test_a_promotion_in_its_bake_is_reverted_and_its_verdict_says_that_it_was_promoted(one: UsualApplication) -> None:
    under_way(one)
    one.api.shows(owned().bakes().stage)
    one.rollout_writes(lambda: (), lambda: (taken_up,), lambda: ())
    one.status_writes(lambda: (ClusterStage.restored_and_healthy,))
    report = aborted(one)
    assert (report.outcome, report.unproven, report.spec) == (Outcome.REVERTED, (), SpecState.RESTORED)
    assert noted_first(one) == ("abort-asked", True)


def test_an_abort_whose_name_the_marks_do_not_take_goes_on_all_the_same(one: UsualApplication) -> None:
    under_way(one)
    calls = iter(range(9))
    one.rollout_writes(lambda: (ClusterStage.restored_and_healthy,), lambda: ())
    stored = one.api.on[ROLLOUT]
    one.api.on[ROLLOUT] = lambda call: call.refuse(409, "Conflict", "no") if next(calls) == 0 else stored(call)
    report = aborted(one)
    assert one.api.stage.rollout["spec"]["template"] == TEMPLATE
    assert report.spec is SpecState.RESTORED
