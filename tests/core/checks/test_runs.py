"""Checks about runs: one that is not finished, what a dead one left, a dead-man that is too short, marks too large."""

from dataclasses import replace
from typing import Any

from cutover.core.base.secret_text import SecretText
from cutover.core.checks import deadman_too_short, failed_canary_not_held, marks_left, marks_too_large, unfinished_run
from cutover.core.checks.check import Check, CheckContext
from cutover.core.plan.deadlines import Deadlines
from cutover.core.plan.model import PointOfNoReturn
from cutover.core.podtemplate.env_source import LiteralValue
from cutover.core.writes.make_marks import marks_for
from cutover.core.writes.run_annotations import ArmedMark, annotations_of
from tests.core.checks.documents import edit, ground
from tests.quotations import unmasked

TIMING = Deadlines(60.0, 30.0, 10.0, 20.0, 6.0, 60.0)
ARMED = ArmedMark(300)
IN_FLIGHT = {"status.currentPodHash": "78d9c6b5f"}


def marked(changes: dict[str, Any], armed: ArmedMark | None = None) -> CheckContext:
    """A Rollout with the marks of another run on it."""
    plain = ground()
    marks = marks_for(plain.plan, plain.snapshot, plain.edits, run="run-0", deadlines=TIMING, armed=armed, at=0.0)
    return ground(rollout={"metadata.annotations": dict(annotations_of(marks, "bob@laptop/s0")), **changes})


def said(check: Check, where: CheckContext) -> list[str]:
    return [f"{found.code} {found.severity}: {unmasked(found.message)}" for found in check.findings(where)]


def test_a_run_whose_canary_is_under_way_is_finished_first() -> None:
    assert said(unfinished_run.CHECK, marked(IN_FLIGHT)) == [
        "C027 refuse: run run-0 is not finished: its canary is still under way"
    ]
    assert said(marks_left.CHECK, marked(IN_FLIGHT)) == []


def test_so_is_one_whose_dead_man_is_still_armed() -> None:
    armed = {"spec.progressDeadlineSeconds": 300, "spec.progressDeadlineAbort": True}
    assert said(unfinished_run.CHECK, marked(armed, ARMED)) == [
        "C027 refuse: run run-0 is not finished: its dead-man is still armed"
    ]


def test_what_a_dead_run_left_on_a_rollout_that_stands_still_is_told_and_replaced() -> None:
    assert said(unfinished_run.CHECK, marked({}, ARMED)) == []
    assert said(marks_left.CHECK, marked({})) == [
        "C028 warn: run run-0 left its marks; the Rollout stands still, so they are replaced"
    ]


def test_marks_that_nobody_can_read_count() -> None:
    broken = {"metadata.annotations": {"cutover.dev/run": "run-0", "cutover.dev/marks": "{"}}
    assert len(said(unfinished_run.CHECK, ground(rollout={**broken, **IN_FLIGHT}))) == 1
    assert len(said(marks_left.CHECK, ground(rollout=broken))) == 1


def with_plan(**changes: Any) -> CheckContext:
    plain = ground()
    return replace(plain, plan=replace(plain.plan, **changes))


def test_a_dead_man_has_to_leave_the_run_its_time() -> None:
    assert said(deadman_too_short.CHECK, with_plan(deadman=61)) == []
    assert said(deadman_too_short.CHECK, with_plan(deadman=60)) == [
        "C029 refuse: the plan's deadman.seconds is 60, and the run itself gives a canary up after 60 s"
    ]
    slow = replace(with_plan(deadman=300), snapshot=ground(rollout={"spec.minReadySeconds": 400}).snapshot)
    assert len(said(deadman_too_short.CHECK, slow)) == 1
    assert said(deadman_too_short.CHECK, ground()) == []


def test_more_leaves_than_the_marks_can_name_are_refused() -> None:
    plain = ground()
    edits = tuple(replace(edit(LiteralValue(SecretText("x"))), variable=f"VARIABLE_{number}") for number in range(1000))
    large = ground(edits=edits)
    assert said(marks_too_large.CHECK, large) == [
        "C030 refuse: the marks of 1000 edits take more than 64 KiB of annotations"
    ]
    assert said(marks_too_large.CHECK, plain) == []


def test_a_point_of_no_return_needs_a_pause() -> None:
    timed = {"spec.strategy.canary.steps": [{"setWeight": 20}, {"pause": {"duration": "2s"}}]}
    without = replace(with_plan(point_of_no_return=PointOfNoReturn.PROMOTION), snapshot=ground(rollout=timed).snapshot)
    (found,) = said(failed_canary_not_held.CHECK, without)
    assert found.startswith("C023 refuse: the plan's pointOfNoReturn is promotion, and spec.strategy.canary.steps")
    assert said(failed_canary_not_held.CHECK, with_plan(point_of_no_return=PointOfNoReturn.PROMOTION)) == []
