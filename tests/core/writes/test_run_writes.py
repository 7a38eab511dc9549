"""The writes of a run with its marks and its dead-man: what exactly they change, and who they are refused to."""

from typing import Any

import jsonpatch
import pytest

from cutover.core.base.resources import Resource
from cutover.core.objects.rollout import RolloutView, rollout_view
from cutover.core.writes.cutover import cutover_write
from cutover.core.writes.deadman import armed_mark, disarm_write, disarming
from cutover.core.writes.event import event_write
from cutover.core.writes.guards import fenced
from cutover.core.writes.lock_holder import Holder
from cutover.core.writes.mark_no_return import no_return_write
from cutover.core.writes.restore import restore_write
from cutover.core.writes.retry import retry_write
from cutover.core.writes.run_annotations import MARKS, OWNER, PASSED, RUN, ArmedMark
from cutover.core.writes.take_over import claim_write
from cutover.core.writes.unmark import unmark_write
from cutover.core.writes.write import Method, Write
from tests.core.checks.documents import GONE, ROLLOUT_UID, changed
from tests.core.engine.stage import AFTER, TARGET, edits_of, opening, plan

UTC = 1_795_000_000.0
US = Holder("run-1", "alice", "host", "s1", "m", 1, 2)
THEM = Holder("run-0", "bob", "laptop", "s0", "n", 3, 4)
FIELDS = ("progressDeadlineSeconds", "progressDeadlineAbort")


def applied(document: Any, write: Write) -> Any:
    return jsonpatch.apply_patch(document, [dict(operation) for operation in write.operations])


def refused(document: Any, write: Write) -> bool:
    try:
        applied(document, write)
    except (jsonpatch.JsonPatchTestFailed, jsonpatch.JsonPatchConflict, jsonpatch.JsonPointerException):
        return True
    return False


# -- the marks ---------------------------------------------------------------------------------------------------------

LEFT = {"theirs": "x", RUN: "run-0", OWNER: "bob@laptop/s0", MARKS: "{}", PASSED: "promotion"}


def marked(**annotations: Any) -> dict[str, Any]:
    named = {**LEFT, **annotations}
    return changed(opening().rollout, {"metadata.annotations": {k: v for k, v in named.items() if v is not GONE}})


def view(document: Any) -> RolloutView:
    return rollout_view(document)


def test_a_claim_changes_the_owner_and_nothing_else() -> None:
    write = claim_write(TARGET, view(marked()), US.name)
    assert applied(marked(), write) == marked(**{OWNER: US.name})
    assert write.title == "take over run run-0 of rollout payments/payments"
    assert (write.proof(view(marked())), write.proof(view(marked(**{OWNER: US.name})))) == (False, True)


def test_marks_without_an_owner_are_claimed_by_whoever_comes() -> None:
    assert applied(marked(**{OWNER: GONE}), claim_write(TARGET, view(marked(**{OWNER: GONE})), US.name)) == marked(
        **{OWNER: US.name}
    )


def test_the_passage_changes_one_annotation() -> None:
    write = no_return_write(TARGET, ROLLOUT_UID, "canaryReady")
    fresh = marked(**{PASSED: GONE})
    assert applied(fresh, write) == marked(**{PASSED: "canaryReady"})
    assert (write.proof(view(fresh)), write.proof(view(marked()))) == (False, True)


def test_only_the_marks_that_are_there_are_taken_away() -> None:
    fresh = marked(**{PASSED: GONE, MARKS: GONE})
    write = unmark_write(TARGET, view(fresh))
    assert applied(fresh, write) == changed(fresh, {"metadata.annotations": {"theirs": "x"}})
    assert (write.proof(view(fresh)), write.proof(view(applied(fresh, write)))) == (False, True)


@pytest.mark.parametrize(
    "write",
    [
        claim_write(TARGET, view(marked()), US.name),
        no_return_write(TARGET, ROLLOUT_UID, "promotion"),
        unmark_write(TARGET, view(marked())),
        disarm_write(TARGET, view(marked()), None),
    ],
    ids=lambda write: write.name,
)
def test_none_of_them_goes_to_a_rollout_that_was_made_anew(write: Write) -> None:
    assert refused(changed(marked(), {"metadata.uid": "another"}), write)


def test_a_fence_comes_right_after_the_uid_and_changes_nothing_else() -> None:
    write = restore_write(TARGET, ROLLOUT_UID, AFTER, {})
    uid, template, *others = write.operations
    owner = {"op": "test", "path": "/metadata/annotations/cutover.dev~1owner", "value": US.name}
    assert fenced(write, US.name).operations == (uid, owner, template, *others)
    assert uid["path"] == "/metadata/uid"
    assert refused(marked(**{OWNER: GONE}), fenced(write, US.name))


# -- the cutover and the dead-man --------------------------------------------------------------------------------------


def armed(**before: Any) -> tuple[dict[str, Any], Write, ArmedMark]:
    """A Rollout with these fields, the cutover that arms it, and its mark."""
    document = changed(opening().rollout, {f"spec.{name}": value for name, value in before.items()})
    marks = armed_mark(300, view(document))
    return document, cutover_write(TARGET, view(document), edits_of(plan()), {OWNER: US.name}, marks), marks


def test_the_cutover_changes_template_marks_and_both_fields_and_nothing_else() -> None:
    document, write, marks = armed(progressDeadlineSeconds=900)
    assert marks == ArmedMark(300, 900)
    expected = {"spec.template": AFTER, **dict(zip((f"spec.{name}" for name in FIELDS), (300, True), strict=True))}
    annotations = {**document["metadata"]["annotations"], OWNER: US.name}
    assert applied(document, write) == changed(document, {**expected, "metadata.annotations": annotations})


@pytest.mark.parametrize("changes", [{"progressDeadlineSeconds": 901}, {"progressDeadlineAbort": True}])
def test_it_is_refused_where_a_field_is_no_longer_what_was_noted(changes: dict[str, Any]) -> None:
    _, write, _ = armed(progressDeadlineSeconds=900, progressDeadlineAbort=False)
    other = {"progressDeadlineSeconds": 900, "progressDeadlineAbort": False, **changes}
    assert refused(armed(**other)[0], write)


def test_who_arms_nothing_touches_neither_field() -> None:
    document = armed(progressDeadlineSeconds=900)[0]
    after = applied(document, cutover_write(TARGET, view(document), edits_of(plan())))
    assert after == changed(document, {"spec.template": AFTER})


def test_a_field_that_was_so_before_is_not_put_back() -> None:
    document, write, marks = armed(progressDeadlineSeconds=300, progressDeadlineAbort=True)
    assert disarming(view(applied(document, write)), marks) == ()


def test_the_old_template_and_the_dead_man_go_in_one_patch_or_not_at_all() -> None:
    document, write, marks = armed(progressDeadlineSeconds=900)
    after = applied(document, write)
    restore = restore_write(TARGET, ROLLOUT_UID, AFTER, document["spec"]["template"], disarming(view(after), marks))
    assert applied(after, restore)["spec"] == document["spec"]
    assert restore.occasion == "and disarm"
    assert refused(changed(after, {"spec.progressDeadlineAbort": False}), restore)


def test_what_stood_in_neither_field_stands_in_neither_again_and_nothing_else_changes() -> None:
    document, write, marks = armed()
    after = applied(document, write)
    disarm = disarm_write(TARGET, view(after), marks)
    assert applied(after, disarm)["spec"] == {**document["spec"], "template": AFTER}
    assert (disarm.proof(view(after)), disarm.proof(view(applied(after, disarm)))) == (False, True)


# -- verbs -------------------------------------------------------------------------------------------------------------


def test_a_retry_changes_the_abort_and_nothing_else() -> None:
    document = opening().adopted().aborted().rollout
    write = retry_write(TARGET, view(document))
    after = applied(document, write)
    assert after == changed(document, {"status.abort": False})
    assert (write.subresource, write.proof(view(document)), write.proof(view(after))) == ("status", False, True)
    assert refused(changed(document, {"status.stableRS": "other"}), write)


def test_an_event_whole() -> None:
    write = event_write(TARGET, "u-1", "CutoverPromoted", "alice passed the pause", UTC)
    assert (write.resource, write.method) == (Resource.EVENT, Method.CREATE)
    assert write.body == {
        "apiVersion": "v1",
        "kind": "Event",
        "metadata": {"generateName": "payments.cutover-", "namespace": "payments"},
        "involvedObject": {
            "apiVersion": "argoproj.io/v1alpha1",
            "kind": "Rollout",
            "name": "payments",
            "namespace": "payments",
            "uid": "u-1",
        },
        "type": "Normal",
        "reason": "CutoverPromoted",
        "message": "alice passed the pause",
        "source": {"component": "cutover"},
        "firstTimestamp": "2026-11-18T11:06:40Z",
        "lastTimestamp": "2026-11-18T11:06:40Z",
        "count": 1,
    }
