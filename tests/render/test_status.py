"""`cutover status` as text and JSON."""

import json
from dataclasses import replace

from cutover.core.base.target import Target
from cutover.core.objects.rollout import RolloutPhase
from cutover.core.review.status import PodLine, RevisionLine, Status
from cutover.render.status import status_json, status_text

AT_A_PAUSE = Status(
    target=Target("payments", "shop", "payments"),
    phase=RolloutPhase("Paused", "CanaryPauseStep"),
    replicas=2,
    step=1,
    steps=4,
    at_pause=True,
    aborted=False,
    revisions=(
        RevisionLine(
            "abc",
            "stable",
            2,
            2,
            (PodLine("p-1", "Ready", ready=True, restarts=0), PodLine("p-2", "Ready", ready=True, restarts=1)),
        ),
        RevisionLine("def", "canary", 1, 0, (PodLine("p-3", "running, not Ready", ready=False, restarts=0),)),
    ),
)


def test_stable_comes_first_and_a_pause_says_whom_it_waits_for() -> None:
    assert status_text(AT_A_PAUSE) == (
        "rollout shop/payments: Paused: CanaryPauseStep\n"
        "  at step 1 of 4, waits for a person\n"
        "  stable abc: 2 of 2 pods Ready\n"
        "    p-1  Ready\n"
        "    p-2  Ready, 1 restarts\n"
        "  canary def: 0 of 1 pods Ready\n"
        "    p-3  running, not Ready\n"
    )


def test_a_run_that_is_not_finished_is_named_with_what_finishes_it() -> None:
    lines = status_text(replace(AT_A_PAUSE, run="20261125-1")).splitlines()
    assert lines[2] == (
        "  run 20261125-1 is not finished; if nobody is at it: `cutover resume payments` or `cutover abort payments`"
    )
    assert json.loads(status_json(replace(AT_A_PAUSE, run="20261125-1")))["run"] == "20261125-1"


def test_the_same_as_json() -> None:
    document = json.loads(status_json(AT_A_PAUSE))
    assert (document["kind"], document["phase"], document["atPause"]) == ("CutoverStatus", "Paused", True)
    assert [line["role"] for line in document["revisions"]] == ["stable", "canary"]
    assert document["revisions"][0]["pods"][1] == {"name": "p-2", "state": "Ready", "ready": True, "restarts": 1}
