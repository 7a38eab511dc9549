"""What is written to disk and into the cluster, to the letter: other versions read it, whatever a field is called here.

The files in `tests/recordings/wire` were written by the version before the names of these fields were spelled out, but
for one note in `report.json`, whose invented data no note can have. One that changes is another format: older runs have
to be read all the same.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from cutover.core.base.causes import Reaction
from cutover.core.base.outcomes import Attribution, Cause, Ending, Outcome, SpecState
from cutover.core.base.redaction import Redactor
from cutover.core.base.target import Target
from cutover.core.engine.facts import (
    Adopted,
    Answered,
    Cleared,
    Decided,
    Ended,
    Fact,
    Intent,
    Note,
    RecordedFact,
    Unproven,
)
from cutover.core.engine.state import Phase
from cutover.core.objects.lease import lease_view
from cutover.core.objects.world import World
from cutover.core.plan.model import PointOfNoReturn
from cutover.core.podtemplate.compare import ChangeWay
from cutover.core.recording.line_texts import first_line, last_line, line_of
from cutover.core.review.describe import CopyEntry, EditAct, KeyLine
from cutover.core.review.kept_report import KeptReport, kept_report
from cutover.core.review.report import BaseLine, EditLine, PointLine
from cutover.core.review.review_file import review_of, review_text
from cutover.core.writes.lease import take_write
from cutover.core.writes.lock_holder import holder_of, holder_text
from cutover.core.writes.run_annotations import MARKS, RUN, ArmedMark, EditMark, marks_of, marks_text
from cutover.core.writes.stored_verdict import StoredVerdict, stored_verdict, verdict_text
from cutover.core.writes.write import WriteName
from cutover.render.report_json import report_json
from tests.core.review.test_reviewed_plan import ground, review
from tests.core.writes.test_lock_holder import BOB
from tests.core.writes.test_run_annotations import WHOLE
from tests.recordings.replay import first_state, observations, read, recorded
from tests.render.test_report import BEGAN, HELD

WIRE: Final = Path(__file__).parents[1] / "recordings" / "wire"
RUNS: Final = WIRE.parent / "runs"
UNARMED: Final = replace(WHOLE, armed=None, gates=())
POINT: Final = replace(WHOLE, point_of_no_return="promotion", mode="resume", armed=ArmedMark(300))
EXACT: Final = ("spec", "containers", "app", "envFrom", 0, "configMapRef", "name")
COPIED: Final = replace(WHOLE, edits=(EditMark(EXACT, ChangeWay.SET),))
DEADLINE: Final = Cause(Attribution.CONFIG, "deadline", "said")
PLACE: Final = ("spec", "containers", "app", "env", "DATABASE_URL")
PROMOTED: Final = replace(
    HELD,
    outcome=Outcome.PROMOTED,
    cause=None,
    spec=SpecState.PROMOTED,
    edits=(EditLine("app", "DATABASE_URL", "secret a/url", "secret b/url", PLACE),),
    copies=(CopyEntry("ConfigMap", "settings-1f", "settings", (KeyLine("pool", EditAct.CHANGED, "10", "20"),)),),
    base=BaseLine("5c6fdcc44d", "3"),
    point=PointLine(PointOfNoReturn.PROMOTION, passed=True),
    deadman=("the dead-man was armed for 300 s",),
    facts=(RecordedFact(Adopted("the controller made revision h1", "h1"), BEGAN + 0.5, 0.5),),
)


def kept(name: str) -> str:
    return (WIRE / f"{name}.json").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("marks_armed", marks_text(WHOLE)),
        ("marks", marks_text(UNARMED)),
        ("marks_point", marks_text(POINT)),
        ("marks_copied", marks_text(COPIED)),
        ("holder", holder_text(BOB)),
        ("verdict", verdict_text(Reaction.FAIL, DEADLINE, promoted=False)),
        ("lease", json.dumps(dict(take_write(Target("payments", "shop"), BOB, 1_795_000_000.25).body))),
    ],
)
def test_what_a_run_leaves_in_the_cluster_reads_as_ever(name: str, text: str) -> None:
    assert f"{text}\n" == kept(name)


@pytest.mark.parametrize(
    ("name", "marks"),
    [("marks_armed", WHOLE), ("marks", UNARMED), ("marks_point", POINT), ("marks_copied", COPIED)],
)
def test_marks_of_an_earlier_version_are_read(name: str, marks: object) -> None:
    assert marks_of({RUN: "run-1", MARKS: kept(name)}) == marks


def test_the_holder_of_a_lease_that_an_earlier_version_took_is_read() -> None:
    lease = lease_view(json.loads(kept("lease")))
    assert (holder_of(lease), lease.seconds, lease.transitions) == (BOB, 30, 0)
    assert lease.meta.annotations["cutover.dev/holder"] == kept("holder").strip()


def test_a_verdict_that_an_earlier_version_noted_is_read() -> None:
    noted = {"cutover.dev/verdict": kept("verdict"), "cutover.dev/because": "said"}
    lease = lease_view({"metadata": {"name": "l", "annotations": noted}, "spec": {}})
    assert stored_verdict(lease) == StoredVerdict(Reaction.FAIL, DEADLINE, promoted=False)


def test_a_report_reads_as_ever() -> None:
    assert report_json(HELD) == kept("report")
    assert report_json(PROMOTED) == kept("report_promoted")


@pytest.mark.parametrize(
    ("fact", "kind", "data"),
    [
        (Intent("t", WriteName.CUTOVER, quiet=False), "intent", '{"write": "cutover", "quiet": false}'),
        (Answered("t", WriteName.RENEW, quiet=True), "answer", '{"write": "renew", "quiet": true}'),
        (
            Answered("t", WriteName.ABORT, quiet=False, status=409),
            "answer",
            '{"write": "abort", "quiet": false, "status": 409}',
        ),
        (Cleared("t", "c", "s"), "cleared", '{"code": "c", "subject": "s"}'),
        (
            Decided("t", Cause(Attribution.UNKNOWN, "defect", "m")),
            "decided",
            '{"code": "defect", "attribution": "unknown"}',
        ),
        (Unproven("t"), "unproven", "{}"),
        (Note("t"), "note", "{}"),
        (Note("t", Phase.SETTLE), "note", '{"phase": "settle"}'),
        (
            Ended("t", Ending(Outcome.PROMOTED, None, SpecState.PROMOTED, proven=("p",), next=("a", "b"))),
            "ended",
            '{"outcome": "promoted", "spec": "promoted", "cause": {}, "next": ["a", "b"]}',
        ),
    ],
)
def test_a_fact_that_the_kept_journals_lack_reads_as_ever(fact: Fact, kind: str, data: str) -> None:
    """All other kinds are in the journals of `tests/commands/test_journal_lines.py`."""
    (line,) = json.loads(report_json(replace(HELD, facts=(RecordedFact(fact, BEGAN, 0.0),))))["facts"]
    assert (list(line), line["kind"], json.dumps(line["data"])) == (
        ["at", "elapsed", "kind", "text", "data"],
        kind,
        data,
    )


def test_what_an_undo_needs_of_the_report_of_an_earlier_version_is_read() -> None:
    assert kept_report("run-1", json.loads(kept("report_promoted"))) == KeptReport(
        run="run-1",
        plan="payments-to-db-c",
        file="bad.yaml",
        target=Target("payments", "payments", "payments", "prod"),
        outcome="promoted",
        base="5c6fdcc44d",
        base_revision="3",
        revision="h1",
        places=(PLACE,),
        point="promotion",
        passed=True,
    )


def test_a_review_reads_as_ever_and_one_of_an_earlier_version_is_read() -> None:
    assert review_text(review(ground())) == kept("review")
    assert review_of(kept("review").encode(), "reviewed.json") == review(ground())


def written_again(lines: list[str]) -> Iterator[str]:
    """The lines of a recording as they are written now."""
    redactor, documents, before = Redactor(b"k" * 32), read(lines), World()
    yield first_line(first_state(documents), redactor)
    for observation in observations(documents):
        yield line_of(observation, before, redactor)
        before = observation.world
    yield last_line(recorded(lines), redactor)


@pytest.mark.parametrize("name", json.loads(kept("recordings_sha256")))
def test_a_recording_that_is_read_and_written_again_reads_as_ever(name: str) -> None:
    lines = (RUNS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    found = hashlib.sha256("\n".join(written_again(lines)).encode()).hexdigest()
    assert found == json.loads(kept("recordings_sha256"))[name]
