"""Every kind of change beside `env`: how it is read, and what is wrong with one that is not."""

import pytest

from cutover.core.base.secret_text import SecretText
from cutover.core.plan.changes import (
    Change,
    ConfigMapChange,
    DatabaseChange,
    DataRelation,
    EnvChange,
    EveryContainer,
    ExpectedSource,
    FromEnvironment,
    FromFile,
    FromStdin,
    OidcChange,
    OneContainer,
    PatchChange,
    PatchOperation,
    SecretChange,
)
from cutover.core.plan.load import load
from cutover.core.plan.model import Plan, PointOfNoReturn
from cutover.core.podtemplate.env_source import FromSecret, LiteralValue
from tests.core.plan.texts import GOOD, problems

HEAD = GOOD[: GOOD.index("    - env:")]
PLACE = "/spec/template/spec/containers/0"
ISSUER = "https://sso.example.com/realms/shop"


def text(*changes: str) -> str:
    """A plan of these changes, each in flow style."""
    return HEAD + "".join(f"    - {change}\n" for change in changes)


def plan(*changes: str) -> Plan:
    return load(text(*changes), "plan.yaml")


DATABASE_EVERYWHERE = (
    "database: {engine: mysql, env: URL, allContainers: true, to: {value: db-b}, from: {value: db-a}, "
    "dataRelation: dualWrite}"
)
SOURCES = (
    "secret: {name: s, set: {a: {fromFile: ./a}, b: {fromEnv: B}, c: {fromStdin: true}, "
    "d: {secretKeyRef: {name: o, key: k}}}}"
)
PATCH = (
    f"patch: [{{op: add, path: {PLACE}/x, value: {{a: [1, 2.5, true, no no, -3e2]}}}}, {{op: remove, path: {PLACE}/y}}]"
)
READ: list[tuple[str, Change]] = [
    (
        "database: {engine: postgres, env: URL, to: {secretKeyRef: {name: b, key: url}}, dataRelation: same}",
        DatabaseChange("postgres", DataRelation.SAME, EnvChange("URL", FromSecret("b", "url"))),
    ),
    (
        DATABASE_EVERYWHERE,
        DatabaseChange(
            "mysql",
            DataRelation.DUAL_WRITE,
            EnvChange(
                "URL",
                LiteralValue(SecretText("db-b")),
                EveryContainer(),
                ExpectedSource(LiteralValue(SecretText("db-a"))),
            ),
        ),
    ),
    (
        f'oidc: {{env: ISSUER, container: app, to: {{issuer: "{ISSUER}", clientId: web}}, accepts: [old, new]}}',
        OidcChange(
            "keycloak",
            ISSUER,
            EnvChange("ISSUER", LiteralValue(SecretText(ISSUER)), OneContainer("app")),
            client="web",
            accepts=("old", "new"),
        ),
    ),
    (
        'configMap: {name: c, set: {pool.size: "20"}, remove: [legacy]}',
        ConfigMapChange("ConfigMap", "c", (("pool.size", LiteralValue(SecretText("20"))),), ("legacy",)),
    ),
    (
        SOURCES,
        SecretChange(
            "Secret",
            "s",
            (("a", FromFile("./a")), ("b", FromEnvironment("B")), ("c", FromStdin()), ("d", FromSecret("o", "k"))),
        ),
    ),
    ("secret: {name: s, remove: [a]}", SecretChange("Secret", "s", (), ("a",))),
    (
        PATCH,
        PatchChange(
            (
                PatchOperation("add", f"{PLACE}/x", ({"a": [1, 2.5, True, "no no", -300.0]},)),
                PatchOperation("remove", f"{PLACE}/y"),
            )
        ),
    ),
    (
        f'patch: [{{op: replace, path: {PLACE}/command, value: ["1", false]}}]',
        PatchChange((PatchOperation("replace", f"{PLACE}/command", (["1", False],)),)),
    ),
]


@pytest.mark.parametrize(("change", "expected"), READ)
def test_every_form_of_every_kind_is_read(change: str, expected: Change) -> None:
    assert plan(change).changes == (expected,)


def test_a_change_knows_its_place_in_the_plan() -> None:
    found = plan("configMap: {name: c, remove: [a]}", f"patch: [{{op: remove, path: {PLACE}/y}}]").changes
    assert isinstance(found[0], ConfigMapChange)
    assert isinstance(found[1], PatchChange)
    assert (found[0].at.path, found[0].at.line) == ("spec.changes[0].configMap", 10)
    assert (found[1].operations[0].at.path, found[1].at.line) == ("spec.changes[1].patch[0]", 11)


DATABASE = "database: {engine: postgres, env: URL, to: {value: x}, dataRelation: %s}"


@pytest.mark.parametrize(
    ("relation", "point"),
    [
        ("same", PointOfNoReturn.NONE),
        ("independent", PointOfNoReturn.NONE),
        ("replica", PointOfNoReturn.CANARY_READY),
        ("bidirectional", PointOfNoReturn.CANARY_READY),
        ("dualWrite", PointOfNoReturn.CANARY_READY),
    ],
)
def test_a_canary_that_writes_to_data_of_its_own_is_a_point_of_no_return(relation: str, point: PointOfNoReturn) -> None:
    assert plan(DATABASE % relation).point_of_no_return is point
    told = load(text(DATABASE % relation) + "  pointOfNoReturn: promotion\n", "p")
    assert told.point_of_no_return is PointOfNoReturn.PROMOTION


BAD = [
    (
        "env: {name: A, value: b}, secret: {name: s, remove: [a]}",
        "spec.changes[0].secret: expected exactly one of env, configMap, secret,",
    ),
    ("{}", "spec.changes[0]: expected exactly one of env, configMap, secret, database, oidc, patch; found none"),
    ("enw: {}", "spec.changes[0].enw: expected one of the keys (env, configMap, secret, database, oidc, patch), fou"),
    (DATABASE % "likely", "spec.changes[0].database.dataRelation: expected same, independent, replica, bidirectional"),
    (
        "database: {engine: postgres, env: URL, to: {value: x}}",
        "spec.changes[0].database.dataRelation: expected same, independent, replica, bidirectional or dualWrite: what",
    ),
    (
        "database: {engine: mysql, env: URL, to: {value: x, configMapKeyRef: {name: a, key: b}}, dataRelation: same}",
        "spec.changes[0].database.to.configMapKeyRef: expected exactly one of value, secretKeyRef, configMapKeyRef; f",
    ),
    (
        "database: {engine: oracle, env: URL, to: {value: x}, dataRelation: same}",
        'spec.changes[0].database.engine: expected postgres or mysql, found "oracle"',
    ),
    (
        "database: {engine: mysql, env: URL, identity: {}, to: {value: x}, dataRelation: same}",
        "spec.changes[0].database.identity: identity is not supported by this version yet",
    ),
    ("oidc: {env: I, to: {issuer: sso.example.com}}", "spec.changes[0].oidc.to.issuer: expected the URL of an issuer"),
    ('oidc: {env: I, to: {issuer: "http://u:p@h/"}}', "spec.changes[0].oidc.to.issuer: expected the URL of an issuer"),
    (f"oidc: {{env: I, to: {{issuer: '{ISSUER}'}}, accepts: [all]}}", "spec.changes[0].oidc.accepts[0]: expected old"),
    ("configMap: {name: c}", "spec.changes[0].configMap: expected set or remove, found neither"),
    ("configMap: {name: c, set: {a: 1}}", "spec.changes[0].configMap.set.a: expected the value of a key of a Config"),
    ("configMap: {name: c, set: {}}", "spec.changes[0].configMap.set: expected keys and their values, found a mapping"),
    ("configMap: {name: c, set: {..: x}}", "spec.changes[0].configMap.set...: expected a key of a Secret or ConfigMa"),
    ("configMap: {name: c, set: {a: x}, remove: [a]}", "spec.changes[0].configMap.remove[0]: expected each key once"),
    ("secret: {name: s, set: {a: hunter2}}", "spec.changes[0].secret.set.a: expected a mapping (keys: fromFile, fromE"),
    ("secret: {name: s, set: {a: {value: hunter2}}}", "spec.changes[0].secret.set.a.value: expected one of the keys ("),
    ("secret: {name: s, set: {a: {}}}", "spec.changes[0].secret.set.a: expected exactly one of fromFile, fromEnv, fro"),
    ("patch: []", "spec.changes[0].patch: expected a list of operations, found a list"),
    ("patch: [{op: move, path: /spec/template/a}]", "spec.changes[0].patch[0].op: expected add, replace, remove or t"),
    ("patch: [{op: remove, path: /spec/replicas}]", "spec.changes[0].patch[0].path: expected a JSON pointer below /sp"),
    ("patch: [{op: remove, path: /spec/template}]", "spec.changes[0].patch[0].path: expected a JSON pointer below /sp"),
    ("patch: [{op: add, path: /spec/template/a}]", "spec.changes[0].patch[0]: expected a value with op: add, found no"),
    ("patch: [{op: add, path: /spec/template/a, value: ~}]", "spec.changes[0].patch[0].value: expected a value of JS"),
    ("patch: [{op: remove, path: /spec/template/a, value: b}]", "spec.changes[0].patch[0].value: expected no value wi"),
    ("patch: [{op: add, path: /spec/template/a, value: 0x1f}]", "spec.changes[0].patch[0].value: expected a value of"),
]


@pytest.mark.parametrize(("change", "said"), BAD)
def test_a_wrong_change_is_named_once_and_without_its_value(change: str, said: str) -> None:
    found = problems(HEAD + f"    - {{{change}}}\n" if change != "{}" else text(change))
    assert [problem[: len(f"plan.yaml:10: {said}")] for problem in found] == [f"plan.yaml:10: {said}"]
    assert "hunter" not in str(found)


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        ("env: {name: URL, value: a}", DATABASE % "same", "spec.changes[1].database.env: expected one change of URL"),
        (
            "configMap: {name: c, remove: [a]}",
            "configMap: {name: c, remove: [b]}",
            "spec.changes[1].configMap.name: expected one change of configMap c, found another before",
        ),
        (
            "secret: {name: s, set: {a: {fromStdin: true}}}",
            "secret: {name: t, set: {a: {fromStdin: true}}}",
            "spec.changes[1].secret.set.a.fromStdin: expected fromStdin once, found it again",
        ),
    ],
)
def test_two_changes_of_one_thing_are_refused(one: str, other: str, said: str) -> None:
    (found,) = problems(text(one, other))
    assert found.startswith(f"plan.yaml:11: {said}")


def test_a_dead_man_cannot_stand_beside_a_database_whose_canary_may_not_be_taken_back() -> None:
    (found,) = problems(text(DATABASE % "replica") + "  deadman: {seconds: 300}\n")
    assert found.startswith("plan.yaml:11: spec.deadman: expected no deadman beside pointOfNoReturn: canaryReady")
    assert problems(text(DATABASE % "same") + "  deadman: {seconds: 300}\n") == []
