"""One template, spelled in several ways by the API server: T0 comes back to the letter, or else nobody knows it."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cutover.core.base.documents import digest
from cutover.core.base.redaction import Redactor
from cutover.core.base.secret_text import SecretText
from cutover.core.engine.resume import resumed_spec
from cutover.core.patch.resolve import resolve
from cutover.core.plan.changes import EnvChange, OneContainer
from cutover.core.podtemplate.env_source import FromSecret, LiteralValue
from cutover.core.writes.restore_template import old_template
from cutover.core.writes.run_annotations import Marks
from tests.core.checks.documents import TEMPLATE, changed
from tests.core.engine.stage import BASE, opening, plan
from tests.core.patch.test_resolve import edits
from tests.core.podtemplate.documents import container, literal, template
from tests.core.writes.test_restore_template import marks, replicaset_of

APP = OneContainer("app")
FIELD: dict[str, Any] = {"name": "UID", "valueFrom": {"fieldRef": {"fieldPath": "metadata.uid"}}}
VERSIONED: dict[str, Any] = {"name": "POD", "valueFrom": {"fieldRef": {"apiVersion": "v1", "fieldPath": "spec.node"}}}
LIMIT: dict[str, Any] = {"name": "LIMIT", "valueFrom": {"resourceFieldRef": {"resource": "limits.cpu"}}}
BARE: dict[str, Any] = {"name": "BARE"}
EMPTY = literal("EMPTY", "")


def stored(live: Any) -> Any:
    """The template of T0's ReplicaSet; a quantity that is not given is "0" there (`resource.Quantity` in JSON)."""
    base = replicaset_of(live)
    for entry in base["spec"]["containers"][0].get("env", ()):
        if "resourceFieldRef" in entry.get("valueFrom", {}):
            entry["valueFrom"]["resourceFieldRef"].setdefault("divisor", "0")
    return base


def back(*entries: dict[str, Any], without: tuple[str, ...]) -> tuple[Any, Any, Marks]:
    """T0 of these entries, what is worked out after a plan took some of them out, and the marks."""
    live = template(container("app", *entries))
    wanted = tuple(EnvChange(name, None, APP) for name in without)
    found = edits(*wanted, live=live)
    noted = marks(found, *wanted)
    return live, old_template(found.after, stored(live), noted.edits), noted


@pytest.mark.parametrize("entry", [FIELD, VERSIONED, EMPTY, BARE, literal("A", "1")], ids=lambda entry: entry["name"])
def test_every_entry_alone_comes_back_as_it_was_spelled(entry: dict[str, Any]) -> None:
    live, found, noted = back(entry, without=(entry["name"],))
    assert found == live
    assert digest(found) == noted.before_digest


def test_entries_of_one_spelling_come_back_together() -> None:
    live, found, _ = back(FIELD, EMPTY, literal("A", "1"), without=("UID", "EMPTY", "A"))
    assert found == live


MIXED = {
    "a divisor": ((LIMIT,), ("LIMIT",)),
    "two spellings of a field": ((FIELD, VERSIONED), ("UID", "POD")),
    "an empty string beside a versioned field": ((VERSIONED, EMPTY), ("POD", "EMPTY")),
    "an empty string beside none": ((EMPTY, BARE), ("EMPTY", "BARE")),
}


@pytest.mark.parametrize("case", MIXED)
def test_entries_of_several_spellings_come_back_each_as_it_was(case: str) -> None:
    entries, without = MIXED[case]
    live, found, _ = back(*entries, without=without)
    assert found == live


@pytest.mark.parametrize("case", MIXED)
def test_whatever_the_spelling_what_comes_back_is_typed_the_same(case: str) -> None:
    """No pod would be another one: the ReplicaSet of either is the same."""
    entries, without = MIXED[case]
    live, found, _ = back(*entries, without=without)
    assert stored(found) == stored(live)


def test_a_second_resume_knows_the_template_that_the_first_put_back() -> None:
    live = changed(TEMPLATE, {"spec.containers.0.env": [LIMIT]})
    wanted = EnvChange("LIMIT", LiteralValue(SecretText("1")), APP)
    found = resolve(replace(plan(), changes=(wanted,)), live, Redactor(b"key"))
    noted = marks(found, wanted)
    stage = opening().replicaset(BASE, spec__template=stored(live))

    def order(standing: Any) -> Any:
        snapshot = stage.spec(template=standing).snapshot()
        return resumed_spec(noted, snapshot, owner="bob@laptop/s2", timeout=60.0, follow=False).before

    first = order(found.after)
    assert order(first) == first


NAMES = st.sampled_from(["A", "B", "C", "D", "E"])
HELD = st.one_of(
    st.builds(literal, NAMES, st.sampled_from(["", "1", "planted"])),
    st.builds(lambda name: {**FIELD, "name": name}, NAMES),
    st.builds(
        lambda name, key, optional: {
            "name": name,
            "valueFrom": {"configMapKeyRef": {"name": "c", "key": key, **optional}},
        },
        NAMES,
        st.sampled_from("kl"),
        st.sampled_from([{}, {"optional": True}, {"optional": False}]),
    ),
)
ENVS = st.lists(HELD, unique_by=lambda entry: str(entry["name"]), max_size=5)
TO = st.one_of(
    st.builds(LiteralValue, st.builds(SecretText, st.sampled_from(["", "2"]))),
    st.builds(FromSecret, st.just("s"), st.just("k")),
    st.just(None),
)
PLANS = st.lists(st.builds(EnvChange, NAMES, TO, st.just(APP)), min_size=1, unique_by=lambda change: change.variable)


@settings(max_examples=200, deadline=None)
@given(one=ENVS, other=ENVS, wanted=PLANS)
def test_only_what_was_edited_is_taken_from_the_base(one: list[Any], other: list[Any], wanted: list[EnvChange]) -> None:
    """The base's other leaves say nothing: what the plan did not name stays as it stands."""
    live = template(container("app", *one), container("other", *other))
    found = edits(*wanted, live=live)
    if found.unchanged:
        return
    base = stored(live)
    named = {edit.variable for edit in found.of_variables}
    for entry in base["spec"]["containers"][0].get("env", ()):
        if entry["name"] not in named:
            entry["value"] = "poison"
    base["spec"]["containers"][1] = {"name": "other", "image": "poison", "env": [literal("A", "poison")]}
    assert old_template(found.after, base, marks(found, *wanted).edits) == live
