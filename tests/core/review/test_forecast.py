"""What a reviewer is told of the steps: the pods are Argo's arithmetic, the rest follows from the plan."""

from dataclasses import replace
from typing import Any

import pytest

from cutover.core.objects.rollout import RolloutView, rollout_view
from cutover.core.plan.deadlines import Deadlines, ReadyLimit
from cutover.core.plan.model import OnFailure, Plan, PointOfNoReturn, Promotion
from cutover.core.review.forecast import Forecast, NoForecast, Stage, forecast_of
from tests.core.engine.stage import plan

TIMING = Deadlines(60.0, 45.0, 30.0, 300.0, 6.0, 60.0)
STEPS = [{"setWeight": 20}, {"pause": {}}, {"setWeight": 60}, {"pause": {"duration": "2s"}}]
LIMIT = ReadyLimit(45.0, "three times the slowest start of a stable pod, 15 s")
READY = "each canary pod is Ready within 45 s of its creation, or the run goes back"


def rollout(*steps: Any, replicas: int = 4, **canary: Any) -> RolloutView:
    strategy = {"maxSurge": 1, "maxUnavailable": 0, "steps": list(steps or STEPS), **canary}
    return rollout_view({"spec": {"replicas": replicas, "strategy": {"canary": strategy}}})


def forecast(intent: Plan, live: RolloutView | None = None) -> Forecast:
    found = forecast_of(intent, live or rollout(), TIMING, LIMIT)
    assert isinstance(found, Forecast)
    return found


def then(intent: Plan, *steps: Any) -> list[str]:
    return [stage.then for stage in forecast(intent, rollout(*steps)).stages]


def test_every_step_has_its_pods_and_what_is_waited_for() -> None:
    assert forecast(plan(Promotion.STEPS)) == Forecast(
        stages=(
            Stage("setWeight 20", 20, 1, 4, READY),
            Stage("pause", 20, 1, 4, "the run ends here for a person (exit 12), once the canary has held for 30 s"),
            Stage("setWeight 60", 60, 3, 2, READY),
            Stage("pause 2s", 60, 3, 2, "the Rollout goes on by itself after 2 s"),
            Stage("promotion", 100, 4, 0, "every pod is the plan's; watched for 300 s more"),
        ),
        abort_within=105.0,
        serving=4,
        replicas=4,
        notes=(
            "a failure is aborted, the old template put back, and stable verified (exit 10)",
            "a failure after the promotion is moved back by a new rollout (exit 16)",
            "the 45 s to become Ready: three times the slowest start of a stable pod, 15 s",
        ),
    )


def test_each_promotion_goes_on_at_a_pause_in_its_own_way() -> None:
    steps: tuple[Any, ...] = ({"setWeight": 20}, {"pause": {}}, {"setWeight": 60}, {"pause": {}})
    assert [then(plan(promotion), *steps)[1] for promotion in Promotion] == [
        "the run ends here for a person (exit 12), once the canary has held for 30 s",
        "passed once the canary has held for 30 s",
        "promoted all the way from here, once the canary has held for 30 s",
    ]
    assert [then(plan(promotion), *steps)[3] for promotion in Promotion] == [
        "the Rollout waits for a person",
        "passed once the canary has held for 30 s",
        "skipped: the run promotes all the way at the first pause",
    ]


def test_a_pause_without_a_canary_or_at_its_full_weight_is_the_rollouts_own() -> None:
    said = then(plan(Promotion.AUTO), {"pause": {}}, {"setWeight": 100}, {"pause": {}})
    assert said == [
        "the Rollout waits for a person",
        READY,
        "the Rollout waits for a person",
        "every pod is the plan's; watched for 300 s more",
    ]


def test_gates_of_the_rollouts_own_are_named() -> None:
    steps: tuple[Any, ...] = ({"setWeight": 0}, {"analysis": {}}, {"experiment": {}})
    assert then(plan(Promotion.AUTO), *steps)[:3] == [
        "the Rollout goes its own way",
        "the Rollout's own analysis decides",
        "the Rollout's own experiment decides; it brings pods of its own",
    ]
    assert [stage.name for stage in forecast(plan(), rollout(*steps)).stages][1:3] == ["analysis", "experiment"]


def test_capacity_that_a_bad_canary_costs_is_counted() -> None:
    assert forecast(plan(), rollout(maxSurge=0, maxUnavailable=1)).serving == 3


@pytest.mark.parametrize("policy", OnFailure)
def test_the_notes_tell_the_exit_code_of_a_failure(policy: OnFailure) -> None:
    code = {OnFailure.RESTORE: "(exit 10)", OnFailure.ABORT: "(exit 15)", OnFailure.HOLD: "(exit 15)"}
    assert forecast(plan(on_failure=policy)).notes[0].endswith(code[policy])


def test_the_notes_tell_from_when_on_nothing_points_back() -> None:
    points = {point: forecast(replace(plan(), point_of_no_return=point)).notes[1] for point in PointOfNoReturn}
    assert points[PointOfNoReturn.CANARY_READY] == "once a canary pod was Ready nothing automatic points back (exit 11)"
    assert points[PointOfNoReturn.PROMOTION] == "once it is promoted nothing automatic points back (exit 11)"


@pytest.mark.parametrize(
    ("live", "reason"),
    [
        (rollout(replicas=0), "the Rollout has no replicas"),
        (rollout(trafficRouting={}), "the Rollout is not a canary of steps without a traffic router"),
        (rollout_view({"spec": {"replicas": 1}}), "the Rollout is not a canary of steps without a traffic router"),
    ],
)
def test_where_nothing_can_be_said_the_reason_is(live: RolloutView, reason: str) -> None:
    assert forecast_of(plan(), live, TIMING, LIMIT) == NoForecast(reason)
