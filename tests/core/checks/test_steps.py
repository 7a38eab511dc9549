"""C015, C020, C022 to C024 and C046: what the steps would let through, and what Argo calls no step."""

from typing import Any

import pytest

from cutover.core.objects.canary_steps import Budget, Counts, counts
from cutover.core.plan.model import OnFailure
from tests.core.checks.documents import GONE, codes, ground, told, whole

CANARY = "spec.strategy.canary"
PLACE = f"payments/rollout/payments: {CANARY}"
ONE_POD = "maxSurge to 1 or more: that is one canary pod beside a full stable"
PATCH = "`kubectl patch rollout payments -n payments --type"


def replicas(number: int) -> dict[str, Any]:
    return {"spec.replicas": number}


def test_a_pause_before_the_first_weight_runs_with_no_canary_pod() -> None:
    steps = [{"pause": {}}, {"setWeight": 20}, {"pause": {}}]
    assert whole(ground(rollout={f"{CANARY}.steps": steps})) == (
        f"C015 refuse | {PLACE}.steps[0]\n"
        f"{CANARY}.steps[0] is pause at weight 0: no canary pod exists there yet\n"
        f"→ begin {CANARY}.steps with setWeight: 20, and set {CANARY}.{ONE_POD}"
    )


def test_a_weight_that_rounds_to_zero_is_no_gate() -> None:
    alone = {"spec.replicas": 1, f"{CANARY}.maxSurge": 0, f"{CANARY}.maxUnavailable": 1}
    first, *_ = told(ground(rollout=alone))
    assert first == (
        f"C015 refuse | {PLACE}.steps[0]\n"
        f"{CANARY}.steps[0] is setWeight: 20: of 1 replicas, maxSurge 0, that is 0 pods\n"
        f"→ begin {CANARY}.steps with setWeight: 50, and set {CANARY}.{ONE_POD}"
    )


def test_steps_without_any_gate_are_refused() -> None:
    found = told(ground(rollout={f"{CANARY}.steps": [{"setWeight": 0}]}))
    message = f"{CANARY}.steps hold no gate: no step has a weight above 0, a pause or an analysis"
    assert found[0].splitlines()[:2] == [f"C015 refuse | {PLACE}.steps", message]


@pytest.mark.parametrize("number", range(1, 100))
def test_the_weight_of_the_remedy_makes_one_canary_pod_beside_a_full_stable(number: int) -> None:
    alone = ground(rollout={"spec.replicas": number, f"{CANARY}.steps": [{"pause": {}}, {"setWeight": 50}]})
    remedy = next(text for text in told(alone) if text.startswith("C015")).splitlines()[-1]
    weight = int(remedy.split("setWeight: ")[1].split(",")[0])
    assert counts(number, weight, Budget(1, 0)) == Counts(1, number)


def test_one_replica_with_surge_has_its_canary_pod() -> None:
    assert codes(ground(rollout=replicas(1))) == []


def test_argos_default_takes_stable_down_before_the_canary_is_ready() -> None:
    defaults = {f"{CANARY}.maxSurge": GONE, f"{CANARY}.maxUnavailable": GONE, f"{CANARY}.steps.0.setWeight": 25}
    assert whole(ground(rollout=defaults)) == (
        f"C020 refuse | {PLACE}.maxUnavailable\n"
        f"{CANARY}.maxUnavailable is not set (Argo's default is 25%), which lets 1 of 4 pods be missing: "
        "at steps[0] (setWeight: 25) only 3 serve until the new canary pods are Ready\n"
        f"→ set {CANARY}.maxUnavailable to 0; maxSurge must then be 1 or more. This makes no new revision: "
        f'{PATCH}=merge -p \'{{"spec":{{"strategy":{{"canary":{{"maxUnavailable":0}}}}}}}}\'`'
    )


def test_a_later_step_counts_as_well() -> None:
    (found,) = told(ground(rollout={f"{CANARY}.maxUnavailable": "25%"}))
    assert "maxUnavailable is 25%, which lets 1 of 4 pods be missing: at steps[2] (setWeight: 60) only 3 serve" in found


def test_so_does_the_promotion_itself() -> None:
    (found,) = told(
        ground(rollout={f"{CANARY}.maxUnavailable": 1, f"{CANARY}.steps": [{"setWeight": 20}, {"pause": {}}]})
    )
    assert "at the promotion to 100 % only 3 serve" in found


def test_without_surge_the_remedy_sets_it_too() -> None:
    (found,) = told(ground(rollout={f"{CANARY}.maxSurge": 0, f"{CANARY}.maxUnavailable": 1}))
    assert '{"maxSurge":1,"maxUnavailable":0}' in found


def test_three_replicas_are_safe_with_argos_default_because_a_quarter_of_them_is_no_pod() -> None:
    defaults = {f"{CANARY}.maxSurge": GONE, f"{CANARY}.maxUnavailable": GONE}
    assert codes(ground(rollout={**replicas(3), **defaults})) == []


def test_a_progress_threshold_is_refused() -> None:
    threshold = {f"{CANARY}.replicaProgressThreshold": {"type": "Percent", "value": 70}}
    assert whole(ground(rollout=threshold)) == (
        f"C022 refuse | {PLACE}.replicaProgressThreshold\n"
        f"{CANARY}.replicaProgressThreshold is Percent 70: "
        "steps and the promotion would go on with canary pods that never became Ready\n"
        f"→ remove {CANARY}.replicaProgressThreshold; this makes no new revision: "
        f'{PATCH}=json -p \'[{{"op":"remove","path":"/spec/strategy/canary/replicaProgressThreshold"}}]\'`'
    )


TIMED = {f"{CANARY}.steps": [{"setWeight": 20}, {"pause": {"duration": 30}}, {"setWeight": 60}]}


def test_a_rollout_that_waits_for_nobody_is_warned_of() -> None:
    assert whole(ground(rollout=TIMED)) == (
        f"C024 warn | {PLACE}.steps\n"
        f"{CANARY}.steps have no `pause: {{}}` between the first setWeight and 100 %: "
        "a canary that is Ready and yet wrong is promoted by the controller itself\n"
        f"→ put `pause: {{}}` behind the first setWeight in {CANARY}.steps"
    )


def test_holding_a_failed_canary_there_is_refused() -> None:
    refused, warned = told(ground(rollout=TIMED, on_failure=OnFailure.HOLD))
    assert warned.startswith("C024 warn")
    assert refused == (
        f"C023 refuse | {PLACE}.steps\n"
        f"the plan's onFailure is hold, and {CANARY}.steps have no `pause: {{}}` between the first setWeight "
        "and 100 %: the controller would promote the canary as soon as it is Ready\n"
        f"→ put `pause: {{}}` behind the first setWeight in {CANARY}.steps, "
        "or set onFailure: restore and pointOfNoReturn: none in the plan"
    )


def test_holding_is_accepted_where_a_step_waits() -> None:
    assert codes(ground(on_failure=OnFailure.HOLD)) == []


INVALID: dict[str, tuple[dict[str, Any], str]] = {
    "no length": ({"pause": {"duration": "5 minutes"}}, "pause.duration is 5 minutes, no length such as 30s, 5m or 1h"),
    "less than nothing": ({"pause": {"duration": -1}}, "pause.duration is -1, no length such as 30s, 5m or 1h"),
    "too much": ({"setWeight": 120}, "setWeight is 120, not between 0 and 100"),
    "too little": ({"setWeight": -5}, "setWeight is -5, not between 0 and 100"),
    "two at once": ({"setWeight": 20, "pause": {}}, "it is setWeight and pause at once"),
    "a pause without a value": ({"pause": None}, "it has none of the kinds of step: pause is null"),
    "nothing": ({}, "it has none of the kinds of step"),
    "a header without a router": (
        {"setHeaderRoute": {"name": "h"}},
        "setHeaderRoute needs a traffic router, and there is none",
    ),
    "a mirror without a router": (
        {"setMirrorRoute": {"name": "h"}},
        "setMirrorRoute needs a traffic router, and there is none",
    ),
    "a scale without a router": (
        {"setCanaryScale": {"replicas": 1}},
        "setCanaryScale needs a traffic router, and there is none",
    ),
}


@pytest.mark.parametrize(("step", "why"), INVALID.values(), ids=INVALID)
def test_a_step_that_argo_calls_invalid_is_refused_and_judged_no_further(step: dict[str, Any], why: str) -> None:
    """Without valid steps there is no arithmetic of them: no other check guesses at it."""
    assert whole(ground(rollout={f"{CANARY}.steps": [{"setWeight": 20}, step]})) == (
        f"C046 refuse | {PLACE}.steps[1]\n"
        f"{CANARY}.steps[1] is invalid: {why}\n"
        "→ correct the step; `kubectl argo rollouts lint --filename FILE` says what Argo thinks of it"
    )


@pytest.mark.parametrize(
    "step",
    [
        {"pause": {}},
        {"pause": {"duration": "1h30m"}},
        {"pause": {"duration": 0}},
        {"pause": {"duration": "90"}},
        {"setWeight": 0},
        {"setWeight": 100},
        {"analysis": {"templates": []}},
        {"experiment": {"templates": []}},
        {"plugin": {"name": "example/none"}},
        {"plugin": {"name": "example/none"}, "setWeight": 40},
    ],
)
def test_every_kind_of_step_that_argo_takes_is_taken(step: dict[str, Any]) -> None:
    assert "C046" not in codes(ground(rollout={f"{CANARY}.steps": [{"setWeight": 20}, step, {"pause": {}}]}))
