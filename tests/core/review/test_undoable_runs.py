"""Which runs a plan can undo, by their reports."""

from typing import Any

import pytest

from cutover.core.base.errors import RefusedError, UsageError
from cutover.core.base.outcomes import Outcome
from cutover.core.review.kept_report import kept_report, unknown_run
from cutover.core.review.undo_plan import demand_promoted
from tests.core.checks.documents import STABLE
from tests.core.review.documents import BASE, ENV, RUN, kept, report

PLACE = (*ENV, "DATABASE_URL")


def said(**more: Any) -> str:
    with pytest.raises(RefusedError) as raised:
        demand_promoted(kept(PLACE, **more))
    text = str(raised.value)
    assert text.startswith(f"payments/payments: run {RUN} cannot be undone by a plan: ")
    return text


def test_a_promoted_run_is_undone() -> None:
    demand_promoted(kept(PLACE))
    demand_promoted(kept(PLACE, pointOfNoReturn={"at": "promotion", "passed": False}))


def test_the_order_of_an_env_is_not_taken_back_beside_its_variables() -> None:
    assert kept(PLACE, ENV).places == (PLACE,)
    assert kept(ENV).places == (ENV,)


@pytest.mark.parametrize("point", ["canaryReady", "promotion"])
def test_past_its_point_of_no_return_only_a_person_can_decide(point: str) -> None:
    text = said(pointOfNoReturn={"at": point, "passed": True})
    assert f"it passed its point of no return (pointOfNoReturn: {point})" in text
    assert "only a person can decide" in text
    assert text.count("\n") == 1, "what to do instead is one line"


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        (Outcome.HOLDING, "`cutover abort payments --context prod` goes back from there"),
        (Outcome.UNVERIFIED, "`cutover resume payments --context prod` finishes it"),
        (Outcome.UNOBSERVABLE, "`cutover resume payments --context prod` finishes it"),
        (Outcome.CONTAINED, "`kubectl argo rollouts undo payments -n payments --context prod --to-revision=3`"),
        (Outcome.SUPERSEDED, "somebody else changed the Rollout meanwhile"),
        *(
            (outcome, f"nothing of it stands: it ended {outcome.value}")
            for outcome in (
                Outcome.UNCHANGED,
                Outcome.HELD,
                Outcome.REVERTED,
                Outcome.INTERRUPTED,
                Outcome.REFUSED,
                Outcome.PLANNED,
            )
        ),
    ],
)
def test_any_other_run_is_not_and_what_to_do_instead_is_said(outcome: Outcome, words: str) -> None:
    assert words in said(outcome=outcome.value)


def test_where_a_canary_may_still_stand_the_abort_is_named() -> None:
    assert "`cutover abort payments --context prod`" in said(outcome="contained")


# -- the report --------------------------------------------------------------------------------------------------------


def test_what_a_report_tells() -> None:
    found = kept(PLACE, (*ENV[:3], "args", 0))
    assert (found.base, found.base_revision, found.revision) == (BASE, "3", STABLE)
    assert found.places == (PLACE, (*ENV[:3], "args", 0))
    assert (found.target.context, found.outcome, found.passed) == ("prod", "promoted", False)


def test_a_report_of_another_version_lacks_keys() -> None:
    old = report(PLACE)
    del old["base"], old["pointOfNoReturn"], old["edits"][0]["place"]
    with pytest.raises(UsageError) as raised:
        kept_report(RUN, old)
    assert f"the report of run {RUN} lacks base, pointOfNoReturn, edits[].place: another version" in str(raised.value)


@pytest.mark.parametrize(
    "document",
    [None, [], "x", {}, report((True,)), report(()), report((1.5,)), report(edits={}), report(edits=[{}, 3])],  # type: ignore[arg-type]
)
def test_what_is_no_report_is_refused(document: Any) -> None:
    with pytest.raises(UsageError, match="lacks"):
        kept_report(RUN, document)


def test_an_unknown_run_names_those_that_are_near_else_the_newest() -> None:
    known = tuple(f"2026112{day}-134126-9499b1ac" for day in range(7, 0, -1))
    assert f"name one of: {known[2]}" in str(unknown_run("20261125-134126-9499b1a", known))
    assert f"name one of: {', '.join(known[:5])} (`cutover runs`" in str(unknown_run("payments", known))
    assert "no report is kept here" in str(unknown_run("payments", ()))
