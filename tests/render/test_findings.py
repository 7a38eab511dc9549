"""What `cutover check` prints: whole texts, from a value."""

import json
from dataclasses import replace

from cutover.core.base.outcomes import Outcome
from cutover.core.checks.catalogue import PAGES
from cutover.core.checks.finding import Finding, Severity
from cutover.core.review.report import Report
from cutover.render.findings import findings_json, findings_sarif, findings_text
from tests.render.test_report import HELD

APP = "payments/rollout/payments"
REFUSED = Finding("C019", Severity.REFUSE, "no probe", "container app has none", f"{APP}: a", "add it")
WARNED = Finding("C024", Severity.WARN, "no pause", "no step waits", f"{APP}: b", "add one")
ALLOWED = replace(WARNED, allowed="CHG-1")


def report(*findings: Finding, outcome: Outcome = Outcome.PLANNED) -> Report:
    return replace(HELD, outcome=outcome, findings=findings)


def test_the_table_of_a_refused_plan() -> None:
    assert findings_text(report(REFUSED, WARNED, ALLOWED, outcome=Outcome.REFUSED)) == (
        "plan payments-to-db-c on rollout payments/payments: 1 refuse, 1 warn, 1 allowed\n"
        "  C019 refuse: container app has none [payments/rollout/payments: a]\n"
        "    → add it\n"
        "  C024 warn: no step waits [payments/rollout/payments: b]\n"
        "    → add one\n"
        "  C024 warn: no step waits [payments/rollout/payments: b]\n"
        "    → allowed by the plan: CHG-1\n"
        f"{len(PAGES)} conditions were looked at; `cutover apply` would refuse it\n"
    )


def test_the_table_of_a_good_plan() -> None:
    assert findings_text(report()) == (
        "plan payments-to-db-c on rollout payments/payments: no findings\n"
        f"{len(PAGES)} conditions were looked at; nothing keeps `cutover apply` from it\n"
    )


def test_the_document_has_every_finding() -> None:
    document = json.loads(findings_json(report(REFUSED, ALLOWED, outcome=Outcome.REFUSED)))
    assert (document["kind"], document["outcome"], document["exitCode"]) == ("CutoverFindings", "refused", 3)
    assert [(found["code"], found["allowed"]) for found in document["findings"]] == [("C019", ""), ("C024", "CHG-1")]


def test_sarif_places_each_finding_in_the_plan_and_names_its_rule_once() -> None:
    log = json.loads(findings_sarif(report(REFUSED, WARNED, ALLOWED)))
    (run,) = log["runs"]
    assert log["version"] == "2.1.0"
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["C019", "C024"]
    assert run["results"][2] == {
        "ruleId": "C024",
        "level": "warning",
        "message": {"text": "no step waits. add one"},
        "locations": [
            {
                "physicalLocation": {"artifactLocation": {"uri": "bad.yaml"}, "region": {"startLine": 1}},
                "logicalLocations": [{"fullyQualifiedName": "payments/rollout/payments: b"}],
            }
        ],
        "suppressions": [{"kind": "external", "justification": "CHG-1"}],
    }
    assert [found["suppressions"] for found in run["results"][:2]] == [[], []]
