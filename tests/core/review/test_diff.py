"""The diff as a value: what a reviewer is shown of a plan."""

from dataclasses import replace
from typing import Any

import pytest

from cutover.core.base.redaction import Redactor
from cutover.core.base.secret_text import SecretText
from cutover.core.base.target import Target
from cutover.core.checks.finding import Finding, Severity
from cutover.core.patch.consumers import Consumer
from cutover.core.patch.resolve import resolve
from cutover.core.plan.changes import EnvChange, EveryContainer, OneContainer
from cutover.core.plan.model import Plan
from cutover.core.podtemplate.env_source import FromSecret, LiteralValue
from cutover.core.review.describe import EditAct
from cutover.core.review.diff import Diff, diff_of
from cutover.core.review.reviewer_notes import editable
from tests.core.checks.documents import ground, secret
from tests.core.podtemplate.documents import PAYMENTS, container, literal, template

APP = OneContainer("app")
TARGET = Target("payments", "payments", "payments", "prod")
NOTE = (
    "not immutable: Secret payments-db-b; an edit of it in place reaches pods as they restart, and no abort takes that "
    "back"
)
REDACTOR = Redactor(b"a key of this run")


def diff(*changes: EnvChange, live: Any = PAYMENTS, findings: tuple[Finding, ...] = (), knowing: str = "") -> Diff:
    plan = Plan("payments-to-pg16", TARGET, changes, "digest", file="plan.yaml")
    redactor = REDACTOR.knowing([SecretText(knowing)])
    return diff_of(plan, TARGET, resolve(plan, live, redactor), findings, redactor)


def set_to(variable: str, value: str, where: Any = APP) -> EnvChange:
    return EnvChange(variable, LiteralValue(SecretText(value)), where)


def test_every_edit_is_an_entry_with_its_act() -> None:
    found = diff(
        EnvChange("DATABASE_URL", FromSecret("payments-db-b", "url"), APP),
        EnvChange("OLD_FLAG", None, EveryContainer()),
        set_to("FEATURE_X", "on"),
    )
    assert [(entry.act, entry.container, entry.variable, entry.before, entry.after) for entry in found.entries] == [
        (EditAct.CHANGED, "app", "DATABASE_URL", "secret payments-db-a/url", "secret payments-db-b/url"),
        (EditAct.ADDED, "app", "FEATURE_X", "absent", '"on"'),
        (EditAct.REMOVED, "app", "OLD_FLAG", '"1"', "absent"),
        (EditAct.REMOVED, "proxy", "OLD_FLAG", '"0"', "absent"),
    ]
    assert [found.count(act) for act in EditAct] == [1, 1, 2]
    assert found.differs


def test_a_plan_that_is_there_already_differs_in_nothing() -> None:
    found = diff(set_to("POOL_SIZE", "10"))
    assert not found.differs
    assert (found.entries, list(found.patch), found.notes) == ((), [], ())
    assert found.parts == ()


def test_only_parts_that_change_are_shown() -> None:
    found = diff(set_to("POOL_SIZE", "20"), EnvChange("DATABASE_URL", None, OneContainer("migrate")))
    assert [part.name for part in found.parts] == ["containers/app/env", "initContainers/migrate/env"]


@pytest.mark.parametrize(
    ("change", "live", "note"),
    [
        (
            set_to("DATABSE_URL", "x"),
            PAYMENTS,
            "DATABSE_URL is new in container app, where DATABASE_URL exists: is the name right?",
        ),
        (
            EnvChange("OLDFLAG", None, EveryContainer()),
            PAYMENTS,
            "OLDFLAG is in no container, where OLD_FLAG exists: is the name right?",
        ),
        (
            set_to("HOST", "b"),
            template(container("app", literal("HOST", "a"), literal("URL", "http://$(HOST)"), args=["$(HOST)"])),
            "HOST in container app is also part of args (by $(HOST))",
        ),
    ],
)
def test_what_a_reviewer_should_see_is_noted(change: EnvChange, live: Any, note: str) -> None:
    assert diff(change, live=live).notes[0] == note


def test_what_reads_otherwise_by_a_reference_is_shown_expanded() -> None:
    held = container("app", literal("HOST", "a"), literal("URL", "http://$(HOST)/$(MISSING)/$$(HOST)"))
    assert diff(set_to("HOST", "b"), live=template(held)).notes == (
        'URL in container app will read "http://b/$(MISSING)/$(HOST)"; it reads "http://a/$(MISSING)/$(HOST)"',
    )


def test_a_name_that_is_like_no_other_and_one_that_is_there_are_not_noted() -> None:
    assert diff(set_to("FEATURE_X", "on"), set_to("POOL_SIZE", "20")).notes == ()


def test_nothing_in_a_diff_shows_a_credential() -> None:
    live = template(
        container(
            "app", literal("DB_PASSWORD", "hunter1"), literal("NOTE", "known hunter5"), args=["--token", "hunter6"]
        )
    )
    finding = Finding("C020", Severity.WARN, "t", "says password=hunter7", "w", "set token=hunter8")
    found = diff(
        set_to("DB_PASSWORD", "hunter2"),
        set_to("URL", "postgres://app:hunter3@db/x"),
        set_to("NOTE", "known hunter4"),
        live=live,
        findings=(finding,),
        knowing="known hunter4",
    )
    shown = repr(
        (found.entries, found.patch, [(part.before, part.after) for part in found.parts], found.notes, found.findings)
    )
    assert "hunter" not in shown.replace("hunter5", "")  # a literal that no Secret holds and whose name says nothing
    assert "postgres://app:<masked-" in shown


def test_the_findings_that_refuse_are_told_apart() -> None:
    refused = Finding("C010", Severity.REFUSE, "t", "m", "w", "r")
    warned = Finding("C011", Severity.WARN, "t", "m", "w", "r")
    assert diff(set_to("A", "1"), findings=(warned, refused)).refused == (refused,)


def test_consumers_and_notes_from_elsewhere_are_shown_without_a_credential() -> None:
    plan = Plan("payments-to-pg16", TARGET, (set_to("POOL_SIZE", "20"),), "digest", file="plan.yaml")
    left = Consumer("Deployment", "worker", ("Secret a, key url", "password=hunter2"))
    edits = resolve(plan, PAYMENTS, REDACTOR)
    found = diff_of(plan, TARGET, edits, (), REDACTOR, consumers=(left,), notes=("a note", "a note"))
    assert found.notes == ("a note",)
    (consumer,) = found.consumers
    assert str(consumer).startswith("Deployment worker (Secret a, key url; password=<masked-")


def test_what_the_plan_refers_to_anew_and_anybody_can_edit_is_noted() -> None:
    held = {("Secret", name): secret(name, "url") for name in ("payments-db-a", "payments-db-b")}
    judged = ground(configs=held)
    assert tuple(editable(judged.snapshot, judged.edits)) == (NOTE,)
    fixed = {key: replace(view, immutable=True) for key, view in held.items()}
    assert list(editable(replace(judged.snapshot, configs=fixed), judged.edits)) == []
    assert list(editable(replace(judged.snapshot, configs={}), judged.edits)) == []
