"""Who holds a lock, as the Lease says it: for people, and for other processes."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cutover.core.objects.lease import lease_view
from cutover.core.writes.lock_holder import Holder, holder_of, holder_text

BOB = Holder("run-1", "bob", "laptop", "s1", machine="boot/ns", pid=42, born=7)
RUNS = st.from_regex(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?", fullmatch=True)
WORDS = st.text(st.characters(categories=("L", "N")), min_size=1, max_size=8)


def read(name: str, annotations: dict[str, str]) -> Holder:
    document: dict[str, Any] = {"metadata": {"name": "l", "annotations": annotations}, "spec": {"holderIdentity": name}}
    return holder_of(lease_view(document))


@given(holder=st.builds(Holder, RUNS, WORDS, WORDS, WORDS, WORDS, st.integers(1, 2**22), st.integers(1, 2**40)))
def test_whoever_holds_it_is_read_back(holder: Holder) -> None:
    assert read(holder.name, {"cutover.dev/holder": holder_text(holder)}) == holder


def test_what_stands_on_the_lease() -> None:
    assert BOB.name == "bob@laptop/s1"
    assert json.loads(holder_text(BOB)) == {
        "run": "run-1",
        "user": "bob",
        "host": "laptop",
        "session": "s1",
        "machine": "boot/ns",
        "pid": 42,
        "born": 7,
    }


def test_a_process_is_named_only_where_its_number_is_known() -> None:
    assert str(BOB) == "run run-1 of bob@laptop (process 42)"
    assert str(replace(BOB, pid=0)) == "run run-1 of bob@laptop"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("bob@laptop/s1", Holder("unknown", "bob", "laptop", "s1")),
        ("bob@laptop", Holder("unknown", "bob", "laptop", "")),
        ("kube-something", Holder("unknown", "kube-something", "an unknown host", "")),
        ("@/", Holder("unknown", "somebody", "an unknown host", "")),
        ("bob@laptop/s1/more", Holder("unknown", "bob", "laptop", "s1/more")),
    ],
)
def test_a_lease_that_another_program_took_still_names_somebody(name: str, expected: Holder) -> None:
    assert read(name, {}) == expected


def test_the_name_on_the_lease_counts_and_not_the_one_beside_it() -> None:
    told = holder_text(replace(BOB, user="eve", host="elsewhere", session="s9"))
    assert read("bob@laptop/s1", {"cutover.dev/holder": told}) == BOB


def test_an_annotation_that_is_too_deep_to_read_tells_nothing() -> None:
    assert read("bob@laptop/s1", {"cutover.dev/holder": "[" * 100_000}) == Holder("unknown", "bob", "laptop", "s1")
