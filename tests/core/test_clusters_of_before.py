"""A run that an earlier version began is resumed and aborted from nothing but what that version left in the cluster.

`tests/recordings/begun_whole` holds what stood there when the version before the names of marks were spelled out had
died, at four moments of a run, as that version wrote it: the Rollout with its marks, the ReplicaSets, the pods, and the
Lease; `failed` has a verdict on it. Nothing of it is made by the code under test (`test_runs_of_before` takes the rest
from the stage).
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pytest

from cutover.core.base.causes import Reaction
from cutover.core.base.outcomes import Attribution, Cause, Outcome
from cutover.core.engine.requested_abort import requested_abort
from cutover.core.objects.lease import LeaseView, lease_view
from cutover.core.objects.rollout import rollout_view
from cutover.core.review.runs import RunLine, runs_in
from cutover.core.writes.lock_holder import Holder, holder_of
from cutover.core.writes.run_annotations import Marks, marks_of
from cutover.core.writes.stored_verdict import StoredVerdict, stored_verdict
from tests.core.checks.documents import TEMPLATE
from tests.core.engine.stage import ClusterStage
from tests.core.engine.test_resume import Rest, over

BEGUN: Final = Path(__file__).parents[1] / "recordings" / "begun_whole"
MOMENTS: Final = ("written", "paused", "failed", "baking")


def documents(moment: str, kind: str) -> Mapping[str, Any]:
    """The kept documents of that kind, by name."""
    items = json.loads((BEGUN / f"{moment}.json").read_text(encoding="utf-8"))["items"]
    return {item["metadata"]["name"]: item for item in items if item["kind"] == kind}


def begun(moment: str) -> ClusterStage:
    """What stands there of the Rollout, its ReplicaSets and pods."""
    replicasets = documents(moment, "ReplicaSet").values()
    return ClusterStage(
        rollout=documents(moment, "Rollout")["payments"],
        replicasets={one["metadata"]["labels"]["rollouts-pod-template-hash"]: one for one in replicasets},
        pods=documents(moment, "Pod"),
    )


def lease(moment: str) -> LeaseView:
    return lease_view(documents(moment, "Lease")["cutover-payments"])


@pytest.mark.parametrize("moment", MOMENTS)
def test_its_marks_and_its_holder_are_read_whole(moment: str) -> None:
    marks = marks_of(begun(moment).rollout["metadata"]["annotations"])
    assert isinstance(marks, Marks)
    assert (marks.run, marks.promotion, marks.on_failure) == ("run-1", "auto", "restore")
    assert (marks.deadlines.ready, marks.deadlines.hold, marks.deadlines.bake) == (30.0, 10.0, 20.0)
    assert holder_of(lease(moment)) == Holder("run-1", "alice", "host", "s1", "m", 1, 2)


@pytest.mark.parametrize("moment", MOMENTS)
def test_it_is_listed_as_unfinished(moment: str) -> None:
    (found,) = runs_in([rollout_view(begun(moment).rollout)], [lease(moment)])
    assert isinstance(found, RunLine)
    assert (found.run, found.target, found.outcome) == ("run-1", "payments/payments", "unfinished")
    assert found.holder == "run run-1 of alice@host (process 1)"


def test_written_by_the_version_before_it_is_resumed_to_its_promotion() -> None:
    rest = Rest(begun("written"))
    rest.sees(ClusterStage.adopted).sees(ClusterStage.canary).sees(ClusterStage.canary_ready).sees(
        lambda stage: stage.paused_at(1)
    )
    rest.waits(11.0).accepts("promote-pause").sees(lambda stage: stage.at_step(2)).sees(ClusterStage.just_promoted)
    rest.sees(ClusterStage.promoted).waits(25.0).looks()
    assert over(rest) is Outcome.PROMOTED


def test_promoted_by_the_version_before_it_is_baked_and_its_marks_are_taken_away() -> None:
    rest = Rest(begun("baking")).waits(25.0).looks()
    assert over(rest) is Outcome.PROMOTED
    assert rest.sent == ["unmark"]
    assert not any(key.startswith("cutover.dev/") for key in rest.stage.rollout["metadata"]["annotations"])


def test_failed_under_the_version_before_it_goes_back_and_keeps_its_cause() -> None:
    rest = Rest(begun("failed"), stored_verdict(lease("failed")))
    assert rest.sent == ["verdict", "abort"]
    assert over(rest.goes_back()) is Outcome.HELD
    assert rest.ending.cause == Cause(Attribution.CONFIG, "deadline", "it was late")
    assert rest.stage.rollout["spec"]["template"] == TEMPLATE


def test_late_under_this_version_it_goes_back_to_the_letter() -> None:
    rest = Rest(begun("written")).sees(ClusterStage.adopted).sees(ClusterStage.canary).waits(31.0)
    assert over(rest.goes_back()) is Outcome.HELD
    assert rest.code == "deadline"
    assert rest.stage.rollout["spec"]["template"] == TEMPLATE


def test_aborted_by_this_version_it_goes_back_to_the_letter() -> None:
    asked = StoredVerdict(Reaction.FAIL, requested_abort("bob@laptop", "no"), promoted=False)
    rest = Rest(begun("paused"), asked)
    assert over(rest.goes_back()) is Outcome.HELD
    assert rest.stage.rollout["spec"]["template"] == TEMPLATE
