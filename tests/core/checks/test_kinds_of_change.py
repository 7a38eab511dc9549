"""Checks of the kinds of change beside `env`: each fires, and is silent."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from cutover.core.base.secret_text import SecretText
from cutover.core.checks import key_without_use, line_break_at_end, two_databases, two_issuers
from cutover.core.checks.check import Check, CheckContext
from cutover.core.patch.planned import ResolveInputs, Supplied
from cutover.core.plan.changes import (
    Change,
    ConfigMapChange,
    DatabaseChange,
    DataRelation,
    EnvChange,
    FromEnvironment,
    OidcChange,
    OneContainer,
    PlanPosition,
    SecretChange,
)
from cutover.core.podtemplate.env_source import FromSecret, LiteralValue
from tests.core.checks.documents import ground
from tests.core.patch.test_config_copies import edits, read, stock
from tests.core.podtemplate.documents import config, container, literal, template
from tests.quotations import unmasked

AT = PlanPosition("plan.yaml", 10, "spec.changes[0].database")
TO_B = EnvChange("DATABASE_URL", FromSecret("payments-db-b", "url"), OneContainer("app"), at=AT)


def with_changes(*changes: Change) -> CheckContext:
    """The usual ground, on which the plan changes the database, for a plan of these changes."""
    plain = ground()
    return replace(plain, plan=replace(plain.plan, changes=changes))


def with_copies(*changes: Change, live: Any, held: ResolveInputs) -> CheckContext:
    return replace(ground(), edits=edits(*changes, live=live, held=held))


def said(check: Check, judged: CheckContext) -> list[str]:
    return [f"{each.code} {each.severity} | {each.where} | {unmasked(each.message)}" for each in check.findings(judged)]


@pytest.mark.parametrize(
    ("accepts", "words"),
    [((), "does not say whose tokens it accepts"), (("new",), "accepts new only"), (("old",), "accepts old only")],
)
def test_an_application_that_takes_one_issuers_tokens_is_told_of(accepts: tuple[str, ...], words: str) -> None:
    change = OidcChange("keycloak", "https://sso/realms/shop", TO_B, accepts=accepts)
    (told,) = said(two_issuers.CHECK, with_changes(change))
    assert told == (
        "C072 warn | plan: spec.changes[0].database | two issuers are in use while the canary runs, and the plan "
        f"{words}: users of the other would be refused"
    )


def test_one_that_takes_both_is_not() -> None:
    both = OidcChange("keycloak", "https://sso/realms/shop", TO_B, accepts=("new", "old"))
    assert said(two_issuers.CHECK, with_changes(both)) == []
    assert said(two_issuers.CHECK, ground()) == []


@pytest.mark.parametrize(
    ("relation", "words"),
    [
        (DataRelation.REPLICA, "follows the old one: a canary pod that writes is refused, or its writes are lost"),
        (DataRelation.BIDIRECTIONAL, "takes writes like the old one: the application must be safe against conflicts"),
        (DataRelation.DUAL_WRITE, "is written by the application beside the old one: both have to stay alike"),
    ],
)
def test_two_databases_that_take_writes_are_told_of(relation: DataRelation, words: str) -> None:
    (told,) = said(two_databases.CHECK, with_changes(DatabaseChange("postgres", relation, TO_B)))
    assert told == (
        f"C073 warn | plan: spec.changes[0].database | the new database of DATABASE_URL {words} (dataRelation: "
        f"{relation})"
    )


@pytest.mark.parametrize("relation", [DataRelation.SAME, DataRelation.INDEPENDENT])
def test_data_that_loses_nothing_is_not(relation: DataRelation) -> None:
    assert said(two_databases.CHECK, with_changes(DatabaseChange("postgres", relation, TO_B))) == []
    apart = with_changes(DatabaseChange("postgres", DataRelation.REPLICA, TO_B))
    unchanged = replace(apart, edits=replace(apart.edits, edits=()))
    assert said(two_databases.CHECK, unchanged) == []


MOUNTED = template(container("app"), volumes=[{"name": "v", "secret": {"secretName": "settings"}}])


def supplied(value: str) -> CheckContext:
    source = FromEnvironment("VALUE")
    change = SecretChange("Secret", "settings", (("pool", source),))
    held = stock(read("Secret", "settings", pool="old"), supplied={source: Supplied(_encoded(value))})
    return with_copies(change, live=MOUNTED, held=held)


def _encoded(value: str) -> SecretText:
    return read("Secret", "x", v=value).contents["v"]


def test_a_secret_of_one_line_with_its_end_is_told_of() -> None:
    (told,) = said(line_break_at_end.CHECK, supplied("hunter2\n"))
    assert told == (
        "C074 warn | payments/secret/settings: pool | the new value of pool in Secret settings is one line with a line "
        "break at its end"
    )


@pytest.mark.parametrize("value", ["hunter2", "-----BEGIN\nxyz\n-----END\n", "\n"])
def test_a_secret_without_one_and_a_file_of_lines_are_not(value: str) -> None:
    assert said(line_break_at_end.CHECK, supplied(value)) == []


def useless(live: Mapping[str, Any], key: str = "pool") -> list[str]:
    change = ConfigMapChange("ConfigMap", "settings", ((key, LiteralValue(SecretText("20"))),))
    held = stock(read("ConfigMap", "settings", pool="10"))
    return said(key_without_use.CHECK, with_copies(change, live=live, held=held))


FROM: list[dict[str, Any]] = [{"configMapRef": {"name": "settings"}}]


@pytest.mark.parametrize(
    ("live", "key"),
    [
        (template(container("app", literal("pool", "5"), envFrom=FROM)), "pool"),
        (template(container("app", literal("P_pool", "5"), envFrom=[{"prefix": "P_", **FROM[0]}])), "pool"),
        (template(container("app", config("POOL", "settings", "pool"))), "size"),
    ],
)
def test_a_key_that_nobody_takes_is_told_of(live: Mapping[str, Any], key: str) -> None:
    (told,) = useless(live, key)
    assert told == (
        f"C075 warn | payments/configmap/settings: {key} | key {key} of ConfigMap settings is changed, and no "
        "container takes it: env overrides it, or no reference names it"
    )


@pytest.mark.parametrize(
    "live",
    [
        template(container("app", config("POOL", "settings", "pool"))),
        template(container("app", envFrom=FROM)),
        template(container("app", literal("pool", "5"), envFrom=[{"prefix": "P_", **FROM[0]}])),
        template(container("app", literal("pool", "5"), envFrom=FROM), container("other", envFrom=FROM)),
        template(container("app"), volumes=[{"name": "v", "configMap": {"name": "settings"}}]),
    ],
)
def test_a_key_that_somebody_takes_is_not(live: Mapping[str, Any]) -> None:
    assert useless(live) == []
