"""The marks of a run as annotations: read back as they were written, small enough, and without any value."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cutover.core.base.secret_text import SecretText
from cutover.core.engine.run_spec import RunStart, run_spec_of
from cutover.core.plan.changes import EnvChange, OneContainer
from cutover.core.podtemplate.compare import ChangeWay
from cutover.core.podtemplate.env_source import LiteralValue
from cutover.core.writes.run_annotations import (
    ALL,
    LONGEST,
    MARKS,
    OWNER,
    PASSED,
    RUN,
    ArmedMark,
    DeadlineMark,
    EditMark,
    Marks,
    UnreadableMarks,
    annotations_of,
    marks_of,
    marks_text,
    too_large,
)
from tests.core.engine.stage import edits_of, opening, plan

US = "alice@host/s1"
WHOLE = Marks(
    run="run-1",
    plan="payments-to-b",
    plan_digest="d0",
    before_digest="d1",
    after_digest="d2",
    strategy_digest="d3",
    base="6f5d8c7b9",
    base_revision="3",
    edits=(
        EditMark(("spec", "containers", "app", "env", "DATABASE_URL"), ChangeWay.SET, shape={"name": 1, "value": ""}),
        EditMark(("spec", "initContainers", "migrate", "env"), ChangeWay.ADD),
        EditMark(("spec", "containers", "app", "args", 0), ChangeWay.REMOVE, 1, shape=1),
    ),
    promotion="auto",
    on_failure="restore",
    point_of_no_return="none",
    deadlines=DeadlineMark(60.0, 30.0, 10.0, 20.0, 6.0, 60.5),
    began=1_795_000_000.25,
    armed=ArmedMark(300, 900, previous_abort=False),
    gates=("smoke",),
)
UNREADABLE = UnreadableMarks("run-1", "they are not as any version of cutover writes them")


def test_every_annotation_of_a_run_that_begins() -> None:
    found = annotations_of(WHOLE, US)
    assert found == {
        "cutover.dev/run": "run-1",
        "cutover.dev/owner": "alice@host/s1",
        "cutover.dev/marks": marks_text(WHOLE),
    }
    assert set(ALL) == {*found, PASSED}


@pytest.mark.parametrize(
    "marks",
    [
        WHOLE,
        replace(WHOLE, armed=None, gates=(), edits=()),
        replace(WHOLE, armed=ArmedMark(300)),
        replace(WHOLE, plan="ünïcode ☃", base_revision=""),
    ],
)
def test_marks_are_read_back_as_they_were_written(marks: Marks) -> None:
    assert marks_of(annotations_of(marks, US)) == marks


PLACES = st.lists(st.text() | st.integers(0, 99), max_size=6).map(tuple)
SHAPES = st.recursive(
    st.sampled_from([0, 1, "", False, None]),
    lambda held: st.lists(held, max_size=3) | st.dictionaries(st.text(), held, max_size=3),
    max_leaves=6,
)


@given(
    armed=st.none()
    | st.builds(ArmedMark, st.integers(1, 10**6), st.none() | st.integers(0, 10**6), st.none() | st.booleans()),
    edits=st.lists(
        st.builds(EditMark, PLACES, st.sampled_from(ChangeWay), st.integers(0, 999), SHAPES), max_size=4
    ).map(tuple),
    began=st.floats(0, 2e9),
)
def test_any_marks_are_read_back_as_they_were_written(
    armed: ArmedMark | None, edits: tuple[EditMark, ...], began: float
) -> None:
    marks = replace(WHOLE, armed=armed, edits=edits, began=began)
    assert marks_of(annotations_of(marks, US)) == marks


def test_where_there_are_none_there_is_no_run() -> None:
    assert marks_of({}) is None
    assert marks_of({"rollout.argoproj.io/revision": "3", RUN: "", MARKS: ""}) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "null",
        "[]",
        "{}",
        '"x"',
        marks_text(WHOLE)[:-1],
        marks_text(WHOLE).replace('"set"', '"turn"'),
        marks_text(WHOLE).replace('"index":0', '"index":"first"', 1),
        marks_text(WHOLE).replace('"base"', '"bass"'),
        marks_text(replace(WHOLE, promotion="gradual")),
        marks_text(replace(WHOLE, on_failure="ask")),
        marks_text(replace(WHOLE, point_of_no_return="canaryWritten")),
    ],
)
def test_marks_that_are_not_whole_are_a_run_that_nobody_can_read(text: str) -> None:
    assert marks_of({RUN: "run-1", MARKS: text}) == UNREADABLE


def test_marks_without_a_name_are_not_nothing() -> None:
    assert marks_of({MARKS: "{"}) == replace(UNREADABLE, run="unknown")
    assert marks_of({MARKS: marks_text(WHOLE)}) == WHOLE


def test_an_owner_alone_is_no_run() -> None:
    assert marks_of({OWNER: US, PASSED: "promotion"}) is None


def test_no_annotation_of_a_run_holds_a_literal_of_the_plan() -> None:
    app = OneContainer("app")
    changes = (
        EnvChange("POOL_SIZE", LiteralValue(SecretText("planted-new")), app),
        EnvChange("NEW", LiteralValue(SecretText("planted-too")), app),
    )
    intent = replace(plan(), changes=changes)
    snapshot = opening().snapshot()
    order = run_spec_of(
        "run-1", intent, snapshot, edits_of(intent), timeout=60.0, follow=False, begun=RunStart(US, 1_795_000_000.0)
    )
    written = [op for op in order.cutover[0].operations if op["path"].startswith("/metadata/annotations")]
    assert [op["path"].rpartition("/")[2] for op in written] == [
        "cutover.dev~1run",
        "cutover.dev~1owner",
        "cutover.dev~1marks",
    ]
    assert "planted" in str(order.cutover[0].operations), "the values are in the patch, and in the template alone"
    assert "planted" not in str(written)


def padded(length: int) -> Marks:
    """Marks that take so many bytes in all."""
    short = sum(len(key) + len(value.encode()) for key, value in annotations_of(WHOLE, US).items())
    return replace(WHOLE, plan=WHOLE.plan + "x" * (length - short))


def test_they_may_take_64_kib_in_all_and_not_one_byte_more() -> None:
    assert LONGEST == 65_536
    assert not too_large(padded(65_536), US)
    assert too_large(padded(65_537), US)


def test_it_is_bytes_that_count_and_not_letters() -> None:
    wide = US.replace("alice", "älice")
    assert len(wide) == len(US)
    assert not too_large(padded(65_535), wide)
    assert too_large(padded(65_536), wide)
