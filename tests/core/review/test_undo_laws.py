"""The law of an undo: whatever a run has changed, the plan leads to the template that stood there before."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cutover.core.base.errors import CutoverError
from cutover.core.patch.edit import edits_between
from cutover.core.patch.resolve import resolve
from cutover.core.review.undo_changes import changes_back
from cutover.core.review.undo_plan import undo_plan
from tests.core.podtemplate.documents import config, container, literal, secret, template
from tests.core.review.documents import CONTAINER, ENV, REDACTOR, ground, kept
from tests.sampling import WHOLE

NAMES = st.sampled_from(["A", "B", "C", "D e", "x/y~z"])
WORDS = st.sampled_from(["", "1", "on", "x: y", "# no\ncomment", "é✓\U0001f600", '"', "null", "~"])
ENTRIES = st.one_of(
    st.builds(literal, NAMES, WORDS),
    st.builds(secret, NAMES, st.sampled_from("st"), st.sampled_from("kl")),
    st.builds(config, NAMES, st.sampled_from("cd"), st.sampled_from("kl"), optional=st.just(value=True)),
    st.builds(lambda name: {"name": name, "valueFrom": {"fieldRef": {"fieldPath": "metadata.uid"}}}, NAMES),
)
SCALARS = WORDS | st.booleans() | st.integers(-(10**18), 10**18) | st.floats(-1e9, 1e9).map(lambda x: round(x, 3))
LIMITS = st.dictionaries(st.sampled_from(["cpu", "memory"]), st.sampled_from(["1", "500m", "256Mi"]))
MORE = st.fixed_dictionaries(
    {},
    optional={
        "args": st.lists(WORDS, max_size=3),
        "resources": st.fixed_dictionaries({}, optional={"limits": LIMITS}),
        "odd": st.dictionaries(st.sampled_from(["a", "1", "on", "x/y~z"]), SCALARS | st.lists(SCALARS), max_size=3),
    },
)
VOLUMES = st.lists(
    st.builds(lambda name, of: {"name": name, **of}, NAMES, MORE), unique_by=lambda each: each["name"], max_size=3
)
ENVS = st.lists(ENTRIES, unique_by=lambda entry: entry["name"], max_size=4)


def _held(name: str) -> st.SearchStrategy[dict[str, Any]]:
    return st.builds(lambda env, more: container(name, *env, **more), ENVS, MORE)


TEMPLATES = st.builds(
    lambda one, others, more: template(one, *others, **more),
    _held("one"),
    st.just(()) | st.tuples(_held("two")),
    st.fixed_dictionaries({}, optional={"volumes": VOLUMES, "hostNetwork": st.booleans()}),
)


def told(found: Any) -> Any:
    """A template in which the order of the variables says nothing, nor whether an empty list of them is there."""
    spec = found["spec"]
    held = [{**each, "env": sorted(each.get("env", ()), key=str)} for each in spec["containers"]]
    return {**found, "spec": {**spec, "containers": held}}


@settings(deadline=None, max_examples=200 if WHOLE else 80)
@given(before=TEMPLATES, after=TEMPLATES)
def test_the_plan_leads_to_what_stood_there(before: Any, after: Any) -> None:
    places = tuple(edit.place for edit in edits_between(before, after))
    if not places:
        return
    made = undo_plan(kept(*places), ground(before, after), REDACTOR, "undo.yaml")
    assert told(resolve(made.plan, after, REDACTOR).after) == told(before)


def test_a_plan_that_would_not_lead_back_is_a_bug_and_not_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    before, after = (
        template(container("app", literal("A", value), resources={"limits": {"cpu": value}})) for value in ("1", "2")
    )
    monkeypatch.setattr("cutover.core.review.undo_plan.changes_back", lambda *given: changes_back(*given)[:1])
    with pytest.raises(CutoverError, match=r"a bug in cutover: .* at spec.containers\[app\].resources.limits.cpu"):
        undo_plan(kept((*ENV, "A"), (*CONTAINER, "resources", "limits", "cpu")), ground(before, after), REDACTOR, "")
