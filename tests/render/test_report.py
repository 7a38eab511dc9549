"""The report as people and pipelines get it: whole texts, from a value."""

import json
from dataclasses import replace
from typing import Final

from cutover.core.base.causes import Reaction
from cutover.core.base.outcomes import Attribution, Cause, Ending, Outcome, SpecState
from cutover.core.base.target import Target
from cutover.core.checks.finding import Finding, Severity
from cutover.core.engine.facts import (
    Answered,
    Decided,
    Ended,
    EvidenceNoted,
    Intent,
    Note,
    Proven,
    RecordedFact,
    StepReached,
    Suspected,
    Unproven,
)
from cutover.core.engine.observation import Evidence, EvidenceKind
from cutover.core.engine.state import Phase
from cutover.core.plan.model import PointOfNoReturn
from cutover.core.review.detection_coverage import Coverage, Covered
from cutover.core.review.report import BaseLine, EditLine, EvidenceLine, Exposure, PlanLine, PointLine, Report
from cutover.core.writes.write import WriteName
from cutover.render.progress_line import progress_line
from cutover.render.report_json import report_json
from cutover.render.report_text import report_text

BEGAN = 1_780_000_000.0
CAUSE: Final = Cause(
    Attribution.CONFIG, "deadline", "pod p-1 was not Ready within 10 s: db refused (db-c:5432/payments)"
)

HELD = Report(
    run="20261123-065750-0e2fe337",
    plan=PlanLine("payments-to-db-c", "0" * 64, "bad.yaml", "The address has a typing error"),
    target=Target("payments", "payments", "payments", "prod"),
    outcome=Outcome.HELD,
    cause=CAUSE,
    spec=SpecState.RESTORED,
    started=BEGAN,
    ended=BEGAN + 11.5,
    findings=(
        Finding("C024", Severity.WARN, "no pause", "no step waits", "payments/rollout/payments: spec", "add one"),
    ),
    edits=(EditLine("app", "DATABASE_URL", "secret payments-db-b/url", "secret payments-db-c/url"),),
    timeline={"written": BEGAN + 0.9, "decided": BEGAN + 11.0, "restored": BEGAN + 11.4},
    exposure=Exposure(pods=1, seconds=2.25),
    evidence=(
        EvidenceLine(EvidenceKind.READYZ, ("p-1", "p-2"), "app", "503\nnot ready", ""),
        EvidenceLine(EvidenceKind.LOG, ("p-1",), "app", "\n".join(f"line {number}" for number in range(1, 16)), ""),
        EvidenceLine(
            EvidenceKind.EVENTS, ("p-1",), "", "Normal Started: Started\nWarning Unhealthy (x9): probe failed", ""
        ),
        EvidenceLine(EvidenceKind.PREVIOUS_LOG, ("p-1",), "app", "", "it did not come in time"),
    ),
    coverage=(
        Coverage("A", "the application cannot start", Covered.YES, "the kubelet"),
        Coverage("C", "it works, but on the wrong target", Covered.NO, "nothing asks the target who it is"),
    ),
    proven=("the Rollout is Healthy",),
    unproven=("4 pods of the canary are still there",),
    next=("kubectl argo rollouts get rollout payments -n payments --context prod",),
    facts=(RecordedFact(Note("a note", Phase.SETTLE), BEGAN + 0.5, 0.5),),
)

HELD_TEXT = """\
HELD: the cutover failed; the old values stand again, and stable is verified
  cause: pod p-1 was not Ready within 10 s: db refused (db-c:5432/payments) (config, deadline)
  plan payments-to-db-c, rollout payments/payments, run 20261123-065750-0e2fe337, 11.5 s
  spec: restored, exit code 10
  exposure: 1 canary pods were Ready, for 2.2 s in all at the most

Edits
  app  DATABASE_URL: secret payments-db-b/url → secret payments-db-c/url

Findings
  C024 warn: no step waits [payments/rollout/payments: spec]
    → add one

Timeline (UTC)
  20:26:40.900  +0.9 s  written
  20:26:51.000  +11.0 s  decided
  20:26:51.400  +11.4 s  restored

Evidence
  readyz of p-1, p-2 container app:
    | 503
    | not ready
  log of p-1 container app (last 12 of 15 lines):
    | line 4
    | line 5
    | line 6
    | line 7
    | line 8
    | line 9
    | line 10
    | line 11
    | line 12
    | line 13
    | line 14
    | line 15
  events of p-1:
    | Warning Unhealthy (x9): probe failed
  previous-log of p-1 container app: missed, it did not come in time

Proven
  the Rollout is Healthy

Not proven
  4 pods of the canary are still there

Not covered by this run
  C (no): it works, but on the wrong target: nothing asks the target who it is

Next
  kubectl argo rollouts get rollout payments -n payments --context prod
"""

UNCHANGED_TEXT = """\
UNCHANGED: the live spec already is what the plan wants; nothing was written
  plan p, rollout payments/payments, run r, 0.2 s
  spec: unchanged, exit code 0

Proven
  nothing was written
"""


def test_a_held_run_as_text() -> None:
    assert report_text(HELD) == HELD_TEXT


def test_a_run_without_anything_to_do_is_short() -> None:
    report = Report(
        run="r",
        plan=PlanLine("p", ""),
        target=Target("payments", "payments"),
        outcome=Outcome.UNCHANGED,
        cause=None,
        spec=SpecState.UNCHANGED,
        started=BEGAN,
        ended=BEGAN + 0.2,
        proven=("nothing was written",),
    )
    assert report_text(report) == UNCHANGED_TEXT


def test_the_json_document_has_every_key_of_the_contract() -> None:
    document = json.loads(report_json(HELD))
    assert list(document) == [
        "apiVersion",
        "kind",
        "run",
        "plan",
        "target",
        "outcome",
        "exitCode",
        "cause",
        "spec",
        "started",
        "ended",
        "findings",
        "edits",
        "copies",
        "base",
        "pointOfNoReturn",
        "timeline",
        "exposure",
        "evidence",
        "coverage",
        "deadman",
        "proven",
        "unproven",
        "next",
        "facts",
    ]
    assert document["apiVersion"] == "cutover.dev/v1alpha1"
    assert document["kind"] == "CutoverReport"
    assert (document["outcome"], document["exitCode"], document["spec"]) == ("held", 10, "restored")
    assert document["cause"] == {
        "attribution": "config",
        "code": "deadline",
        "message": "pod p-1 was not Ready within 10 s: db refused (db-c:5432/payments)",
    }
    assert document["timeline"] == {
        "written": "2026-05-28T20:26:40.900Z",
        "decided": "2026-05-28T20:26:51.000Z",
        "restored": "2026-05-28T20:26:51.400Z",
    }
    assert document["evidence"][1]["text"].count("\n") == 14, "all lines of a log, not only the last"
    assert document["facts"] == [
        {
            "at": "2026-05-28T20:26:40.500Z",
            "elapsed": 0.5,
            "kind": "note",
            "text": "a note",
            "data": {"phase": "settle"},
        }
    ]


def test_what_an_undo_needs_is_in_the_json_document() -> None:
    place = ("spec", "containers", "app", "args", 0)
    report = replace(
        HELD,
        edits=(EditLine("app", "args[0]", '"a"', '"b"', place),),
        base=BaseLine("5c6fdcc44d", "3"),
        point=PointLine(PointOfNoReturn.PROMOTION, passed=True),
    )
    document = json.loads(report_json(report))
    assert document["edits"][0]["place"] == list(place)
    assert document["base"] == {"hash": "5c6fdcc44d", "revision": "3"}
    assert document["pointOfNoReturn"] == {"at": "promotion", "passed": True}
    without = json.loads(report_json(HELD))
    assert (without["base"], without["pointOfNoReturn"]) == ({}, {})


def test_a_canary_that_was_never_ready_cost_nobody_a_request() -> None:
    text = report_text(replace(HELD, exposure=Exposure()))
    assert "  exposure: no canary pod was seen Ready: Services send requests to Ready pods only\n" in text


def test_a_run_without_a_cause_has_an_empty_one() -> None:
    report = Report(
        run="r",
        plan=PlanLine("p", ""),
        target=Target("payments", "payments"),
        outcome=Outcome.PLANNED,
        cause=None,
        spec=SpecState.UNCHANGED,
        started=BEGAN,
        ended=BEGAN,
    )
    assert json.loads(report_json(report))["cause"] == {}


def test_progress_is_one_line_per_fact_with_the_seconds_since_the_start() -> None:
    facts = (
        Intent("words", WriteName.ABORT, quiet=False),
        Answered("words", WriteName.ABORT, quiet=False),
        Suspected("words", "deadline", "p-1"),
        Decided("words", CAUSE, Reaction.FAIL),
        StepReached("words", 1, 4),
    )
    lines = [progress_line(RecordedFact(fact, BEGAN, 2.345)) for fact in facts]
    assert lines == [f"    2.3s {mark} words" for mark in ("→", "←", "?", "!", " ")]


def test_what_the_report_says_better_is_no_line_of_progress() -> None:
    facts = (
        EvidenceNoted("words", Evidence(EvidenceKind.LOG, "p-1")),
        Proven("words"),
        Unproven("words"),
        Ended("words", Ending(Outcome.HELD, CAUSE, SpecState.RESTORED)),
    )
    assert [progress_line(RecordedFact(fact, BEGAN, 1.0)) for fact in facts] == ["", "", "", ""]


def test_a_quiet_write_is_no_line_of_progress() -> None:
    facts = (Intent("words", WriteName.RENEW, quiet=True), Answered("words", WriteName.RENEW, quiet=True))
    assert [progress_line(RecordedFact(fact, BEGAN, 1.0)) for fact in facts] == ["", ""]
