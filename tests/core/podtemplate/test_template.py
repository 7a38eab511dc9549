"""A pod template read by name: containers, sources, and everything that it refers to."""

from typing import Any

import pytest

from cutover.core.base.redaction import Redactor
from cutover.core.base.secret_text import SecretText
from cutover.core.podtemplate.config_references import ConfigReference, EveryKey, config_references
from cutover.core.podtemplate.containers import containers, env_of
from cutover.core.podtemplate.credential_literals import credential_literals
from cutover.core.podtemplate.env_source import (
    EnvSource,
    FromConfigMap,
    FromOther,
    FromSecret,
    LiteralValue,
    describe_source,
    entry_of,
    source_of,
)
from cutover.core.podtemplate.variable_expansion import arguments_naming, variable_references
from tests.core.podtemplate.documents import PAYMENTS, config, container, literal, secret, template


@pytest.mark.parametrize(
    ("entry", "source"),
    [
        (literal("X", "1"), LiteralValue(SecretText("1"))),
        ({"name": "X"}, LiteralValue(SecretText(""))),
        ({"name": "X", "value": ""}, LiteralValue(SecretText(""))),
        (secret("X", "s", "k"), FromSecret("s", "k")),
        (secret("X", "s", "k", optional=True), FromSecret("s", "k", optional=True)),
        (secret("X", "s", "k", optional=False), FromSecret("s", "k")),
        ({**secret("X", "s", "k"), "value": ""}, FromSecret("s", "k")),
        (config("X", "c", "k"), FromConfigMap("c", "k")),
        (
            {"name": "X", "valueFrom": {"fieldRef": {"apiVersion": "v1", "fieldPath": "metadata.name"}}},
            FromOther("fieldRef metadata.name"),
        ),
        (
            {"name": "X", "valueFrom": {"resourceFieldRef": {"containerName": "app", "resource": "limits.cpu"}}},
            FromOther("resourceFieldRef app limits.cpu"),
        ),
        ({**secret("X", "s", "k"), "value": "1"}, FromOther("value and valueFrom at once")),
        ({"name": "X", "value": 1}, FromOther("a value that is not a string")),
        ({"name": "X", "valueFrom": {}}, FromOther("a reference of a shape that cutover does not know")),
        ({"name": "X", "valueFrom": "s"}, FromOther("a reference of a shape that cutover does not know")),
    ],
)
def test_an_entry_of_env_is_read_as_its_source(entry: dict[str, Any], source: EnvSource) -> None:
    assert source_of(entry) == source


@pytest.mark.parametrize(
    "source",
    [
        LiteralValue(SecretText("")),
        LiteralValue(SecretText("a b\n")),
        FromSecret("s", "k"),
        FromSecret("s", "k", optional=True),
        FromConfigMap("c", "k"),
        FromConfigMap("c", "k", optional=True),
    ],
)
def test_what_is_written_is_read_back(source: LiteralValue | FromSecret | FromConfigMap) -> None:
    entry = entry_of("X", source)
    assert source_of(entry) == source
    assert entry["name"] == "X"
    assert ("value" in entry) != ("valueFrom" in entry)


def test_containers_are_read_in_their_order_with_init_containers_last() -> None:
    found = [(held.name, held.init, held.pointer) for held in containers(PAYMENTS)]
    assert found == [
        ("app", False, "/spec/containers/0"),
        ("proxy", False, "/spec/containers/1"),
        ("migrate", True, "/spec/initContainers/0"),
    ]


def test_a_variable_is_looked_up_in_its_container_only() -> None:
    assert env_of(PAYMENTS, "app", "OLD_FLAG") == LiteralValue(SecretText("1"))
    assert env_of(PAYMENTS, "proxy", "OLD_FLAG") == LiteralValue(SecretText("0"))
    assert env_of(PAYMENTS, "migrate", "OLD_FLAG") is None
    assert env_of(PAYMENTS, "nobody", "OLD_FLAG") is None


def test_of_a_variable_that_stands_twice_the_last_entry_decides() -> None:
    twice = template(container("app", literal("X", "1"), literal("Y", "2"), literal("X", "3")))
    (held,) = containers(twice)
    assert held.duplicates == ("X",)
    assert held.variables == ("X", "Y")
    assert (held.entry("X").index, held.entry("X").source) == (2, LiteralValue(SecretText("3")))


def test_an_odd_template_is_read_without_a_traceback_and_indices_stay_true() -> None:
    odd = {"spec": {"containers": [None, {"name": "app", "env": ["x", literal("X", "1")]}], "initContainers": "none"}}
    (held,) = containers(odd)
    assert (held.pointer, held.entry("X").index, held.entry("Y").index) == ("/spec/containers/1", 1, 2)
    assert containers({}) == ()
    assert config_references({"spec": {"volumes": [None, {"secret": "x"}]}}) == (
        ConfigReference("Secret", "", EveryKey(), optional=False),
    )


def test_every_secret_and_configmap_that_a_template_names_is_found() -> None:
    everything = template(
        container(
            "app",
            secret("A", "s1", "k1"),
            config("B", "c1", "k2", optional=True),
            literal("C", "x"),
            envFrom=[{"secretRef": {"name": "s2"}}, {"prefix": "P_", "configMapRef": {"name": "c2", "optional": True}}],
        ),
        init=(container("migrate", secret("A", "s1", "k1")),),
        volumes=[
            {"name": "v1", "secret": {"secretName": "s3"}},
            {"name": "v2", "configMap": {"name": "c3", "items": [{"key": "k3", "path": "p"}], "optional": True}},
            {"name": "v3", "projected": {"sources": [{"secret": {"name": "s4", "items": [{"key": "k4"}]}}]}},
            {"name": "v4", "emptyDir": {}},
        ],
    )
    assert config_references(everything) == (
        ConfigReference("Secret", "s1", "k1", optional=False, container="app", variable="A"),
        ConfigReference("ConfigMap", "c1", "k2", optional=True, container="app", variable="B"),
        ConfigReference("Secret", "s2", EveryKey(), optional=False, container="app"),
        ConfigReference("ConfigMap", "c2", EveryKey(), optional=True, container="app", prefix="P_"),
        ConfigReference("Secret", "s1", "k1", optional=False, container="migrate", variable="A", init=True),
        ConfigReference("Secret", "s3", EveryKey(), optional=False, volume="v1"),
        ConfigReference("ConfigMap", "c3", "k3", optional=True, volume="v2"),
        ConfigReference("Secret", "s4", "k4", optional=False, volume="v3"),
    )


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("postgres://$(DB_HOST):$(DB_PORT)/db", ("DB_HOST", "DB_PORT")),
        ("$$(ESCAPED) $$$(REAL)", ("REAL",)),
        ("$(A", ()),
        ("$()", ()),
        ("${SHELL} $HOME", ()),
    ],
)
def test_references_to_variables_are_those_that_the_kubelet_expands(text: str, names: tuple[str, ...]) -> None:
    assert variable_references(text) == names


def test_which_arguments_name_a_variable_is_known() -> None:
    (held,) = containers(
        template(
            container(
                "app",
                literal("URL", "http://$(HOST)"),
                literal("OTHER", "$$(HOST)"),
                literal("HOST", "a"),
                args=["--host", "$(HOST)"],
            )
        )
    )
    assert arguments_naming(held, "HOST") == ("args",)
    assert arguments_naming(held, "URL") == ()


def test_credentials_that_stand_in_the_template_are_known_by_name_and_by_form() -> None:
    found = credential_literals(
        template(
            container(
                "app",
                literal("DB_PASSWORD", "hunter2!"),
                literal("DATABASE_URL", "postgres://app:s3cret@db/payments"),
                literal("KEYCLOAK_URL", "https://kc.example/realms/shop"),
                literal("POOL_SIZE", "10"),
                secret("TOKEN", "s", "k"),
            )
        )
    )
    assert set(found) == {SecretText("hunter2!"), SecretText("s3cret")}


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (LiteralValue(SecretText("on")), '"on"'),
        (LiteralValue(SecretText("a\nb\x1b[31m")), r'"a\nb\x1b[31m"'),
        (LiteralValue(SecretText("")), '""'),
        (FromSecret("payments-db-a", "url"), "secret payments-db-a/url"),
        (FromSecret("payments-db-a", "url", optional=True), "secret payments-db-a/url (optional)"),
        (FromConfigMap("payments", "pool.size"), "configmap payments/pool.size"),
        (FromOther("fieldRef metadata.name"), "fieldRef metadata.name"),
        (None, "absent"),
    ],
)
def test_a_source_is_said_on_one_line(source: EnvSource, said: str) -> None:
    assert describe_source("X", source, Redactor(b"key")) == said


def test_a_credential_is_not_said() -> None:
    assert "hunter2" not in describe_source("DB_PASSWORD", LiteralValue(SecretText("hunter2")), Redactor(b"key"))
