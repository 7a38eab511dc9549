"""T0 is worked out again from T1, the marks and the base's ReplicaSet, though no mark holds a value."""

import copy
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from cutover.core.base.secret_text import SecretText
from cutover.core.patch.edit import Edits
from cutover.core.plan.changes import Change, EnvChange, OneContainer
from cutover.core.plan.deadlines import Deadlines
from cutover.core.podtemplate.env_source import FromSecret, LiteralValue
from cutover.core.writes.make_marks import marks_for
from cutover.core.writes.restore_template import old_template, template_of_base
from cutover.core.writes.run_annotations import Marks, marks_of, marks_text
from tests.core.engine.stage import opening
from tests.core.patch.test_resolve import CHANGES, EVERYWHERE, TEMPLATES, edits, plan
from tests.core.podtemplate.documents import PAYMENTS, container, literal, template

TIMING = Deadlines(60.0, 30.0, 10.0, 20.0, 6.0, 60.0)
HASH = "rollouts-pod-template-hash"


def marks(found: Edits, *changes: Change) -> Marks:
    """The marks of a run of these edits, as they come out of the annotations."""
    made = marks_for(
        plan(*changes), opening().snapshot(), found, run="run-1", deadlines=TIMING, armed=None, at=1_795_000_000.0
    )
    read = marks_of({"cutover.dev/run": "run-1", "cutover.dev/marks": marks_text(made)})
    assert isinstance(read, Marks)
    assert read == made
    return read


def replicaset_of(t0: Any) -> Any:
    """The template of T0's ReplicaSet: typed, so that empty strings go and defaults come."""
    base = copy.deepcopy(t0)
    base["metadata"] = {"labels": {**base.get("metadata", {}).get("labels", {}), HASH: "6f5d8c7b9"}}
    base["spec"]["dnsPolicy"] = "ClusterFirst"
    for listed in ("containers", "initContainers"):
        for held in base["spec"].get(listed) or ():
            held["imagePullPolicy"] = "IfNotPresent"
            for entry in held.get("env") or ():
                _typed(entry)
    return base


def _typed(entry: dict[str, Any]) -> None:
    if entry.get("value") == "":
        del entry["value"]
    field = entry.get("valueFrom", {}).get("fieldRef")
    if field is not None:
        field.setdefault("apiVersion", "v1")


def _has_null(live: Any) -> bool:
    """The API server stores no null; and it knows only one spelling of the empty string in one template."""
    held = [c for listed in ("containers", "initContainers") for c in live["spec"].get(listed) or ()]
    bare = [e for c in held for e in c.get("env") or () if "value" not in e and "valueFrom" not in e]
    return bool(bare) or any("env" in c and c["env"] is None for c in held)


@settings(max_examples=300, deadline=None)
@given(live=TEMPLATES.filter(lambda live: not _has_null(live)), wanted=st.one_of(CHANGES, EVERYWHERE))
def test_whatever_a_plan_changes_the_old_template_comes_back_to_the_letter(live: Any, wanted: list[EnvChange]) -> None:
    found = edits(*wanted, live=live)
    if found.unchanged:
        return
    assert old_template(found.after, replicaset_of(found.before), marks(found, *wanted).edits) == found.before


def test_set_added_and_removed_entries_all_go_back_to_their_places() -> None:
    app = OneContainer("app")
    wanted = (
        EnvChange("OLD_FLAG", None, app),
        EnvChange("POOL_SIZE", LiteralValue(SecretText("20")), app),
        EnvChange("NEW", LiteralValue(SecretText("x")), app),
        EnvChange("POD_NAME", None, app),
        EnvChange("DATABASE_URL", FromSecret("payments-db-b", "url"), OneContainer("migrate")),
    )
    found = edits(*wanted)
    base = replicaset_of(PAYMENTS)
    assert old_template(found.after, base, marks(found, *wanted).edits) == PAYMENTS


def test_a_list_that_was_not_there_is_not_there_again() -> None:
    bare = template(container("app"))
    wanted = EnvChange("NEW", LiteralValue(SecretText("x")), OneContainer("app"))
    found = edits(wanted, live=bare)
    assert "env" in found.after["spec"]["containers"][0]
    assert old_template(found.after, replicaset_of(bare), marks(found, wanted).edits) == bare


def test_no_value_of_the_plan_and_none_of_before_is_in_the_marks() -> None:
    live = template(container("app", literal("TOKEN", "planted-old-value")))
    wanted = EnvChange("TOKEN", LiteralValue(SecretText("planted-new-value")), OneContainer("app"))
    assert "planted" not in marks_text(marks(edits(wanted, live=live), wanted))


def test_the_template_of_a_base_is_a_rollouts_without_the_hash() -> None:
    base = replicaset_of(PAYMENTS)
    back = template_of_base(base)
    assert HASH not in back["metadata"]["labels"]
    assert HASH in base["metadata"]["labels"], "what was given is not changed"
    assert back["spec"] == base["spec"]
