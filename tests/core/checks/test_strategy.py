"""C002 to C005: Rollouts of a kind that cutover does not work with."""

from tests.core.checks.documents import GONE, codes, ground, whole

STEPS = "[{setWeight: 20}, {pause: {}}, {setWeight: 60}, {pause: {duration: 30s}}]"


def test_blue_green_is_refused() -> None:
    blue_green = {"spec.strategy.canary": GONE, "spec.strategy.blueGreen": {"activeService": "payments"}}
    assert whole(ground(rollout=blue_green)) == (
        "C002 refuse | payments/rollout/payments: spec.strategy.blueGreen\n"
        "spec.strategy.blueGreen is set; cutover works with spec.strategy.canary and its steps only\n"
        "→ make this change by hand through previewService and `kubectl argo rollouts promote payments -n payments`, "
        "or give the Rollout spec.strategy.canary with steps"
    )


def test_a_template_in_another_object_is_refused() -> None:
    reference = {"spec.workloadRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "payments"}}
    assert whole(ground(rollout=reference)) == (
        "C003 refuse | payments/rollout/payments: spec.workloadRef\n"
        "spec.workloadRef is set; cutover changes spec.template, which must be empty then\n"
        "→ move the template from the referenced object into spec.template and remove spec.workloadRef"
    )


def test_a_traffic_router_is_refused_by_name() -> None:
    routing = {"spec.strategy.canary.trafficRouting": {"nginx": {"stableIngress": "payments"}}}
    assert whole(ground(rollout=routing)) == (
        "C004 refuse | payments/rollout/payments: spec.strategy.canary.trafficRouting\n"
        "spec.strategy.canary.trafficRouting is set (nginx); cutover works by pod counts only\n"
        "→ make this change by hand and watch it with "
        "`kubectl argo rollouts get rollout payments -n payments --watch`, "
        "or remove spec.strategy.canary.trafficRouting"
    )


def test_a_canary_without_steps_is_refused() -> None:
    assert whole(ground(rollout={"spec.strategy.canary.steps": []})) == (
        "C005 refuse | payments/rollout/payments: spec.strategy.canary.steps\n"
        "spec.strategy.canary.steps is empty; without steps every pod is replaced with nothing to stop it\n"
        f"→ set spec.strategy.canary.steps, for instance to {STEPS}"
    )


def test_no_strategy_at_all_counts_as_no_steps() -> None:
    assert codes(ground(rollout={"spec.strategy": {}})) == ["C005"]
