"""What a reviewer is told of the way back: what stands, and what is not as it was when stable started."""

from dataclasses import replace
from typing import Any

import pytest

from cutover.core.base.documents import moment
from cutover.core.checks.check import CheckContext
from cutover.core.objects.config_object import ConfigView, config_view
from cutover.core.objects.read_results import NotFound, ReadFailed
from cutover.core.objects.snapshot import ConfigId
from cutover.core.review.rollback_readiness import rollback_readiness
from tests.core.checks.documents import ground, pod, replicaset
from tests.quotations import unmasked

STARTED = "2026-11-20T10:00:00Z"
OLD: ConfigId = ("Secret", "payments-db-a")


def held(written: str, *, immutable: bool = False) -> ConfigView:
    meta: dict[str, Any] = {"name": "payments-db-a", "managedFields": [{"manager": "kubectl", "time": written}]}
    return config_view("Secret", {"metadata": meta, "data": {"url": ""}, "immutable": immutable})


def judged(found: ConfigView | NotFound | ReadFailed, **rollout: Any) -> CheckContext:
    """The usual ground, with that Secret under the old template, and pods that started at `STARTED`."""
    paths = {path.replace("__", "."): value for path, value in rollout.items()}
    pods = tuple(replace(pod(number), started=moment({"at": STARTED}, "at")) for number in range(4))
    return ground(rollout=paths, pods=pods, configs={OLD: found})


def text(judge: CheckContext) -> list[str]:
    return [f"{line.word}: {unmasked(line.text)}" for line in rollback_readiness(judge.snapshot, judge.edits)]


def test_all_that_an_abort_leads_over_is_named() -> None:
    judge = judged(held("2026-11-19T10:00:00Z"))
    stable = replicaset().meta.name
    assert text(judge) == [
        f"good: the stable revision stands: replicaset {stable}, 4 pods",
        "good: the old template can be put back to the letter, by any machine",
        "good: what it reads is there and as it was when stable started: Secret payments-db-a",
        "good: after the promotion the old revision is kept for 10 revisions more",
    ]


LATER = "2026-11-21T08:30:00Z"
WRITTEN_LATER = (
    "doubt: Secret payments-db-a was written at 2026-11-21 08:30:00 UTC, after stable started: a pod that starts anew "
    "reads something else"
)


@pytest.mark.parametrize(
    ("found", "doubt"),
    [
        (
            held(LATER),
            WRITTEN_LATER,
        ),
        (
            NotFound("secret/payments-db-a"),
            "doubt: Secret payments-db-a does not exist: a stable pod that starts anew would not start",
        ),
        (
            ReadFailed("secret/payments-db-a", "no right"),
            "doubt: whether Secret payments-db-a is as it was is not known: no right",
        ),
    ],
)
def test_an_object_that_is_not_as_it_was_is_a_doubt(found: ConfigView | NotFound | ReadFailed, doubt: str) -> None:
    told = text(judged(found))
    assert doubt in told
    assert not any("what it reads is there" in line for line in told)


def test_what_cannot_change_was_not_changed_whenever_it_was_written() -> None:
    assert not any(line.startswith("doubt") for line in text(judged(held(LATER, immutable=True))))


def test_a_stable_revision_that_is_gone_is_a_doubt() -> None:
    judge = judged(held(STARTED))
    gone = replace(judge, snapshot=replace(judge.snapshot, replicasets=()))
    assert text(gone)[0].startswith("doubt: there is no ReplicaSet of the stable revision")


def test_a_history_of_nothing_is_a_doubt() -> None:
    told = text(judged(held(STARTED), spec__revisionHistoryLimit=0))
    assert told[-1].startswith("doubt: spec.revisionHistoryLimit is 0: once promoted, the old revision is gone")
    kept = text(judged(held(STARTED), spec__revisionHistoryLimit=3))
    assert kept[-1] == "good: after the promotion the old revision is kept for 3 revisions more"


def test_a_base_that_says_something_else_is_a_doubt() -> None:
    judge = judged(held(STARTED))
    template = replicaset().template
    other = replace(replicaset(), template={**template, "spec": {**template["spec"], "containers": []}})
    moved = replace(judge, snapshot=replace(judge.snapshot, replicasets=(other,)))
    assert any(line.startswith("doubt: another machine would put the old template back") for line in text(moved))
