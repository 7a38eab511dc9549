"""Whatever differs between T0 and T1 is one of the reviewed edits, and deepdiff, not our own comparison, says so."""

import copy
import json
import time
from dataclasses import replace
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cutover.core.base.errors import CutoverError
from cutover.core.patch.edit import Edits, edits_between
from cutover.core.patch.edits_proof import ChangedLeaf, changed_leaves, prove_edits
from tests.core.patch.test_resolve import CHANGES, EVERYWHERE, TEMPLATES, edits
from tests.core.podtemplate.documents import container, literal, secret, template

LAW: Final = settings(deadline=None, max_examples=100)
PLANTED: Final = "planted-pass-9"


def edits_from(before: Any, after: Any) -> Edits:
    return Edits(edits_between(before, after), (), (), before, after)


def fault(found: Edits) -> str:
    with pytest.raises(CutoverError) as caught:
        prove_edits(found)
    return caught.value.problems[0].message


# -- laws --------------------------------------------------------------------------------------------------------------


@LAW
@given(live=TEMPLATES, wanted=CHANGES | EVERYWHERE)
def test_what_a_plan_of_variables_changes_is_proven(live: Any, wanted: Any) -> None:
    prove_edits(edits(*wanted, live=live))


SCALARS: Final = st.none() | st.booleans() | st.integers(0, 3) | st.sampled_from(["", "x", "1"])
NAMED: Final = st.lists(
    st.fixed_dictionaries({"name": st.sampled_from("abcd")}, optional={"v": SCALARS, "w": st.lists(SCALARS)}),
    max_size=4,
    unique_by=lambda item: str(item["name"]),
)
ANY: Final = st.recursive(
    SCALARS | NAMED,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "b", "env", "name"]), inner),
    max_leaves=8,
)
SPECS: Final = st.dictionaries(st.sampled_from(["volumes", "affinity", "hostNetwork", "x"]), ANY)


@settings(deadline=None, max_examples=100)
@given(before=SPECS, after=SPECS)
def test_between_any_two_templates_our_own_edits_are_proven(before: Any, after: Any) -> None:
    prove_edits(edits_from({"spec": before}, {"spec": after}))


@settings(deadline=None, max_examples=100)
@given(before=SPECS, after=SPECS, data=st.data())
def test_an_edit_that_our_own_comparison_loses_is_caught(before: Any, after: Any, data: st.DataObject) -> None:
    found = edits_from({"spec": before}, {"spec": after})
    if not found.edits:
        return
    lost = data.draw(st.sampled_from(found.edits))
    left = replace(found, edits=tuple(edit for edit in found.edits if edit is not lost))
    leaves = changed_leaves(found.before, found.after)
    alone = any(leaf.is_in(lost.place) and not any(map(leaf.is_in, left.places)) for leaf in leaves)
    if alone:
        assert "differs, and no edit says so" in fault(left)
    else:  # only a part of a list that is not looked into, of which another edit speaks
        assert any(leaf.whole and leaf.is_in(lost.place) for leaf in leaves)


@LAW
@given(live=TEMPLATES, wanted=CHANGES)
def test_a_lost_edit_of_a_variable_is_always_caught(live: Any, wanted: Any) -> None:
    found = edits(*wanted, live=live)
    for lost in found.edits:
        left = replace(found, edits=tuple(edit for edit in found.edits if edit is not lost))
        assert "differs, and no edit says so" in fault(left)


@given(live=TEMPLATES)
def test_a_template_does_not_differ_from_itself(live: Any) -> None:
    assert changed_leaves(live, json.loads(json.dumps(live))) == ()


# -- one by one --------------------------------------------------------------------------------------------------------


LIVE: Final = template(
    container("app", literal("A", "1"), secret("B", "s", "k"), literal("C", "3")), container("proxy", literal("A", "1"))
)
ENV: Final = ("spec", "containers", "app", "env")


def changed(change: Any) -> Any:
    document: Any = copy.deepcopy(LIVE)
    change(document["spec"]["containers"][0]["env"])
    return document


MOVES: Final = {
    "a value": (lambda env: env[0].update(value=PLANTED), [ChangedLeaf((*ENV, "A", "value"))]),
    "a removal in the middle": (
        lambda env: env.pop(1),
        [
            ChangedLeaf((*ENV, "B", "name")),
            ChangedLeaf((*ENV, "B", "valueFrom", "secretKeyRef", "name")),
            ChangedLeaf((*ENV, "B", "valueFrom", "secretKeyRef", "key")),
        ],
    ),
    "another order": (lambda env: env.reverse(), [ChangedLeaf(ENV, whole=True)]),
    "a number for a text": (lambda env: env[0].update(value=1), [ChangedLeaf((*ENV, "A", "value"))]),
    "true for one": (lambda env: env[2].update(value=True), [ChangedLeaf((*ENV, "C", "value"))]),
}


@pytest.mark.parametrize(("change", "leaves"), MOVES.values(), ids=MOVES)
def test_a_change_is_found_by_name_and_order(change: Any, leaves: list[ChangedLeaf]) -> None:
    assert sorted(changed_leaves(LIVE, changed(change)), key=str) == sorted(leaves, key=str)


def test_a_change_that_no_edit_names_is_a_bug_and_its_value_is_not_shown() -> None:
    found = edits_from(LIVE, changed(lambda env: env[0].update(value=PLANTED)))
    assert fault(replace(found, edits=())) == (
        "a bug in cutover: spec.containers[app].env[A].value differs, and no edit says so"
    )


def test_an_edit_of_what_does_not_differ_is_a_bug() -> None:
    found = edits_from(LIVE, changed(lambda env: env[0].update(value="2")))
    assert fault(replace(found, after=LIVE)) == (
        "a bug in cutover: an edit is about spec.containers[app].env[A], which does not differ"
    )


@pytest.mark.uncovered
def test_a_template_of_a_megabyte_is_proven_in_seconds() -> None:
    env = [literal(f"V{number}", f"{number} " + "x" * 200) for number in range(4500)]
    before = template(container("app", *env))
    after: Any = copy.deepcopy(before)
    after["spec"]["containers"][0]["env"][2000]["value"] = "new"
    assert len(json.dumps(before)) > 1_000_000
    began = time.monotonic()
    prove_edits(edits_from(before, after))
    assert time.monotonic() - began < 30
