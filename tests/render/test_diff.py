"""The diff as a reviewer and as a machine read it, whole."""

import json
from dataclasses import replace

from cutover.core.checks.finding import Finding, Severity
from cutover.core.patch.consumers import Consumer
from cutover.core.plan.changes import EnvChange, EveryContainer, OneContainer
from cutover.core.podtemplate.env_source import FromSecret
from cutover.core.review.detection_coverage import Coverage, Covered
from cutover.core.review.forecast import Forecast, Stage
from cutover.render.diff_json import diff_json
from cutover.render.diff_markdown import diff_markdown
from cutover.render.diff_text import diff_text
from tests.core.podtemplate.documents import container, literal, template
from tests.core.review.test_diff import APP, diff, set_to

TO_B = EnvChange("DATABASE_URL", FromSecret("payments-db-b", "url"), APP)
WARNING = Finding("C033", Severity.WARN, "Title", "the message.", "payments/rollout/payments: spec.steps", "what to do")
REFUSAL = Finding("C010", Severity.REFUSE, "Title", "the reason.", "payments/rollout/payments", "")

WHOLE = """\
plan payments-to-pg16 on rollout payments/payments in context prod: 5 edits
  1 changed, 2 added, 2 removed, 0 other fields

Environment
  app             DATABASE_URL  secret payments-db-a/url → secret payments-db-b/url
  app             DB_PASSWORD   absent → "<masked-6052ed>"
  app             OLD_FLAG      "1" → absent
  proxy           OLD_FLAG      "0" → absent
  migrate (init)  MODE          absent → "fast"

Findings
  C033 warn: the message. [payments/rollout/payments: spec.steps]
    → what to do

Spec
  --- live containers/app/env
  +++ plan containers/app/env
  @@ -1,14 +1,14 @@
   - name: DATABASE_URL
     valueFrom:
       secretKeyRef:
         key: url
  -      name: payments-db-a
  -- name: OLD_FLAG
  -  value: '1'
  +      name: payments-db-b
   - name: POOL_SIZE
     value: '10'
   - name: POD_NAME
     valueFrom:
       fieldRef:
         apiVersion: v1
         fieldPath: metadata.name
  +- name: DB_PASSWORD
  +  value: <masked-6052ed>
  --- live containers/proxy/env
  +++ plan containers/proxy/env
  @@ -1,2 +0,0 @@
  -- name: OLD_FLAG
  -  value: '0'
  --- live initContainers/migrate/env
  +++ plan initContainers/migrate/env
  @@ -2,4 +2,6 @@
     valueFrom:
       secretKeyRef:
         key: url
         name: payments-db-a
  +- name: MODE
  +  value: fast

JSON Patch
  11 operations; cutover diff plan.yaml -o json prints them

Nothing was written. Next: cutover apply plan.yaml --dry-run, then cutover apply plan.yaml
"""


def test_the_whole_text_of_a_diff() -> None:
    found = diff(
        TO_B,
        EnvChange("OLD_FLAG", None, EveryContainer()),
        set_to("DB_PASSWORD", "hunter2"),
        set_to("MODE", "fast", OneContainer("migrate")),
        findings=(WARNING,),
    )
    assert diff_text(found) == WHOLE


def test_a_diff_of_nothing_says_so_and_asks_for_nothing() -> None:
    assert diff_text(diff(set_to("POOL_SIZE", "10"))) == (
        "plan payments-to-pg16 on rollout payments/payments in context prod: nothing to change\n"
        "  0 changed, 0 added, 0 removed, 0 other fields\n"
        "\n"
        "The live spec already is what the plan wants. Nothing was written.\n"
    )


def test_a_plan_that_would_be_refused_is_not_offered_for_applying() -> None:
    last = diff_text(diff(TO_B, findings=(REFUSAL, WARNING))).splitlines()[-1]
    assert last == "Nothing was written. `cutover apply` would refuse this plan: C010."


def test_the_first_variable_of_a_container_is_shown_as_added() -> None:
    text = diff_text(diff(set_to("A", "1"), live=template(container("app"))))
    assert text.endswith(
        "Spec\n"
        "  --- live containers/app/env\n"
        "  +++ plan containers/app/env\n"
        "  @@ -0,0 +1,2 @@\n"
        "  +- name: A\n"
        "  +  value: '1'\n"
        "\n"
        "JSON Patch\n"
        "  3 operations; cutover diff plan.yaml -o patch prints them\n"
        "\n"
        "Nothing was written. Next: cutover apply plan.yaml --dry-run, then cutover apply plan.yaml\n"
    )


def test_a_value_over_several_lines_stays_in_its_column() -> None:
    text = diff_text(diff(set_to("A", "one\ntwo"), live=template(container("app", literal("A", "x")))))
    assert '  app  A  "x" → "one\\ntwo"\n' in text


def test_the_whole_document_of_a_diff() -> None:
    env = "/spec/template/spec/containers/0/env"
    old = {"name": "DATABASE_URL", "valueFrom": {"secretKeyRef": {"name": "payments-db-a", "key": "url"}}}
    new = {"name": "DATABASE_URL", "valueFrom": {"secretKeyRef": {"name": "payments-db-b", "key": "url"}}}
    assert json.loads(diff_json(diff(TO_B, findings=(WARNING,)))) == {
        "apiVersion": "cutover.dev/v1alpha1",
        "kind": "CutoverDiff",
        "plan": {"name": "payments-to-pg16", "digest": "digest", "file": "plan.yaml", "description": ""},
        "target": {"rollout": "payments", "namespace": "payments", "app": "payments", "context": "prod"},
        "outcome": "planned",
        "differs": True,
        "counts": {"changed": 1, "added": 0, "removed": 0, "otherFields": 0},
        "edits": [
            {
                "about": "Environment",
                "act": "changed",
                "container": "app",
                "init": False,
                "variable": "DATABASE_URL",
                "field": "",
                "pointer": f"{env}/0",
                "from": "secret payments-db-a/url",
                "to": "secret payments-db-b/url",
            }
        ],
        "copies": [],
        "patch": [
            {"op": "test", "path": "/spec/template/spec/containers/0/name", "value": "app"},
            {"op": "test", "path": f"{env}/0", "value": old},
            {"op": "replace", "path": f"{env}/0", "value": new},
        ],
        "findings": [
            {
                "code": "C033",
                "severity": "warn",
                "title": "Title",
                "message": "the message.",
                "where": "payments/rollout/payments: spec.steps",
                "remedy": "what to do",
                "verified": True,
                "allowed": "",
            }
        ],
        "notes": [],
        "forecast": {"stages": [], "unknown": "it was not asked for"},
        "coverage": [],
        "wayBack": [],
        "consumers": [],
    }


def test_the_document_of_a_diff_of_nothing_says_unchanged() -> None:
    document = json.loads(diff_json(diff(set_to("POOL_SIZE", "10"))))
    assert (document["outcome"], document["differs"], document["edits"], document["patch"]) == (
        "unchanged",
        False,
        [],
        [],
    )


FORECAST = Forecast(
    stages=(Stage("setWeight 20", 20, 1, 4, "each is Ready"), Stage("promotion", 100, 4, 0, "watched")),
    abort_within=105.0,
    serving=4,
    replicas=4,
    notes=("a failure is aborted",),
)


def test_what_will_happen_is_told_in_columns() -> None:
    text = diff_text(replace(diff(TO_B), forecast=FORECAST))
    assert text[text.index("What will") : text.index("Spec")] == (
        "What will happen\n"
        "   0  setWeight 20  1 canary, 4 stable  each is Ready\n"
        "   1  promotion     4 canary, 0 stable  watched\n"
        "  with a value that makes no pod Ready: aborted 105 s after the write at the latest, "
        "4 of 4 stable pods serve\n"
        "  a failure is aborted\n\n"
    )


def test_what_will_happen_is_in_the_document() -> None:
    told = json.loads(diff_json(replace(diff(TO_B), forecast=FORECAST)))["forecast"]
    assert (told["abortWithinSeconds"], told["serving"], told["replicas"], told["notes"]) == (
        105.0,
        4,
        4,
        ["a failure is aborted"],
    )
    assert told["stages"][0] == {
        "name": "setWeight 20",
        "weight": 20,
        "canary": 1,
        "stable": 4,
        "then": "each is Ready",
    }
    assert json.loads(diff_json(diff(set_to("POOL_SIZE", "10"))))["forecast"] == {
        "stages": [],
        "unknown": "there is nothing to change",
    }


COVERAGE = (
    Coverage("A", "it cannot start", Covered.YES, "exit codes"),
    Coverage("C", "it is wrong", Covered.NO, "none"),
)


def test_what_would_notice_a_bad_value_is_told_class_by_class() -> None:
    found = replace(diff(TO_B), coverage=COVERAGE)
    text = diff_text(found)
    assert text[text.index("What would") : text.index("Spec")] == (
        "What would notice a bad value\n  A yes     it cannot start: exit codes\n  C no      it is wrong: none\n\n"
    )
    assert json.loads(diff_json(found))["coverage"][1] == {
        "class": "C",
        "title": "it is wrong",
        "covered": "no",
        "by": "none",
    }
    assert "| C | no | it is wrong | none |" in diff_markdown(found)


CONSUMERS = (
    Consumer("Deployment", "worker", ("Secret payments-db-a, key url", "the old MODE of container app")),
    Consumer("CronJob", "report", ("Secret payments-db-a",)),
)


def test_consumers_that_are_not_in_the_plan_are_told() -> None:
    found = replace(diff(TO_B), consumers=CONSUMERS)
    text = diff_text(found)
    assert text[text.index("Consumers") : text.index("Spec")] == (
        "Consumers not in this plan\n"
        "  Deployment worker (Secret payments-db-a, key url; the old MODE of container app)\n"
        "  CronJob report (Secret payments-db-a)\n\n"
    )
    assert json.loads(diff_json(found))["consumers"][1] == {
        "kind": "CronJob",
        "name": "report",
        "uses": ["Secret payments-db-a"],
    }
    assert "**Consumers not in this plan**\n\n- Deployment worker (Secret payments-db-a, key url" in diff_markdown(
        found
    )
