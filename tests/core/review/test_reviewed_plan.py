"""A review: kept without a secret, read back as it was, and told field by field where the live state has moved."""

from dataclasses import replace
from typing import Any

import pytest

from cutover.core.base.errors import InvalidPlanError
from cutover.core.base.redaction import Redactor
from cutover.core.objects.config_object import ConfigRead, config_read
from cutover.core.objects.read_results import NotFound, ReadFailed
from cutover.core.objects.rollout import rollout_view
from cutover.core.objects.snapshot import ConfigId
from cutover.core.patch.resolve import resolve
from cutover.core.review.review_file import is_review, review_of, review_text
from cutover.core.review.reviewed_plan import PlanText, Review, ReviewedState, moved, reviewed_state
from tests.core.checks.documents import ROLLOUT, changed
from tests.core.engine.stage import opening, plan
from tests.core.plan.texts import GOOD
from tests.quotations import unmasked

SALT = "1a2b3c4d"
ENV = ROLLOUT["spec"]["template"]["spec"]["containers"][0]["env"]
WRITTEN, LATER = "2026-11-20T10:00:00Z", "2026-11-22T08:00:00Z"


def secret(name: str, *, at: str = WRITTEN, uid: str = "uid-1", label: str = "") -> ConfigRead:
    """A Secret as the API has it: somebody wrote its data, and somebody else its labels."""
    managers = [
        {"manager": "kubectl", "operation": "Update", "time": at, "fieldsV1": {"f:data": {}}},
        {"manager": "labeller", "operation": "Update", "time": "2026-11-21T10:00:00Z", "fieldsV1": {"f:metadata": {}}},
    ]
    meta = {"name": name, "uid": uid, "labels": {"x": label}, "managedFields": managers}
    return config_read("Secret", {"metadata": meta, "data": {"url": "aHVudGVyMg=="}})


OBJECTS: dict[ConfigId, Any] = {
    ("Secret", "payments-db-a"): secret("payments-db-a"),
    ("Secret", "payments-db-b"): secret("payments-db-b"),
}


def ground(objects: dict[ConfigId, Any] | None = None, key: bytes = b"one run", **changes: Any) -> ReviewedState:
    """What a review of the usual plan depends on; `changes` are those of the live Rollout."""
    paths = {path.replace("__", "."): value for path, value in changes.items()}
    rollout = rollout_view(changed(ROLLOUT, paths))
    snapshot = replace(opening().snapshot(), rollout=rollout, configs=objects or OBJECTS)
    redactor = Redactor(key)
    return reviewed_state(snapshot, resolve(plan(), rollout.template, redactor), redactor, SALT)


def review(held: ReviewedState) -> Review:
    return Review(PlanText(GOOD, "plan.yaml"), 1_795_000_000.0, 1_795_086_400.0, "5e6f7a8b", SALT, held)


def said(then: ReviewedState, now: ReviewedState) -> list[str]:
    return [f"{problem.path}: {unmasked(problem.message)}" for problem in moved(then, now)]


def test_a_review_is_read_back_as_it_was_kept() -> None:
    kept = review(ground())
    assert review_of(review_text(kept).encode(), "reviewed.json") == kept
    assert is_review(review_text(kept).encode())
    assert not is_review(GOOD.encode())


def test_nothing_in_it_is_a_secret_though_the_template_spells_one_out() -> None:
    env = [{"name": "DB_PASSWORD", "value": "hunter2-in-the-template"}, *ENV]
    text = review_text(review(ground(spec__template__spec__containers__0__env=env)))
    assert "hunter2" not in text
    assert "aHVudGVyMg" not in text
    assert '"<masked>"' in text


def test_another_process_with_another_key_finds_nothing_moved() -> None:
    assert said(ground(), ground(key=b"another run")) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"spec__replicas": 9},
        {"status__availableReplicas": 3},
        {"metadata__annotations": {"somebody": "wrote this"}},
        {"metadata__labels": {"team": "payments"}},
        {"spec__progressDeadlineSeconds": 900},
    ],
)
def test_what_does_not_matter_makes_no_review_stale(changes: Any) -> None:
    assert said(ground(), ground(**changes)) == []


def test_a_label_on_a_secret_makes_no_review_stale() -> None:
    labelled = {**OBJECTS, ("Secret", "payments-db-b"): secret("payments-db-b", label="new")}
    assert said(ground(), ground(labelled)) == []


CONTAINERS = "spec__template__spec__containers"
APP, SIDECAR = "spec.template.spec.containers[app]", "spec.template.spec.containers[sidecar]"
SOMETHING_ELSE = "expected what was reviewed, found something else"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({f"{CONTAINERS}__0__image": "payments:2"}, f"{APP}.image: {SOMETHING_ELSE}"),
        ({f"{CONTAINERS}__1__env__0__value": "x"}, f"{SIDECAR}.env[UPSTREAM]: {SOMETHING_ELSE}"),
        ({"spec__strategy__canary__maxSurge": 3}, f"spec.strategy.canary.maxSurge: {SOMETHING_ELSE}"),
        ({"status__stableRS": "5d5d5d"}, "status.stableRS: expected 6f5d8c7b9, found 5d5d5d"),
        (
            {"metadata__uid": "another"},
            "metadata.uid: expected the Rollout that was reviewed, found another of its name",
        ),
        (
            {"metadata__labels": {"argocd.argoproj.io/instance": "shop"}},
            "metadata: expected the owner to be nobody, found Argo CD application shop",
        ),
    ],
)
def test_every_field_that_moved_is_named(changes: Any, field: str) -> None:
    assert said(ground(), ground(**changes)) == [field]


def test_a_masked_value_that_moved_is_named_without_it() -> None:
    old, new = ([*ENV, {"name": "API_TOKEN", "value": value}] for value in ("hunter2-old", "hunter2-new"))
    told = said(
        ground(spec__template__spec__containers__0__env=old), ground(spec__template__spec__containers__0__env=new)
    )
    assert told == ["spec.template: expected what was reviewed, found another value that is never shown"]


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (secret("payments-db-b", at=LATER), "found uid uid-1 with content kubectl at 2026-11-22 08:00:00 UTC"),
        (secret("payments-db-b", uid="uid-2"), "found uid uid-2 with content kubectl at 2026-11-20 10:00:00 UTC"),
        (NotFound("secret/payments-db-b"), "found no such object"),
        (ReadFailed("secret/payments-db-b", "no right"), "found one that may not be read"),
    ],
)
def test_an_object_whose_content_moved_is_named(found: Any, told: str) -> None:
    now = ground({**OBJECTS, ("Secret", "payments-db-b"): found})
    assert said(ground(), now) == [
        f"secret/payments-db-b: expected uid uid-1 with content kubectl at 2026-11-20 10:00:00 UTC, {told}"
    ]


def test_a_review_is_good_until_its_end_and_not_longer() -> None:
    kept = review(ground())
    assert kept.expired(kept.expires) == ()
    (problem,) = kept.expired(kept.expires + 1)
    assert unmasked(problem.message).endswith("found one that was good until 2026-11-19 11:06:40 UTC")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"version": 1', '"version": 2'),
        ('"uid": "', '"vid": "'),
        ('"salt": "1a2b3c4d"', '"salt": ""'),
        ('"text": "', '"txt": "'),
    ],
)
def test_a_file_with_parts_missing_is_no_review(old: str, new: str) -> None:
    text = review_text(review(ground()))
    assert old in text
    with pytest.raises(InvalidPlanError, match="expected a"):
        review_of(text.replace(old, new).encode(), "reviewed.json")
