"""Whatever the cluster says stays on its line, moves no terminal, and is no markup: a table of texts and renderers."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass, replace
from types import MappingProxyType
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cutover.cli.shared.output import say
from cutover.core.base.errors import Problem
from cutover.core.base.harmless_text import harmless, is_harmless, one_line
from cutover.core.base.outcomes import Outcome
from cutover.core.engine.facts import Note, RecordedFact
from cutover.core.review.copy_gc import Collection
from cutover.core.review.runs import RunLine
from cutover.render.diff_json import diff_json
from cutover.render.diff_markdown import diff_markdown
from cutover.render.diff_text import diff_text
from cutover.render.findings import findings_json, findings_sarif, findings_text
from cutover.render.gc import gc_json, gc_text
from cutover.render.problems_json import problems_json
from cutover.render.progress_line import progress_line
from cutover.render.report_json import report_json
from cutover.render.report_text import report_text
from cutover.render.runs import runs_json, runs_text
from cutover.render.status import status_json, status_text
from tests.core.review.test_diff import diff
from tests.render.test_diff import CONSUMERS, COVERAGE, FORECAST, REFUSAL, TO_B, WARNING
from tests.render.test_gc import LINES
from tests.render.test_report import HELD
from tests.render.test_status import AT_A_PAUSE

FORGED: Final = "FORGED"
TEXTS: Final = {
    "a line of its own": f"\n{FORGED}",
    "carriage returns": f"\r\n{FORGED}\r",
    "other line separators": f"\u2028{FORGED}\u0085{FORGED}\x0b{FORGED}\x0c{FORGED}",
    "escape sequences": f"\x1b[2J\x1b]0;title\x07\x9b31m{FORGED}",
    "bells and backspaces": "\x07\x08\x00\x7f",
    "direction": "\u202eabc\u2066\u200f\u061c",
    "no width": "a\u200bb\ufeffc\u2060",
    "tags": "\U000e0041\U000e007f",
    "half of a pair": "\ud800",
    "markup": "<img src onerror> <script> [a](http://e) ![b](http://e) `c` @all **d** | e",
    "a long line": "x" * 100_000,
}
MARKUP: Final = ("<img", "<script", "](http")
CHECKED: Final = {"code", "target", "run", "namespace", "pod_hash", "role"}
"""Fields with words of ours, or with names whose form is checked where they come in."""


def with_it(value: Any, text: str) -> Any:
    """The value with the text at the end of each string in it, however deep; words of ours (enums) stay."""
    if type(value) is str:
        return value + text
    if is_dataclass(value) and not isinstance(value, type):
        names = {each.name for each in fields(value)} - CHECKED
        return replace(value, **{name: with_it(getattr(value, name), text) for name in names})
    if isinstance(value, tuple):
        return tuple(with_it(item, text) for item in value)
    if isinstance(value, Mapping):
        return MappingProxyType({key: with_it(item, text) for key, item in value.items()})
    return value


REVIEWED: Final = replace(
    diff(TO_B),
    findings=(WARNING, REFUSAL),
    forecast=FORECAST,
    coverage=COVERAGE,
    consumers=CONSUMERS,
    notes=("a note",),
)
RUNS: Final = (RunLine("run-1", "payments/payments", "plan", "unfinished", "cluster", "bob@laptop", 1.0),)
PROBLEM: Final = Problem("the message", "spec.changes[0]", "plan.yaml", 3, "the remedy")

LINES_OF: Final[Mapping[str, tuple[Callable[[Any], str], Any]]] = {
    "report": (report_text, HELD),
    "progress": (progress_line, RecordedFact(Note("a note"), 1.0, 1.0)),
    "status": (status_text, AT_A_PAUSE),
    "gc": (gc_text, Collection("payments", LINES, dry_run=False)),
    "runs": (lambda runs: runs_text(runs, ()), RUNS),
    "findings": (findings_text, HELD),
    "diff": (diff_text, REVIEWED),
    "problem": (str, PROBLEM),
}
DOCUMENTS_OF: Final[Mapping[str, tuple[Callable[[Any], str], Any]]] = {
    "report": (report_json, HELD),
    "status": (status_json, AT_A_PAUSE),
    "gc": (gc_json, Collection("payments", LINES, dry_run=False)),
    "runs": (lambda runs: runs_json(runs, ()), RUNS),
    "findings": (findings_json, HELD),
    "sarif": (findings_sarif, HELD),
    "diff": (diff_json, REVIEWED),
    "problem": (lambda problem: problems_json("CutoverError", Outcome.INVALID, (problem,)), PROBLEM),
}


def on_the_screen(text: str, capfd: pytest.CaptureFixture[str]) -> str:
    say(text, line=False)
    return capfd.readouterr().out


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
@pytest.mark.parametrize("output", LINES_OF)
def test_a_text_stays_on_its_line_and_moves_no_terminal(
    output: str, text: str, capfd: pytest.CaptureFixture[str]
) -> None:
    render, value = LINES_OF[output]
    shown = on_the_screen(render(with_it(value, text)), capfd)
    assert is_harmless(shown)
    assert [line for line in shown.splitlines() if re.match(rf" {{0,2}}{FORGED}", line)] == []


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
@pytest.mark.parametrize("output", DOCUMENTS_OF)
def test_a_document_parses_and_holds_the_text_itself(output: str, text: str, capfd: pytest.CaptureFixture[str]) -> None:
    render, value = DOCUMENTS_OF[output]
    document = render(with_it(value, text))
    shown = on_the_screen(document, capfd)
    assert is_harmless(shown)
    if text != TEXTS["half of a pair"]:  # no JSON that others read can hold it
        assert json.loads(shown) == json.loads(document)


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_a_comment_holds_no_markup_of_others(text: str, capfd: pytest.CaptureFixture[str]) -> None:
    found = replace(with_it(REVIEWED, text), plan=REVIEWED.plan)  # its names are labels
    shown = on_the_screen(diff_markdown(found), capfd)
    prose = "".join(shown.split("```")[::2])
    assert is_harmless(shown)
    assert [mark for mark in MARKUP if mark in prose] == []
    assert [line for line in prose.splitlines() if re.match(rf" {{0,2}}{FORGED}", line)] == []


@given(st.text())
def test_what_is_spelled_out_in_a_json_string_means_the_character_itself(text: str) -> None:
    spelled = harmless(json.dumps(text, ensure_ascii=False))
    assert (is_harmless(spelled), json.loads(spelled)) == (True, text)
    assert harmless(spelled) == spelled
    assert len(one_line(text).splitlines()) <= 1
