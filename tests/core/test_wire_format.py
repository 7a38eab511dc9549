"""What is written to disk and into the cluster, to the letter: other versions read it, whatever a field is called here.

The files in `tests/recordings/wire` were written by the version before the names of these fields were spelled out. One
that changes is another format: older runs have to be read all the same.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from cutover.core.base.causes import Reaction
from cutover.core.base.outcomes import Attribution, Cause
from cutover.core.base.redaction import Redactor
from cutover.core.base.target import Target
from cutover.core.objects.watch_state import World
from cutover.core.recording.line_texts import first_line, last_line, line_of
from cutover.core.recording.replay import first_state, observations, read, recorded
from cutover.core.review.reviewed_file import review_of, review_text
from cutover.core.writes.lease import take_write
from cutover.core.writes.lock_holder import holder_text
from cutover.core.writes.run_annotations import MARKS, RUN, marks_of, marks_text
from cutover.core.writes.stored_verdict import verdict_text
from cutover.render.report_json import report_json
from tests.core.review.test_reviewed_plan import ground, review
from tests.core.writes.test_lock_holder import BOB
from tests.core.writes.test_run_annotations import WHOLE
from tests.render.test_report import HELD

WIRE: Final = Path(__file__).parents[1] / "recordings" / "wire"
RUNS: Final = WIRE.parent / "runs"
UNARMED: Final = replace(WHOLE, armed=(), gates=())
DEADLINE: Final = Cause(Attribution.CONFIG, "deadline", "said")


def kept(name: str) -> str:
    return (WIRE / f"{name}.json").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("marks_armed", marks_text(WHOLE)),
        ("marks", marks_text(UNARMED)),
        ("holder", holder_text(BOB)),
        ("verdict", verdict_text(Reaction.FAIL, DEADLINE, promoted=False)),
        ("lease", json.dumps(dict(take_write(Target("payments", "shop"), BOB, 1_795_000_000.25).body))),
    ],
)
def test_what_a_run_leaves_in_the_cluster_reads_as_ever(name: str, text: str) -> None:
    assert f"{text}\n" == kept(name)


@pytest.mark.parametrize(("name", "marks"), [("marks_armed", WHOLE), ("marks", UNARMED)])
def test_marks_of_an_earlier_version_are_read(name: str, marks: object) -> None:
    assert marks_of({RUN: "run-1", MARKS: kept(name)}) == marks


def test_a_report_reads_as_ever() -> None:
    assert report_json(HELD) == kept("report")


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
