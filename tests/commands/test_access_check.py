"""The rights of a run are asked for all at once; what is missing refuses, or says which evidence goes with it."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cutover.adapters.kube.session import connect
from cutover.commands.access_check import check_rights
from cutover.core.checks.finding import Finding, Severity
from cutover.core.checks.required_rights import rights_of
from cutover.core.plan.load import load
from tests.adapters.kube.server import ApiServer, Call, Reply
from tests.core.checks.documents import TEMPLATE
from tests.core.plan.texts import GOOD

PLAN = load(GOOD, "plan.yaml")
REMEDY = "have it granted: `cutover rbac plan.yaml` prints the Role"
PLACE = "payments/rollout/payments"


def asked(folder: Path, answer: Reply) -> tuple[Finding, ...]:
    with ApiServer(answer) as server:
        return check_rights(connect(server.kubeconfig(folder)), PLAN, TEMPLATE)


def question(call: Call) -> Mapping[str, Any]:
    attributes: Mapping[str, Any] = json.loads(call.seen.body)["spec"]["resourceAttributes"]
    return attributes


def denying(*resources: str) -> Reply:
    """All is allowed but these, each as resource or resource/subresource."""

    def answer(call: Call) -> None:
        wanted = question(call)
        named = "/".join(part for part in (wanted["resource"], wanted["subresource"]) if part)
        call.reply(201, {"status": {"allowed": named not in resources}})

    return answer


def test_every_right_of_the_table_is_asked_for_and_whoever_has_all_is_told_nothing(tmp_path: Path) -> None:
    heard: list[Mapping[str, Any]] = []

    def answer(call: Call) -> None:
        heard.append(question(call))
        call.reply(201, {"status": {"allowed": True}})

    assert asked(tmp_path, answer) == ()
    keys = ("verb", "group", "resource", "subresource", "name")
    questions = sorted(tuple(attributes[key] for key in keys) for attributes in heard)
    table = sorted((r.verb, r.group, r.resource, r.subresource, r.name) for r in rights_of(PLAN, TEMPLATE))
    assert questions == table
    assert {attributes["namespace"] for attributes in heard} == {"payments"}


def test_what_is_required_refuses_and_what_brings_evidence_warns(tmp_path: Path) -> None:
    required, optional = asked(tmp_path, denying("rollouts/status", "pods/log"))
    assert required == Finding(
        "C093",
        Severity.REFUSE,
        "a right is missing",
        "not allowed: patch rollouts/status payments in namespace payments",
        PLACE,
        REMEDY,
    )
    assert optional == Finding(
        "C094",
        Severity.WARN,
        "a right for evidence is missing",
        "not allowed: get pods/log in namespace payments; missing without it: the pods' logs",
        PLACE,
        REMEDY,
    )


def test_rights_of_one_purpose_are_told_together(tmp_path: Path) -> None:
    analysis, secrets = asked(tmp_path, denying("analysisruns", "secrets"))
    assert analysis.message == (
        "not allowed: list, watch analysisruns in namespace payments; missing without it: what an analysis measured "
        "(one that fails shows as an abort only)"
    )
    assert secrets.message == (
        "not allowed: get secrets payments-db-b, payments-db-a in namespace payments; missing without it: the "
        "Secrets' keys (not verified) and values (masked by pattern only)"
    )


def test_what_could_not_be_asked_refuses_nothing(tmp_path: Path) -> None:
    findings = asked(tmp_path, lambda call: call.reply(500, {}))
    assert {(found.code, found.severity, found.verified) for found in findings} == {
        ("C093", Severity.WARN, False),
        ("C094", Severity.WARN, False),
    }
    assert findings[0].message == (
        "could not be checked: get, patch rollouts payments in namespace payments: "
        "the API server answered 500 when asked for a right"
    )
