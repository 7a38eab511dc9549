"""C032 to C035: probes that protect little, and values that are not what they seem."""

import pytest

from cutover.core.base.secret_text import SecretText
from cutover.core.podtemplate.env_source import LiteralValue
from tests.core.checks.documents import GONE, TEMPLATE, Changes, changed, codes, edit, ground, whole

PROBE = "spec.template.spec.containers.0.readinessProbe"
ALIVE = "spec.template.spec.containers.0.livenessProbe"
ENV = "spec.template.spec.containers.0.env"


def test_a_probe_of_a_port_is_told() -> None:
    assert whole(ground(rollout={PROBE: {"tcpSocket": {"port": 8080}}})) == (
        "C032 warn | payments/rollout/payments: spec.template.spec.containers[app].readinessProbe.tcpSocket\n"
        "the readinessProbe of container app only asks whether a port is open\n"
        "→ give it a readinessProbe that fails while what it depends on cannot be used, "
        "for instance httpGet: {path: /readyz, port: 8080}; this is a new revision: roll it out first"
    )


def test_the_probe_of_a_container_that_does_not_change_is_nobodys_business() -> None:
    sidecar = {"spec.template.spec.containers.1.readinessProbe": {"tcpSocket": {"port": 1}}}
    assert codes(ground(rollout=sidecar)) == []


def test_a_liveness_probe_that_asks_the_same_is_told() -> None:
    same = {ALIVE: {"httpGet": {"path": "/readyz", "port": 8080}, "periodSeconds": 10}}
    assert whole(ground(rollout=same)) == (
        "C033 warn | payments/rollout/payments: spec.template.spec.containers[app].livenessProbe.httpGet.path\n"
        "livenessProbe and readinessProbe of container app both ask for /readyz: "
        "without what it depends on its pods are restarted, those of stable too\n"
        "→ let livenessProbe ask for a path that answers without any dependency, "
        "and keep readinessProbe as it is; this is a new revision: roll it out first"
    )


@pytest.mark.parametrize(
    "alive",
    [{"httpGet": {"path": "/healthz", "port": 8080}}, {"httpGet": {"path": "/readyz", "port": 9}}, {"exec": {}}, GONE],
)
def test_one_that_asks_something_else_is_not(alive: object) -> None:
    base: Changes = {ALIVE: {}} if alive is GONE else {ALIVE: alive}
    assert "C033" not in codes(ground(rollout=base))


@pytest.mark.parametrize(
    ("variable", "value"),
    [("DB_PASSWORD", "hunter2-x"), ("API_TOKEN", "abcd1234"), ("URL", "postgres://u:secret-1@db/x")],
)
def test_a_literal_that_looks_like_a_credential_is_told_without_it(variable: str, value: str) -> None:
    judged = ground(edits=[edit(LiteralValue(SecretText(value)), variable=variable)])
    assert whole(judged) == (
        f"C034 warn | payments/rollout/payments: spec.template.spec.containers[app].env[{variable}].value\n"
        f"the new value of {variable} in container app looks like a credential\n"
        "→ put it into a Secret, and let the plan refer to it by secretKeyRef"
    )


def test_a_plain_literal_and_a_credential_that_was_there_are_not() -> None:
    assert codes(ground(edits=[edit(LiteralValue(SecretText("20")), variable="POOL_SIZE")])) == []
    old = {f"{ENV}.1": {"name": "DB_PASSWORD", "value": "hunter2"}}
    assert codes(ground(rollout=old)) == []


def test_a_new_variable_that_an_earlier_one_names_is_told() -> None:
    env = [{"name": "URL", "value": "http://h$(URL_PATH)"}]
    template = changed(TEMPLATE, {"spec.containers.0.env": env})
    judged = ground(
        rollout={ENV: env}, edits=[edit(LiteralValue(SecretText("/x")), variable="URL_PATH", template=template)]
    )
    assert "URL of container app names $(URL_PATH), which stands behind it" in whole(judged)


def test_what_was_so_before_and_is_not_what_the_plan_is_about_is_nobodys_finding() -> None:
    env = [{"name": "URL", "value": "$(NONE)"}, {"name": "A", "value": "1"}]
    template = changed(TEMPLATE, {"spec.containers.0.env": env})
    assert (
        codes(ground(rollout={ENV: env}, edits=[edit(LiteralValue(SecretText("2")), variable="A", template=template)]))
        == []
    )


def test_a_variable_that_names_one_behind_it_or_none_is_told() -> None:
    judged = ground(edits=[edit(LiteralValue(SecretText("$(NONE) and $(POOL_SIZE)")), variable="DATABASE_URL")])
    assert whole(judged) == (
        "C035 warn | payments/rollout/payments: spec.template.spec.containers[app].env[DATABASE_URL].value\n"
        "DATABASE_URL of container app names $(NONE), which is not there: the application would get the text $(NONE)\n"
        "→ let the plan say the whole value, or define the variable before the one that names it"
    )


def test_a_variable_whose_users_stay_is_told_when_it_is_removed() -> None:
    env = [{"name": "HOST", "value": "a"}, {"name": "URL", "value": "http://$(HOST)"}]
    template = changed(TEMPLATE, {"spec.containers.0.env": env})
    judged = ground(rollout={ENV: env}, edits=[edit(None, variable="HOST", template=template)])
    assert "URL of container app names $(HOST), which is not there" in whole(judged)
    assert codes(judged) == ["C035"]


@pytest.mark.parametrize("value", ["$$(NONE)", "$(POOL_SIZE", "plain"])
def test_what_is_no_reference_is_not(value: str) -> None:
    assert codes(ground(edits=[edit(LiteralValue(SecretText(value)), variable="POOL_SIZE")])) == []


def test_a_name_that_may_come_from_env_from_is_left_alone() -> None:
    live: Changes = {"spec.template.spec.containers.0.envFrom": [{"configMapRef": {"name": "c"}}]}
    assert (
        codes(ground(rollout=live, edits=[edit(LiteralValue(SecretText("$(ELSEWHERE)")), variable="POOL_SIZE")])) == []
    )
