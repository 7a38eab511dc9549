"""What a valid plan becomes."""

import pytest

from cutover.core.base.secret_text import SecretText
from cutover.core.base.target import Target
from cutover.core.plan.changes import (
    EnvChange,
    EnvMode,
    EveryContainer,
    ExpectedSource,
    OneContainer,
    OnlyContainer,
    PlanPosition,
)
from cutover.core.plan.load import load, load_bytes
from cutover.core.plan.model import AUTO, OnFailure, Plan, Promotion, WatchPolicy
from cutover.core.podtemplate.env_source import FromConfigMap, FromSecret, LiteralValue
from tests.core.plan.texts import GOOD, changed, plan_with_env


def test_a_plan_is_read_whole() -> None:
    plan = load(GOOD, "plan.yaml")
    assert plan == Plan(
        name="payments-to-pg16",
        description="Move payments to the new primary",
        target=Target(rollout="payments", namespace="payments", app="payments"),
        changes=(
            EnvChange(
                variable="DATABASE_URL",
                to=FromSecret("payments-db-b", "url"),
                where=OneContainer("app"),
                expects=ExpectedSource(FromSecret("payments-db-a", "url")),
            ),
        ),
        watch=WatchPolicy(ready_within=AUTO, adopt_within=60.0, hold=AUTO, bake=90.0),
        promotion=Promotion.STEPS,
        on_failure=OnFailure.RESTORE,
        digest=plan.digest,
    )
    (change,) = plan.variables
    assert (plan.file, change.at) == ("plan.yaml", PlanPosition("plan.yaml", 11, "spec.changes[0].env"))


def test_a_target_may_name_everything() -> None:
    text = changed("app: payments\n", "{app: payments, rollout: pay.v2, namespace: shop, context: prod eu}\n")
    text = changed("target:\n    {", "target: {", text)
    assert load(text, "p").target == Target("pay.v2", "shop", "payments", "prod eu")


@pytest.mark.parametrize(
    ("env", "expected"),
    [
        ('{name: X, value: "on"}', EnvChange("X", LiteralValue(SecretText("on")))),
        ('{name: X, value: ""}', EnvChange("X", LiteralValue(SecretText("")))),
        ("{name: X, value: a b}", EnvChange("X", LiteralValue(SecretText("a b")))),
        ("{name: 9.a-b, value: x}", EnvChange("9.a-b", LiteralValue(SecretText("x")))),
        ("{name: X, configMapKeyRef: {name: c.d, key: .k_1-a}}", EnvChange("X", FromConfigMap("c.d", ".k_1-a"))),
        (
            "{name: X, secretKeyRef: {name: s, key: k, optional: true}}",
            EnvChange("X", FromSecret("s", "k", optional=True)),
        ),
        (
            "{name: X, secretKeyRef: {name: s, key: k, optional: false}}",
            EnvChange("X", FromSecret("s", "k", optional=False)),
        ),
        ("{name: X, remove: true, allContainers: true}", EnvChange("X", None, EveryContainer())),
        ("{name: X, value: a, mode: replace}", EnvChange("X", LiteralValue(SecretText("a")), mode=EnvMode.REPLACE)),
        ("{name: X, value: a, mode: add}", EnvChange("X", LiteralValue(SecretText("a")), mode=EnvMode.ADD)),
        (
            "{name: X, value: a, from: {absent: true}}",
            EnvChange("X", LiteralValue(SecretText("a")), expects=ExpectedSource(None)),
        ),
        (
            "{name: X, value: a, from: {value: b}}",
            EnvChange("X", LiteralValue(SecretText("a")), expects=ExpectedSource(LiteralValue(SecretText("b")))),
        ),
        (
            "{name: X, remove: true, from: {configMapKeyRef: {name: c, key: k}}}",
            EnvChange("X", None, expects=ExpectedSource(FromConfigMap("c", "k"))),
        ),
    ],
)
def test_every_form_of_env_is_read(env: str, expected: EnvChange) -> None:
    assert plan_with_env(env).changes == (expected,)


def test_without_words_on_container_and_old_value_nothing_is_assumed() -> None:
    (change,) = plan_with_env("{name: X, value: a}").variables
    assert (change.where, change.expects, change.mode) == (OnlyContainer(), None, EnvMode.SET)


def test_one_variable_may_change_in_two_containers() -> None:
    text = changed("  watch:", "    - env: {name: DATABASE_URL, container: sidecar, value: x}\n  watch:")
    assert [change.container for change in load(text, "p").variables] == ["app", "sidecar"]


@pytest.mark.parametrize(
    ("key", "text", "expected"),
    [
        ("bake", "0s", WatchPolicy(bake=0.0)),
        ("bake", "24h", WatchPolicy(bake=86400.0)),
        ("bake", "1h0.5m", WatchPolicy(bake=3630.0)),
        ("hold", "0s", WatchPolicy(hold=0.0)),
        ("hold", "auto", WatchPolicy()),
        ("readyWithin", "500ms", WatchPolicy(ready_within=0.5)),
        ("adoptWithin", "1m30s", WatchPolicy(adopt_within=90.0)),
    ],
)
def test_durations_are_read_as_go_writes_them(key: str, text: str, expected: WatchPolicy) -> None:
    assert load(changed("bake: 90s", f"{key}: {text}"), "p").watch == expected


def test_promotion_and_failure_policy_are_read() -> None:
    plan = load(f"{GOOD}  promotion: auto\n  onFailure: hold\n", "p")
    assert (plan.promotion, plan.on_failure) == (Promotion.AUTO, OnFailure.HOLD)


def test_the_digest_is_that_of_the_content_not_of_its_spelling() -> None:
    digest = load(GOOD, "a.yaml").digest
    spelled = changed("  name: payments-to-pg16\n", "  # a comment\n  name: 'payments-to-pg16'\n")
    assert load(spelled, "b.yaml").digest == digest
    assert load(changed("pg16", "pg17"), "a.yaml").digest != digest
    assert load(f"{GOOD}  promotion: auto\n", "a.yaml").digest != digest


def test_bytes_are_read_as_utf_8() -> None:
    text = changed("Move payments", "Zahlungen für Москва 🐘")
    assert load_bytes(text.encode(), "p").description == "Zahlungen für Москва 🐘 to the new primary"


def test_no_way_of_printing_a_plan_shows_a_literal() -> None:
    plan = plan_with_env("{name: X, value: hunter2, from: {value: hunter1}}")
    assert "hunter" not in f"{plan!r} {plan}"
