"""Every write as the patch that the API server gets: what it changes, what it is guarded on, and its own proof."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import jsonpatch
import pytest

from cutover.core.base.documents import Json
from cutover.core.objects.rollout import rollout_view
from cutover.core.writes.abort import abort_write
from cutover.core.writes.cutover import cutover_write
from cutover.core.writes.promote import promote_full_write, promote_pause_write
from cutover.core.writes.restore import restore_write
from cutover.core.writes.write import Write
from tests.core.checks.documents import ROLLOUT_UID, TEMPLATE, changed
from tests.core.engine.play import applied
from tests.core.engine.stage import AFTER, BASE, NEW, OTHERS, TARGET, edits_of, opening, plan

REVIEWED = opening().rollout
ADOPTED = opening().spec(template=AFTER).adopted().rollout
PAUSED = opening().spec(template=AFTER).adopted().canary_ready().paused_at(1).rollout
PAUSE = rollout_view(PAUSED)

Guards = Mapping[str, Mapping[str, Any]]
ANOTHER: Mapping[str, Any] = {"metadata.uid": "another"}


@dataclass(frozen=True)
class WriteCase:
    """A write, the Rollout that it is made for, what it changes there, and what else it must not meet."""

    name: str
    write: Write
    rollout: Json
    changes: Mapping[str, Any]
    refused: Guards
    title: str
    subresource: str = ""

    def __str__(self) -> str:
        return self.name


CASES = (
    WriteCase(
        "cutover",
        cutover_write(TARGET, rollout_view(REVIEWED), edits_of(plan())),
        REVIEWED,
        {"spec.template": AFTER},
        {
            "another object": ANOTHER,
            "another template": {"spec.template": OTHERS},
            "another strategy": {"spec.strategy.canary.maxSurge": 2},
            "another stable revision": {"status.stableRS": "other"},
            "an update under way": {"status.currentPodHash": "other"},
        },
        "write 1 edit to the template of rollout payments/payments",
    ),
    WriteCase(
        "abort",
        abort_write(TARGET, ROLLOUT_UID, NEW, BASE),
        ADOPTED,
        {"status.promoteFull": False, "status.abort": True},
        {
            "another object": ANOTHER,
            "not adopted yet": {"status.currentPodHash": BASE},
            "promoted": {"status.stableRS": NEW},
        },
        f"abort the canary {NEW} of rollout payments/payments",
        "status",
    ),
    WriteCase(
        "restore",
        restore_write(TARGET, ROLLOUT_UID, AFTER, TEMPLATE),
        ADOPTED,
        {"spec.template": TEMPLATE},
        {
            "another object": ANOTHER,
            "somebody else's template": {"spec.template": OTHERS},
            "the old template": {"spec.template": TEMPLATE},
        },
        "put the old template back into rollout payments/payments",
    ),
    WriteCase(
        "promote-pause",
        promote_pause_write(TARGET, ROLLOUT_UID, PAUSE.status, PAUSE.status.pauses[0]),
        PAUSED,
        {"status.pauseConditions": []},
        {
            "another object": ANOTHER,
            "another revision": {"status.currentPodHash": BASE},
            "another step": {"status.currentStepIndex": 3},
            "another pause": {"status.pauseConditions.0.startTime": "2026-11-23T06:59:00Z"},
            "an inconclusive analysis": {"status.pauseConditions.0.reason": "InconclusiveAnalysisRun"},
            "no pause": {"status.pauseConditions": []},
        },
        "pass the pause at step 1 of rollout payments/payments",
        "status",
    ),
    WriteCase(
        "promote-full",
        promote_full_write(TARGET, ROLLOUT_UID, NEW, BASE),
        ADOPTED,
        {"status.promoteFull": True},
        {
            "another object": ANOTHER,
            "another revision": {"status.currentPodHash": BASE},
            "another stable revision": {"status.stableRS": NEW},
        },
        f"promote {NEW} of rollout payments/payments to the full",
        "status",
    ),
)
REFUSED = [(case, why) for case in CASES for why in case.refused]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_write_changes_exactly_what_it_says(case: WriteCase) -> None:
    after = applied(case.rollout, case.write)
    expected = changed(case.rollout, case.changes)
    if case.write.name == "promote-pause":
        del expected["status"]["pauseConditions"]
    assert (after["spec"], after["status"]) == (expected["spec"], expected["status"])
    assert (case.write.title, case.write.subresource) == (case.title, case.subresource)


@pytest.mark.parametrize(("case", "why"), REFUSED, ids=[f"{case}: {why}" for case, why in REFUSED])
def test_a_write_that_meets_something_else_changes_nothing(case: WriteCase, why: str) -> None:
    met = changed(case.rollout, case.refused[why])
    with pytest.raises((jsonpatch.JsonPatchTestFailed, jsonpatch.JsonPointerException)):
        applied(met, case.write)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_write_proves_itself_by_what_it_changed_and_by_nothing_before(case: WriteCase) -> None:
    assert not case.write.proof(rollout_view(case.rollout))
    assert case.write.proof(rollout_view(applied(case.rollout, case.write)))


MORE_PROOFS: dict[str, Callable[[], bool]] = {
    "a pause is passed when the step has moved on": lambda: CASES[3].write.proof(
        rollout_view(changed(PAUSED, {"status.currentStepIndex": 2}))
    ),
    "a promotion is done when the revision is stable": lambda: CASES[4].write.proof(
        rollout_view(changed(ADOPTED, {"status.stableRS": NEW}))
    ),
    "an abort of another revision is none": lambda: (
        not CASES[1].write.proof(rollout_view(changed(ADOPTED, {"status.abort": True, "status.currentPodHash": BASE})))
    ),
}


@pytest.mark.parametrize("proof", MORE_PROOFS.values(), ids=MORE_PROOFS)
def test_what_proves_a_write(proof: Callable[[], bool]) -> None:
    assert proof()


def test_two_pauses_are_two_occasions() -> None:
    later = rollout_view(changed(PAUSED, {"status.pauseConditions.0.startTime": "2026-11-23T06:59:00Z"})).status
    writes = [promote_pause_write(TARGET, ROLLOUT_UID, status, status.pauses[0]) for status in (PAUSE.status, later)]
    assert len({write.occasion for write in writes}) == 2


@pytest.mark.parametrize("case", CASES, ids=str)
def test_no_write_shows_its_operations(case: WriteCase) -> None:
    assert "payments-db" not in repr(case.write)
