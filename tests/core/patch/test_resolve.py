"""From a plan and the live template to the edits, their patch, and the way back."""

import copy
import json
from collections.abc import Callable
from typing import Any

import jsonpatch
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cutover.core.base.documents import canonical
from cutover.core.base.errors import CutoverError, RefusedError, StaleError
from cutover.core.base.outcomes import Outcome
from cutover.core.base.redaction import Redactor
from cutover.core.base.secret_text import SecretText
from cutover.core.base.target import Target
from cutover.core.patch import change_kinds
from cutover.core.patch.cross_check import cross_check, cross_check_inverse
from cutover.core.patch.edit import Edits, EnvEdit
from cutover.core.patch.env_changes import env_edits
from cutover.core.patch.json_patch import applied
from cutover.core.patch.planned import ResolveContext
from cutover.core.patch.resolve import resolve
from cutover.core.plan.changes import (
    Change,
    ContainerChoice,
    EnvChange,
    EnvMode,
    EveryContainer,
    ExpectedSource,
    OneContainer,
    PlanPosition,
)
from cutover.core.plan.model import Plan
from cutover.core.podtemplate.containers import containers, env_of
from cutover.core.podtemplate.env_source import EnvSource, FromConfigMap, FromSecret, LiteralValue, Settable
from tests.core.podtemplate.documents import PAYMENTS, config, container, literal, secret, template

REDACTOR = Redactor(b"key")
DB_B = FromSecret("payments-db-b", "url")
DB_A = FromSecret("payments-db-a", "url")
APP = OneContainer("app")
ENV = "/spec/template/spec/containers/0/env"
IS_APP = {"op": "test", "path": "/spec/template/spec/containers/0/name", "value": "app"}


def plan(*changes: Change) -> Plan:
    return Plan("payments-to-pg16", Target("payments", "payments"), changes, "digest")


def edits(*changes: EnvChange, live: Any = PAYMENTS) -> Edits:
    return resolve(plan(*changes), live, REDACTOR)


def test_a_reference_is_replaced_as_a_whole_item_after_a_test_of_the_old_one() -> None:
    found = edits(EnvChange("DATABASE_URL", DB_B, APP))
    old, new = secret("DATABASE_URL", "payments-db-a", "url"), secret("DATABASE_URL", "payments-db-b", "url")
    assert found.edits == (EnvEdit("app", False, "DATABASE_URL", f"{ENV}/0", DB_A, DB_B),)  # noqa: FBT003 -- its order
    assert [edit.pointer for edit in found.edits] == [f"{ENV}/0"]
    assert found.operations == (
        IS_APP,
        {"op": "test", "path": f"{ENV}/0", "value": old},
        {"op": "replace", "path": f"{ENV}/0", "value": new},
    )
    assert found.inverse == (
        {"op": "test", "path": f"{ENV}/0", "value": new},
        {"op": "replace", "path": f"{ENV}/0", "value": old},
        IS_APP,
    )


def test_a_literal_in_place_of_a_reference_leaves_nothing_of_the_reference() -> None:
    found = edits(EnvChange("DATABASE_URL", LiteralValue(SecretText("x")), APP), EnvChange("POOL_SIZE", DB_B, APP))
    env = found.after["spec"]["containers"][0]["env"]
    assert env[0] == {"name": "DATABASE_URL", "value": "x"}
    assert env[2] == secret("POOL_SIZE", "payments-db-b", "url")


def test_a_new_variable_goes_to_the_end_and_a_list_is_begun_where_there_is_none() -> None:
    live = template(container("app"), container("proxy", literal("A", "1")))
    found = edits(EnvChange("X", LiteralValue(SecretText("1")), EveryContainer()), live=live)
    proxy = ENV.replace("containers/0", "containers/1")
    assert found.operations == (
        IS_APP,
        {"op": "add", "path": ENV, "value": []},
        {"op": "add", "path": f"{ENV}/0", "value": literal("X", "1")},
        {"op": "test", "path": "/spec/template/spec/containers/1/name", "value": "proxy"},
        {"op": "add", "path": f"{proxy}/1", "value": literal("X", "1")},
    )
    assert [edit.pointer for edit in found.edits] == [f"{ENV}/0", f"{proxy}/1"]


def test_several_edits_of_one_list_use_the_indices_that_hold_when_they_apply() -> None:
    live = template(container("app", *(literal(name, name.lower()) for name in "ABCDE")))
    wanted = [
        EnvChange("F", LiteralValue(SecretText("f")), APP),
        EnvChange("A", None, APP),
        EnvChange("D", None, APP),
        EnvChange("E", LiteralValue(SecretText("new")), APP),
        EnvChange("G", LiteralValue(SecretText("g")), APP),
    ]
    found = edits(*wanted, live=live)
    assert [(operation["op"], operation["path"].removeprefix(ENV)) for operation in found.operations[1:]] == [
        ("test", "/4"),
        ("replace", "/4"),
        ("test", "/3"),
        ("remove", "/3"),
        ("test", "/0"),
        ("remove", "/0"),
        ("add", "/3"),
        ("add", "/4"),
    ]
    names = [entry["name"] for entry in found.after["spec"]["containers"][0]["env"]]
    assert names == ["B", "C", "E", "F", "G"]


def test_the_pointer_of_an_edit_is_its_place_in_t1_or_in_t0_where_it_is_removed() -> None:
    found = edits(EnvChange("DATABASE_URL", None, APP), EnvChange("POOL_SIZE", LiteralValue(SecretText("20")), APP))
    assert {edit.variable: edit.pointer for edit in found.of_variables} == {
        "DATABASE_URL": f"{ENV}/0",
        "POOL_SIZE": f"{ENV}/1",
    }
    assert [entry["name"] for entry in found.after["spec"]["containers"][0]["env"]][1] == "POOL_SIZE"


@pytest.mark.parametrize(
    "change",
    [
        EnvChange("DATABASE_URL", DB_A, APP),
        EnvChange("DATABASE_URL", DB_A, APP, expects=ExpectedSource(DB_B)),
        EnvChange("DATABASE_URL", DB_A, APP, mode=EnvMode.ADD),
        EnvChange("NOBODY", None, EveryContainer()),
        EnvChange("POOL_SIZE", LiteralValue(SecretText("10")), APP),
    ],
)
def test_what_is_there_already_needs_no_edit_so_that_a_plan_can_be_applied_twice(change: EnvChange) -> None:
    found = edits(change)
    assert found.unchanged
    assert (found.edits, found.operations, found.inverse, found.after) == ((), (), (), PAYMENTS)


def test_a_reference_that_becomes_optional_is_an_edit() -> None:
    assert not edits(EnvChange("DATABASE_URL", FromSecret("payments-db-a", "url", optional=True), APP)).unchanged


def test_every_container_means_init_containers_too() -> None:
    found = edits(EnvChange("DATABASE_URL", DB_B, EveryContainer()))
    assert [(edit.container, edit.init) for edit in found.of_variables] == [
        ("app", False),
        ("proxy", False),
        ("migrate", True),
    ]


def test_an_init_container_can_be_named() -> None:
    (edit,) = edits(EnvChange("DATABASE_URL", DB_B, OneContainer("migrate"), expects=ExpectedSource(DB_A))).edits
    assert edit.pointer == "/spec/template/spec/initContainers/0/env/0"


def test_the_only_container_needs_no_name() -> None:
    (edit,) = edits(EnvChange("A", DB_B), live=template(container("app", literal("A", "1")))).edits
    assert edit.containers == ("app",)


TWICE = template(container("app", literal("A", "1"), literal("A", "2")))
IN_PLAN = EnvChange("A", DB_B, OneContainer("web"), at=PlanPosition("plan.yaml", 9, "spec.changes[0].env"))
NOBODY = """\
plan.yaml:9: spec.changes[0].env.container: C012: expected a container "web" in the Rollout's template, \
found app, proxy, migrate (init)
  → set container to one of: app, proxy, migrate (init)"""
SEVERAL = """\
container: C013: expected exactly one container, found 3: app, proxy, migrate (init)
  → set container to one of: app, proxy, migrate (init); or set allContainers: true"""
NONE_AT_ALL = """\
container: C012: expected containers in the Rollout's template, found none
  → put a pod template into the Rollout's spec"""
DUPLICATES = """\
name: C014: expected A at most once in the env of container app, found it 2 times; the last one wins
  → remove the entries without effect from the Rollout first"""
REFUSALS = [
    (IN_PLAN, PAYMENTS, NOBODY),
    (EnvChange("A", DB_B), PAYMENTS, SEVERAL),
    (EnvChange("A", DB_B, EveryContainer()), {}, NONE_AT_ALL),
    (EnvChange("A", DB_B), TWICE, DUPLICATES),
]


@pytest.mark.parametrize(("change", "live", "said"), REFUSALS)
def test_what_cannot_be_resolved_is_refused_with_its_code(change: EnvChange, live: Any, said: str) -> None:
    with pytest.raises(RefusedError) as caught:
        edits(change, live=live)
    assert str(caught.value) == said
    assert caught.value.outcome is Outcome.REFUSED


LOOK = "\n  → look at what changed it (cutover diff shows the live values), then correct the plan"
STALE: list[tuple[EnvChange, str]] = [
    (
        EnvChange("DATABASE_URL", DB_B, APP, expects=ExpectedSource(FromSecret("payments-db-c", "url"))),
        "from: expected DATABASE_URL in container app to be secret payments-db-c/url, found secret payments-db-a/url",
    ),
    (
        EnvChange(
            "POOL_SIZE", LiteralValue(SecretText("20")), APP, expects=ExpectedSource(LiteralValue(SecretText("15")))
        ),
        'from: expected POOL_SIZE in container app to be "15", found "10"',
    ),
    (
        EnvChange("POOL_SIZE", LiteralValue(SecretText("20")), APP, expects=ExpectedSource(None)),
        'from: expected POOL_SIZE in container app to be absent, found "10"',
    ),
    (
        EnvChange("NEW", LiteralValue(SecretText("20")), APP, expects=ExpectedSource(LiteralValue(SecretText("15")))),
        'from: expected NEW in container app to be "15", found absent',
    ),
    (
        EnvChange("NEW", DB_B, APP, mode=EnvMode.REPLACE),
        "mode: expected NEW in container app to exist (mode: replace), found absent",
    ),
    (
        EnvChange("POD_NAME", DB_B, APP, mode=EnvMode.ADD),
        "mode: expected POD_NAME in container app not to exist (mode: add), found fieldRef metadata.name",
    ),
]


@pytest.mark.parametrize(("change", "said"), STALE)
def test_a_live_value_that_is_not_the_expected_one_is_stale(change: EnvChange, said: str) -> None:
    with pytest.raises(StaleError) as caught:
        edits(change)
    assert str(caught.value) == said + LOOK
    assert caught.value.outcome is Outcome.STALE


def test_all_problems_are_said_at_once_and_a_refusal_decides_the_ending() -> None:
    with pytest.raises(RefusedError) as caught:
        edits(STALE[0][0], EnvChange("A", DB_B, OneContainer("web")), STALE[1][0])
    assert [problem.path for problem in caught.value.problems] == ["from", "container", "from"]


def test_no_message_shows_a_credential() -> None:
    live = template(container("app", literal("DB_PASSWORD", "hunter2"), literal("URL", "postgres://a:hunter3@h/d")))
    with pytest.raises(StaleError) as caught:
        edits(
            EnvChange("DB_PASSWORD", DB_B, expects=ExpectedSource(LiteralValue(SecretText("hunter1")))),
            EnvChange("URL", DB_B, expects=ExpectedSource(LiteralValue(SecretText("postgres://a:hunter4@h/d")))),
            live=live,
        )
    assert "hunter" not in str(caught.value)
    assert "postgres://a:" in str(caught.value)


# Laws, over any template and any plan.

NAMES = st.sampled_from(["A", "B", "C", "D", "$(A)", "a/b~c"])
VALUES = st.sampled_from(["", "1", "x", "$(B)", "postgres://u:p@h/d"])
ENTRIES = st.one_of(
    st.builds(literal, NAMES, VALUES),
    st.builds(secret, NAMES, st.sampled_from("st"), st.sampled_from("kl")),
    st.builds(config, NAMES, st.sampled_from("cd"), st.sampled_from("kl"), optional=st.booleans()),
    st.builds(lambda name: {"name": name}, NAMES),
    st.builds(lambda name: {"name": name, "valueFrom": {"fieldRef": {"fieldPath": "metadata.uid"}}}, NAMES),
)
ENVS = st.lists(ENTRIES, unique_by=lambda entry: entry["name"], max_size=5)
HELD = st.builds(
    lambda env, more: {**more, "env": env}, ENVS, st.sampled_from([{}, {"args": ["$(A)"]}])
) | st.sampled_from([{}, {"env": None}, {"env": []}])
TEMPLATES = st.builds(
    lambda one, two, init: template({"name": "one", **one}, {"name": "two", **two}, init=({"name": "init", **init},)),
    HELD,
    HELD,
    HELD,
)
WHERE: st.SearchStrategy[ContainerChoice] = st.sampled_from(
    [OneContainer("one"), OneContainer("two"), OneContainer("init")]
)
TARGETS: st.SearchStrategy[Settable | None] = st.one_of(
    st.builds(LiteralValue, st.builds(SecretText, VALUES)),
    st.builds(FromSecret, st.sampled_from("st"), st.sampled_from("kl"), st.booleans()),
    st.builds(FromConfigMap, st.sampled_from("cd"), st.sampled_from("kl")),
    st.just(None),
)
CHANGES = st.lists(
    st.builds(EnvChange, NAMES, TARGETS, WHERE), min_size=1, max_size=8, unique_by=lambda c: (c.variable, c.container)
)
EVERYWHERE = st.lists(
    st.builds(EnvChange, NAMES, TARGETS, st.just(EveryContainer())),
    min_size=1,
    max_size=4,
    unique_by=lambda c: c.variable,
)
LAW = settings(deadline=None, max_examples=100)


@LAW
@given(live=TEMPLATES, wanted=CHANGES | EVERYWHERE)
def test_patch_then_inverse_is_the_identity(live: Any, wanted: list[EnvChange]) -> None:
    untouched = copy.deepcopy(live)
    found = edits(*wanted, live=live)
    rollout = json.loads(json.dumps({"spec": {"template": live, "replicas": 4}}))  # as read: no part stands twice
    there = jsonpatch.apply_patch(rollout, [dict(operation) for operation in found.operations])
    back = jsonpatch.apply_patch(there, [dict(operation) for operation in found.inverse])
    assert canonical(there["spec"]["template"]) == canonical(found.after)
    assert canonical(back) == canonical(rollout)
    assert canonical(live) == canonical(found.before) == canonical(untouched)


@LAW
@given(live=TEMPLATES, wanted=CHANGES | EVERYWHERE)
def test_only_the_named_leaves_differ_and_they_are_what_the_plan_wants(live: Any, wanted: list[EnvChange]) -> None:
    found = edits(*wanted, live=live)
    for change in wanted:
        names = [change.container] if change.container else ["one", "two", "init"]
        assert all(env_of(found.after, name, change.variable) == change.to for name in names)
    assert _leaves(found.after) == {**_leaves(live), **{(e.container, e.variable): e.after for e in found.of_variables}}
    assert _stripped(found.after) == _stripped(live)


@LAW
@given(live=TEMPLATES, wanted=CHANGES | EVERYWHERE)
def test_the_plan_applied_to_its_own_result_changes_nothing(live: Any, wanted: list[EnvChange]) -> None:
    assert edits(*wanted, live=edits(*wanted, live=live).after).unchanged


@LAW
@given(live=TEMPLATES, wanted=CHANGES)
def test_a_patch_on_a_template_that_moved_is_refused_by_its_own_tests(live: Any, wanted: list[EnvChange]) -> None:
    found = edits(*wanted, live=live)
    moved = copy.deepcopy(live)
    moved["spec"]["containers"].reverse()
    if any(not edit.init for edit in found.of_variables):
        with pytest.raises(jsonpatch.JsonPatchTestFailed):
            applied(moved, found.operations)


def _leaves(live: Any) -> dict[tuple[str, str], EnvSource | None]:
    found = {(held.name, entry.name): entry.source for held in containers(live) for entry in held.env}
    return {**{(name, variable): None for name in ("one", "two", "init") for variable in NAMES_SEEN}, **found}


NAMES_SEEN = ("A", "B", "C", "D", "$(A)", "a/b~c")


def _stripped(live: Any) -> Any:
    """The template without any env."""
    bare = copy.deepcopy(live)
    for listed in ("containers", "initContainers"):
        for held in bare["spec"][listed]:
            held.pop("env", None)
    return bare


def test_parts_that_are_one_object_in_memory_do_not_change_together() -> None:
    env: list[Any] = []
    live = template({"name": "one", "env": env}, {"name": "two", "env": env})
    found = edits(EnvChange("A", LiteralValue(SecretText("1")), OneContainer("one")), live=live)
    assert found.after["spec"]["containers"] == [
        {"name": "one", "env": [literal("A", "1")]},
        {"name": "two", "env": []},
    ]


def test_variables_without_a_name_in_common_are_still_compared_one_by_one() -> None:
    live = template(container("app", literal("A", "1")))
    wanted = [EnvChange("A", None), *(EnvChange(name, LiteralValue(SecretText(name))) for name in ("B", "C", "D"))]
    assert len(edits(*wanted, live=live).edits) == 4


# The proof, attacked: what it would say of a patch that is not what it should be.


WANTED = (
    EnvChange("DATABASE_URL", DB_B, APP),
    EnvChange("OLD_FLAG", None, APP),
    EnvChange("POOL_SIZE", LiteralValue(SecretText("20")), APP),
    EnvChange("NEW", LiteralValue(SecretText("1")), APP),
)
PLANNED = tuple(
    edit
    for change in WANTED
    for edit in env_edits(change, ResolveContext(PAYMENTS, REDACTOR))
    if isinstance(edit, EnvEdit)
)
T1 = edits(*WANTED).after
"""The env of its first container: DATABASE_URL, POOL_SIZE, POD_NAME, NEW."""


def _with(change: Callable[[Any], object], template: Any = T1) -> Any:
    """T1 after a change of its list of containers."""
    altered = copy.deepcopy(template)
    change(altered["spec"]["containers"])
    return altered


ALTERED: dict[str, tuple[Any, str]] = {
    "nothing is made": (PAYMENTS, "the patch does not set DATABASE_URL in container app"),
    "a reference stays": (
        _with(lambda c: c[0]["env"].__setitem__(0, secret("DATABASE_URL", "payments-db-a", "url"))),
        "the patch does not set DATABASE_URL in container app",
    ),
    "a removed variable stays": (
        _with(lambda c: c[0]["env"].insert(1, literal("OLD_FLAG", "1"))),
        "the patch does not set OLD_FLAG in container app",
    ),
    "a new variable is left out": (
        _with(lambda c: c[0]["env"].pop()),
        "the patch does not set NEW in container app",
    ),
    "a variable has another value": (
        _with(lambda c: c[0]["env"][1].update(value="30")),
        "the patch does not set POOL_SIZE in container app",
    ),
    "another field of the container": (
        _with(lambda c: c[0].update(image="app:2")),
        "the patch also changes spec.containers[app].image",
    ),
    "another variable of the container": (
        _with(lambda c: c[0]["env"][2]["valueFrom"]["fieldRef"].update(fieldPath="metadata.uid")),
        "the patch also changes spec.containers[app].env[POD_NAME].valueFrom.fieldRef.fieldPath",
    ),
    "a variable of another container": (
        _with(lambda c: c[1]["env"][0].update(value="2")),
        "the patch also changes spec.containers[proxy].env[OLD_FLAG].value",
    ),
    "one more variable": (
        _with(lambda c: c[0]["env"].append(literal("MORE", "1"))),
        "the patch also changes spec.containers[app].env[MORE]",
    ),
    "the order of env": (
        _with(lambda c: c[0]["env"].reverse()),
        "the patch changes the order of env in container app",
    ),
    "the order of containers": (
        _with(lambda c: c.reverse()),
        "the patch also changes spec.containers\n",
    ),
}


@pytest.mark.parametrize(("after", "said"), ALTERED.values(), ids=ALTERED)
def test_a_patch_that_does_not_do_what_it_says_is_found_out(after: Any, said: str) -> None:
    with pytest.raises(CutoverError) as caught:
        cross_check(PLANNED, PAYMENTS, after)
    assert caught.value.outcome is Outcome.ERROR
    assert str(caught.value).startswith(f"a bug in cutover: {said}")


def test_an_edit_planned_for_another_template_is_found_out() -> None:
    other = _with(lambda c: c[0]["env"][2].update(value="15"), PAYMENTS)
    with pytest.raises(CutoverError, match="the patch does not set POOL_SIZE in container app"):
        cross_check(PLANNED, other, T1)


def test_a_patch_that_does_what_it_says_is_proven() -> None:
    cross_check(PLANNED, PAYMENTS, T1)
    assert set(edits(*WANTED).edits) == set(PLANNED)


def test_a_way_back_that_leads_elsewhere_is_found_out() -> None:
    cross_check_inverse(PAYMENTS, PAYMENTS)
    with pytest.raises(CutoverError, match="the inverse of the patch does not lead back to the live template"):
        cross_check_inverse(PAYMENTS, {})


def test_the_kinds_of_change_are_those_in_the_folder() -> None:
    assert [kind.name for kind in change_kinds.ALL] == ["env", "configMap", "secret", "database", "oidc", "patch"]
