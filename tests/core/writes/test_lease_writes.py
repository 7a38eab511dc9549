"""The writes of the Lease, the marks and the dead-man: guards, effect, and their own proof."""

from collections.abc import Mapping
from typing import Any

import jsonpatch
import pytest

from cutover.core.base.target import Target
from cutover.core.objects.lease import lease_view
from cutover.core.objects.rollout import RolloutView, rollout_view
from cutover.core.writes.cutover import cutover_write
from cutover.core.writes.deadman import armed_mark, disarm_write, is_armed
from cutover.core.writes.event import event_write
from cutover.core.writes.guards import fenced
from cutover.core.writes.lease import (
    lay_down_write,
    lease_name,
    release_write,
    renew_write,
    seize_write,
    take_over_write,
    take_write,
    verdict_write,
)
from cutover.core.writes.lock_holder import Holder
from cutover.core.writes.mark_no_return import no_return_write
from cutover.core.writes.retry import retry_write
from cutover.core.writes.run_annotations import MARKS, OWNER, PASSED, RUN, ArmedMark
from cutover.core.writes.take_over import claim_write
from cutover.core.writes.unmark import unmark_write
from cutover.core.writes.write import Method, Write
from tests.core.checks.documents import GONE, changed
from tests.core.engine.stage import TARGET, edits_of, opening, plan

UTC = 1_795_000_000.0
MOMENT = "2026-11-18T11:06:40.000000Z"
US = Holder("run-1", "alice", "host", "s1", "m", 1, 2)
THEM = Holder("run-0", "bob", "laptop", "s0", "n", 3, 4)


def applied(document: Any, write: Write) -> Any:
    return jsonpatch.apply_patch(document, list(write.operations))


def lease(holder: Holder = THEM, **annotations: str) -> dict[str, Any]:
    body: dict[str, Any] = dict(take_write(TARGET, holder, UTC).body)
    meta = {**body["metadata"], "uid": "u-1", "resourceVersion": "7"}
    return {**body, "metadata": {**meta, "annotations": {**meta["annotations"], **annotations}}}


def refuses(document: Any, write: Write) -> bool:
    with pytest.raises((jsonpatch.JsonPatchTestFailed, jsonpatch.JsonPointerException)):
        applied(document, write)
    return True


def test_a_name_that_is_too_long_is_still_one_name_per_target() -> None:
    assert lease_name(TARGET) == "cutover-payments"
    first, second = (lease_name(Target("x" * 250 + end, "n")) for end in "ab")
    assert first != second
    assert max(len(first), len(second)) <= 253


def test_a_lease_is_made_with_who_holds_it_and_for_how_long() -> None:
    write = take_write(TARGET, US, UTC)
    assert (write.method, write.named) == (Method.CREATE, "cutover-payments")
    assert write.body["spec"] == {
        "holderIdentity": "alice@host/s1",
        "leaseDurationSeconds": 30,
        "acquireTime": MOMENT,
        "renewTime": MOMENT,
        "leaseTransitions": 0,
    }
    assert write.proof(lease_view(write.body))


def test_it_is_taken_over_only_as_it_was_seen_and_without_the_verdict_of_another_run() -> None:
    there = lease(THEM, **{"cutover.dev/verdict": "{}", "cutover.dev/because": "x"})
    write = take_over_write(TARGET, lease_view(there), US, UTC)
    after = applied(there, write)
    assert (after["spec"]["holderIdentity"], after["spec"]["leaseTransitions"]) == (US.name, 1)
    assert set(after["metadata"]["annotations"]) == {"cutover.dev/holder"}
    assert refuses(changed(there, {"metadata.resourceVersion": "8"}), write)


def test_the_verdict_of_the_same_run_stays() -> None:
    there = lease(Holder("run-1", "bob", "laptop", "s0"), **{"cutover.dev/verdict": "{}"})
    after = applied(there, take_over_write(TARGET, lease_view(there), US, UTC))
    assert "cutover.dev/verdict" in after["metadata"]["annotations"]


@pytest.mark.parametrize(
    "write",
    [renew_write(TARGET, US, UTC + 10), verdict_write(TARGET, US.name, "{}", "why"), lay_down_write(TARGET, US)],
    ids=["renew", "verdict", "lay down"],
)
def test_what_only_its_holder_may_do_is_refused_to_others(write: Write) -> None:
    assert write.proof(lease_view(applied(lease(US), write)))
    assert refuses(lease(THEM), write)


def test_an_abort_seizes_it_from_whoever_holds_it_and_notes_its_verdict() -> None:
    write = seize_write(TARGET, lease_view(lease()), US, UTC, verdict='{"course": "fail"}', words="asked")
    after = applied(lease(), write)
    assert after["spec"]["holderIdentity"] == US.name
    assert after["metadata"]["annotations"]["cutover.dev/verdict"] == '{"course": "fail"}'
    assert write.words == (("/metadata/annotations/cutover.dev~1because", "asked"),)
    assert write.within <= 1.0


def test_it_is_released_only_as_it_was_seen() -> None:
    write = release_write(TARGET, lease_view(lease(US)))
    assert write.method is Method.DELETE
    assert write.body["preconditions"] == {"uid": "u-1", "resourceVersion": "7"}


# -- the marks ---------------------------------------------------------------------------------------------------------


def marked(owner: str = "bob@laptop/s0") -> dict[str, Any]:
    annotations = {"theirs": "x", RUN: "run-0", OWNER: owner, MARKS: "{}", PASSED: "promotion"}
    return changed(opening().rollout, {"metadata.annotations": annotations})


def annotations(document: Any) -> Mapping[str, str]:
    found: Mapping[str, str] = document["metadata"]["annotations"]
    return found


def test_a_run_is_claimed_from_the_owner_that_was_seen() -> None:
    write = claim_write(TARGET, rollout_view(marked()), US.name)
    after = applied(marked(), write)
    assert annotations(after)[OWNER] == US.name
    assert write.proof(rollout_view(after))
    assert refuses(marked("eve@host/s9"), write)


def test_marks_are_taken_away_and_nothing_else() -> None:
    write = unmark_write(TARGET, rollout_view(marked()))
    after = applied(marked(), write)
    assert annotations(after) == {"theirs": "x"}
    assert write.proof(rollout_view(after))


def test_the_passage_is_noted() -> None:
    after = applied(marked(), no_return_write(TARGET, rollout_view(marked()).meta.uid, "canaryReady"))
    assert annotations(after)[PASSED] == "canaryReady"


def test_a_fence_stands_right_behind_the_uid_and_refuses_who_lost_the_run() -> None:
    write = fenced(unmark_write(TARGET, rollout_view(marked())), US.name)
    assert [op["path"] for op in write.operations[:2]] == ["/metadata/uid", "/metadata/annotations/cutover.dev~1owner"]
    assert refuses(marked(), write)
    assert applied(marked(US.name), write)
    assert fenced(write, "") is write


def test_the_cutover_replaces_the_marks_of_a_dead_run_only_while_they_are_those() -> None:
    marks = {RUN: "run-1", OWNER: US.name, MARKS: '{"new": 1}'}
    write = cutover_write(TARGET, rollout_view(marked()), edits_of(plan()), marks)
    after = applied(marked(), write)
    assert marks.items() <= annotations(after).items()
    assert write.proof(rollout_view(after))
    assert not write.proof(rollout_view(changed(after, {"metadata.annotations": {}})))
    assert refuses(marked("eve@host/s9"), write)


def test_an_object_without_annotations_gets_them() -> None:
    bare = changed(opening().rollout, {"metadata.annotations": GONE})
    after = applied(bare, cutover_write(TARGET, rollout_view(bare), edits_of(plan()), {OWNER: US.name}))
    assert annotations(after) == {OWNER: US.name}


# -- the dead-man ------------------------------------------------------------------------------------------------------

BEFORE: dict[str, dict[str, Any]] = {
    "nothing": {},
    "both": {"spec.progressDeadlineSeconds": 900, "spec.progressDeadlineAbort": False},
    "the abort": {"spec.progressDeadlineAbort": True},
}


def armed(before: str) -> tuple[dict[str, Any], ArmedMark]:
    """The Rollout once it is armed, and the mark of how it was."""
    document = changed(opening().rollout, BEFORE[before])
    marks = armed_mark(300, rollout_view(document))
    after = applied(document, cutover_write(TARGET, rollout_view(document), edits_of(plan()), {}, marks))
    assert (after["spec"]["progressDeadlineSeconds"], after["spec"]["progressDeadlineAbort"]) == (300, True)
    return after, marks


@pytest.mark.parametrize("before", BEFORE)
def test_a_dead_man_is_put_back_to_exactly_what_stood_there(before: str) -> None:
    after, marks = armed(before)
    assert is_armed(rollout_view(after), marks)
    back = applied(after, disarm_write(TARGET, rollout_view(after), marks))
    was = changed(opening().rollout, BEFORE[before])["spec"]
    fields = ("progressDeadlineSeconds", "progressDeadlineAbort")
    assert {name: back["spec"].get(name) for name in fields} == {name: was.get(name) for name in fields}
    assert not is_armed(rollout_view(back), marks)


def test_a_field_that_somebody_else_set_meanwhile_is_theirs() -> None:
    after, marks = armed("nothing")
    theirs = changed(after, {"spec.progressDeadlineSeconds": 77})
    back = applied(theirs, disarm_write(TARGET, rollout_view(theirs), marks))
    assert back["spec"]["progressDeadlineSeconds"] == 77
    assert "progressDeadlineAbort" not in back["spec"]
    assert refuses(theirs, disarm_write(TARGET, rollout_view(after), marks))


# -- verbs -------------------------------------------------------------------------------------------------------------


def aborted() -> RolloutView:
    return rollout_view(opening().adopted().aborted().rollout)


def test_a_retry_takes_the_abort_of_exactly_this_canary_back() -> None:
    document = opening().adopted().aborted().rollout
    write = retry_write(TARGET, aborted())
    assert applied(document, write)["status"]["abort"] is False
    assert refuses(changed(document, {"status.currentPodHash": "other"}), write)
    assert refuses(changed(document, {"status.abort": False}), write)


def test_an_event_names_the_rollout_and_who_did_what() -> None:
    write = event_write(TARGET, "u-1", "CutoverPromoted", "x" * 2000, UTC)
    assert write.quiet
    assert write.named == ""
    assert write.body["involvedObject"]["uid"] == "u-1"
    assert len(write.body["message"]) == 1024
