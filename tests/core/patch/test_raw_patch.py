"""Operations that a plan spells out itself: what they make, what they show, and the way back."""

import copy
import json
from typing import Any

import jsonpatch
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cutover.core.base.documents import canonical
from cutover.core.base.errors import CutoverError, RefusedError, StaleError
from cutover.core.base.redaction import Redactor
from cutover.core.base.secret_text import SecretText
from cutover.core.base.target import Target
from cutover.core.patch.cross_check import cross_check
from cutover.core.patch.edit import Edits
from cutover.core.patch.planned import RawPatch
from cutover.core.patch.resolve import resolve
from cutover.core.plan.changes import (
    Change,
    EnvChange,
    ExpectedSource,
    OneContainer,
    PatchChange,
    PatchOperation,
    PlanPosition,
)
from cutover.core.plan.model import Plan
from cutover.core.podtemplate.env_source import LiteralValue
from cutover.core.review.describe import Meaning, describe_edit
from cutover.core.writes.restore_template import old_template
from tests.core.podtemplate.documents import PAYMENTS, container, literal, template
from tests.core.writes.test_restore_template import marks, replicaset_of

REDACTOR = Redactor(b"key")
APP, PROXY = "/spec/template/spec/containers/0", "/spec/template/spec/containers/1"
AT = PlanPosition("plan.yaml", 11, "spec.changes[0].patch[0]")
LIMITS = {"limits": {"memory": "256Mi", "cpu": "500m"}}
LIVE = template(
    container("app", literal("A", "1"), literal("B", "2"), resources=LIMITS, args=["--fast", "--token", "hunter1"]),
    container("proxy", volumeMounts=[{"name": "cache", "mountPath": "/cache"}]),
    volumes=[{"name": "cache", "emptyDir": {}}],
)


def op(kind: str, path: str, *value: Any) -> PatchOperation:
    return PatchOperation(kind, path, value, AT)


def edits(*changes: Change | PatchOperation, live: Any = LIVE) -> Edits:
    """The edits of a plan; operations alone are one change each."""
    whole = tuple(PatchChange((each,)) if isinstance(each, PatchOperation) else each for each in changes)
    plan = Plan("payments-memory", Target("payments", "payments"), whole, "digest")
    return resolve(plan, live, REDACTOR)


def told(found: Edits) -> list[tuple[str, str, str, str, str]]:
    entries = [describe_edit(edit, REDACTOR) for edit in found.edits]
    return [(each.meaning.value, each.home, each.name, each.before, each.after) for each in entries]


MEMORY = op("replace", f"{APP}/resources/limits/memory", "512Mi")


@pytest.mark.parametrize(
    "operation", [op("remove", f"{APP}/name"), op("replace", f"{PROXY}/name", "app")], ids=["no name", "twice"]
)
def test_a_patch_that_takes_a_container_its_own_name_is_refused_and_no_defect(operation: PatchOperation) -> None:
    after = EnvChange("C", LiteralValue(SecretText("3")), OneContainer("proxy"))
    for changes in ((operation,), (operation, after)):
        with pytest.raises(RefusedError) as refused:
            edits(*changes)
        assert refused.value.problems[0].code == "C076"
        assert refused.value.problems[0].remedy == "correct the plan: a patch of it leaves the containers so"


def test_the_operations_go_to_the_api_server_as_the_plan_has_them() -> None:
    found = edits(PatchChange((op("test", f"{APP}/name", "app"), MEMORY)))
    assert found.operations == (
        {"op": "test", "path": f"{APP}/name", "value": "app"},
        {"op": "replace", "path": f"{APP}/resources/limits/memory", "value": "512Mi"},
    )
    assert found.after["spec"]["containers"][0]["resources"]["limits"]["memory"] == "512Mi"
    assert found.containers == {"app"}


@pytest.mark.parametrize(
    ("operation", "shown"),
    [
        (MEMORY, ("Other fields", "app", "resources.limits.memory", '"256Mi"', '"512Mi"')),
        (op("remove", f"{APP}/resources"), ("Other fields", "app", "resources", json.dumps(LIMITS), "absent")),
        (op("add", f"{APP}/tty", True), ("Other fields", "app", "tty", "absent", "true")),  # noqa: FBT003 -- JSON
        (
            op("add", f"{APP}/args/-", "--slow"),
            ("Other fields", "app", "args", '["--fast", "--token", "<masked-78c65f>"]', "…"),
        ),
        (
            op("replace", f"{APP}/args/2", "hunter2"),
            ("Other fields", "app", "args", '["--fast", "--token", "<masked-78c65f>"]', "…"),
        ),
        (
            op("add", "/spec/template/metadata/annotations", {"a/b": "c"}),
            ("Other fields", "pod", "metadata.annotations", "absent", '{"a/b": "c"}'),
        ),
        (
            op("replace", "/spec/template/spec/volumes/0", {"name": "cache", "emptyDir": {"medium": "Memory"}}),
            ("Other fields", "pod", "spec.volumes[cache].emptyDir.medium", "absent", '"Memory"'),
        ),
        (op("replace", f"{APP}/env/0/value", "9"), ("Environment", "app", "A", '"1"', '"9"')),
        (op("remove", f"{APP}/env/0"), ("Environment", "app", "A", '"1"', "absent")),
        (
            op("add", "/spec/template/spec/containers/1/env", [literal("X", "1")]),
            ("Environment", "proxy", "X", "absent", '"1"'),
        ),
    ],
)
def test_what_they_change_is_shown_by_its_place(operation: PatchOperation, shown: tuple[str, ...]) -> None:
    (found,) = told(edits(operation))
    assert found[:4] == shown[:4]
    assert shown[4] in {found[4], "…"}
    assert "hunter" not in str(found)


def test_containers_that_a_volume_is_mounted_in_count_as_changed() -> None:
    found = edits(op("add", "/spec/template/spec/volumes/0/emptyDir/medium", "Memory"))
    assert found.containers == {"proxy"}
    assert edits(op("add", "/spec/template/spec/hostNetwork", True)).containers == {"app", "proxy"}  # noqa: FBT003 -- JSON


def test_variables_are_worked_out_on_what_a_patch_makes() -> None:
    variable = EnvChange(
        "A", LiteralValue(SecretText("7")), OneContainer("app"), expects=ExpectedSource(LiteralValue(SecretText("9")))
    )
    found = edits(variable, op("replace", f"{APP}/env/0/value", "9"))
    assert told(found) == [("Environment", "app", "A", '"1"', '"7"')]


@pytest.mark.parametrize(
    "operations",
    [
        (MEMORY,),
        (op("add", f"{APP}/args/-", "--slow"),),
        (op("remove", f"{APP}/resources"),),
        (op("add", f"{APP}/tty", True),),  # noqa: FBT003 -- JSON
        (op("test", f"{APP}/resources/limits/memory", "256Mi"), MEMORY),
    ],
)
def test_a_change_that_is_carried_out_already_changes_nothing_whatever_it_tests(
    operations: tuple[PatchOperation, ...],
) -> None:
    change = PatchChange(operations)
    once = edits(change)
    assert not once.unchanged
    assert edits(change, live=once.after).unchanged


def test_a_value_that_stands_there_in_the_controllers_spelling_is_there_already() -> None:
    wanted = {"limits": {"cpu": "1000m", "memory": "1024Mi"}, "claims": []}
    live = template(container("app", resources={"limits": {"cpu": "1", "memory": "1Gi"}}))
    assert edits(op("add", f"{APP}/resources", wanted), live=live).unchanged
    assert edits(op("add", f"{APP}/resources/limits/cpu", 1), live=live).unchanged
    assert not edits(op("add", f"{APP}/resources/limits/cpu", 2), live=live).unchanged


@pytest.mark.parametrize(
    ("operation", "said"),
    [
        (op("remove", f"{APP}/a/b"), f"expected something at {APP}/a/b, found nothing"),
        (op("remove", f"{APP}/args/-"), f"expected something at {APP}/args/-, found nothing"),
        (op("replace", f"{APP}/nothing", 1), f"expected something at {APP}/nothing, found nothing"),
        (op("add", f"{APP}/a/b", 1), f"expected a place to add to around {APP}/a/b, found nothing"),
        (op("test", f"{APP}/name", "web"), f"expected what the plan says at {APP}/name, found something else"),
        (op("add", f"{APP}/args/9", "x"), f"expected a place to add to around {APP}/args/9, found nothing"),
    ],
)
def test_an_operation_that_does_not_fit_is_stale_at_its_place(operation: PatchOperation, said: str) -> None:
    with pytest.raises(StaleError) as caught:
        edits(PatchChange((operation, op("add", f"{APP}/tty", True))))  # noqa: FBT003 -- JSON
    assert str(caught.value).startswith(f"plan.yaml:11: spec.changes[0].patch[0]: {said}\n")


def test_a_patch_that_reaches_past_its_operations_is_found_out() -> None:
    after = copy.deepcopy(LIVE)
    after["spec"]["containers"][0]["resources"]["limits"]["memory"] = "512Mi"
    amendment = RawPatch(({"op": "replace", "path": f"{APP}/resources/limits/memory", "value": "512Mi"},))
    cross_check((amendment,), LIVE, after)
    after["spec"]["containers"][1]["image"] = "other"
    with pytest.raises(CutoverError, match=r"the patch also changes spec.containers\[proxy\].image"):
        cross_check((amendment,), LIVE, after)


def test_an_operation_on_one_container_claims_nothing_of_another() -> None:
    after = copy.deepcopy(LIVE)
    after["spec"]["containers"][0]["args"][0] = "--slow"
    amendment = RawPatch(({"op": "replace", "path": f"{APP}/args/0", "value": "--slow"},))
    cross_check((amendment,), LIVE, after)
    after["spec"]["containers"][1]["image"] = "other"
    with pytest.raises(CutoverError, match=r"the patch also changes spec.containers\[proxy\].image"):
        cross_check((amendment,), LIVE, after)


def test_an_item_that_gets_another_name_is_another_item_at_its_place() -> None:
    live = template(container("app"), volumes=[{"name": name, "emptyDir": {}} for name in "abc"])
    found = edits(op("replace", "/spec/template/spec/volumes/1/name", "d"), live=live)
    assert [volume["name"] for volume in found.after["spec"]["volumes"]] == ["a", "d", "c"]
    assert {entry[2] for entry in told(found)} == {"spec.volumes[b]", "spec.volumes[d]"}


# Laws, over any operations.

PARTS = st.recursive(
    st.sampled_from([0, 1, "", "x", True, False, "256Mi"]),
    lambda held: st.lists(held, max_size=3) | st.dictionaries(st.sampled_from(["a", "b", "name"]), held, max_size=3),
    max_leaves=5,
)
PATHS = st.sampled_from(
    [
        f"{APP}/resources/limits/memory",
        f"{APP}/resources",
        f"{APP}/args/0",
        f"{APP}/args/1",
        f"{APP}/args/-",
        f"{APP}/extra",
        f"{APP}/env/0",
        f"{APP}/env/-",
        f"{APP}/env/1/value",
        "/spec/template/spec/containers/1/env",
        "/spec/template/spec/volumes/0",
        "/spec/template/spec/volumes/-",
        "/spec/template/metadata/annotations",
        "/spec/template/spec/containers/-",
    ]
)
VARIABLES = st.builds(literal, st.sampled_from("ABCD"), st.just("x"))
OPERATIONS = st.lists(
    st.one_of(
        st.builds(op, st.just("remove"), PATHS),
        st.builds(op, st.sampled_from(["add", "replace"]), PATHS, PARTS),
        st.builds(
            op, st.just("add"), st.just(f"{APP}/env/-"), st.builds(literal, st.sampled_from("ABCD"), st.just("x"))
        ),
    ),
    min_size=1,
    max_size=4,
)


def outcome(operations: list[PatchOperation]) -> Edits | StaleError | RefusedError:
    """What becomes of a patch: it is refused only if it leaves a container without a name of its own."""
    try:
        return edits(PatchChange(tuple(operations)))
    except (StaleError, RefusedError) as error:
        return error


@settings(deadline=None, max_examples=300)
@given(operations=OPERATIONS)
def test_any_patch_fits_or_is_turned_down_and_leads_back_to_the_letter(operations: list[PatchOperation]) -> None:
    found = outcome(operations)
    if isinstance(found, RefusedError):
        assert {problem.code for problem in found.problems} == {"C076"}
    if not isinstance(found, Edits) or found.unchanged:
        return
    rollout = {"spec": {"template": copy.deepcopy(LIVE)}}
    there = jsonpatch.apply_patch(rollout, [dict(each) for each in found.operations])
    back = jsonpatch.apply_patch(there, [dict(each) for each in found.inverse])
    assert canonical(there["spec"]["template"]) == canonical(found.after)
    assert canonical(back) == canonical(rollout)
    noted = marks(found, EnvChange("A", LiteralValue(SecretText("x"))))
    assert canonical(old_template(found.after, replicaset_of(LIVE), noted.edits)) == canonical(LIVE)


@settings(deadline=None, max_examples=100)
@given(operations=OPERATIONS)
def test_every_place_that_differs_is_an_edit_that_stands_in_the_new_template(operations: list[PatchOperation]) -> None:
    found = outcome(operations)
    if not isinstance(found, Edits):
        return
    assert all(edit.written_in(found.after) and edit.stands_in(found.after) for edit in found.edits)
    assert bool(found.edits) == (canonical(found.before) != canonical(found.after))
    assert all(entry[0] in set(Meaning) for entry in told(found))


def test_the_usual_template_is_changed_by_none_of_this() -> None:
    before = canonical(PAYMENTS)
    edits(op("remove", f"{APP}/env"), live=PAYMENTS)
    assert canonical(PAYMENTS) == before
