"""What was reviewed is what is applied, or nothing is: to the letter, or stale by field."""

import json
from pathlib import Path

import pytest

from tests.e2e.arena import Arena

pytestmark = pytest.mark.cluster


def reviewed(arena: Arena, plan: Path, *arguments: str) -> Path:
    file = arena.folder / "reviewed.json"
    kept = arena.cutover("diff", plan, "--out", file, "--force", *arguments)
    assert kept.code == 0, kept.told()
    arena.outputs.append(file.read_text())  # searched for planted values, like everything that is printed
    return file


def test_a_review_that_has_moved_is_refused_by_field_and_one_that_has_not_is_applied(arena: Arena) -> None:
    arena.deploy()
    plan = arena.plan(arena.to_secret("payments-db-b"))
    file = reviewed(arena, plan)
    plan.write_text("not even a plan any more")
    arena.patch({"metadata": {"annotations": {"somebody": "else"}}, "spec": {"replicas": 3}})
    arena.wait_healthy()
    arena.secret("payments-db-b", url=arena.bed.databases.refused.url())
    with arena.no_write():
        stale = arena.applied(file)
    assert stale.code == 4, stale.told()
    assert "secret/payments-db-b: expected uid" in stale.told()
    assert "spec.replicas" not in stale.told()

    arena.secret("payments-db-b", url=arena.bed.databases.b.url())
    plan = arena.plan(arena.to_secret("payments-db-b"))
    outcome = arena.applied(reviewed(arena, plan))
    assert outcome.code == 0, outcome.told()
    arena.wait_for_answers_of("db-b")


def test_a_copied_secret_gets_the_very_name_that_was_reviewed(arena: Arena) -> None:
    arena.deploy()
    (arena.folder / "url.txt").write_text(arena.bed.databases.b.url())
    file = reviewed(arena, arena.plan_of("secret: {name: payments-db-a, set: {url: {fromFile: ./url.txt}}}"))
    suffix = json.loads(file.read_text())["suffix"]
    outcome = arena.applied(file)
    assert outcome.code == 0, outcome.told()
    assert f"payments-db-a-{suffix}" in json.dumps(arena.template())


@pytest.mark.whole("tests/commands/test_evaluate.py::test_a_review_that_is_too_old_is_stale_and_nothing_is_written")
def test_a_review_that_is_too_old_is_stale(arena: Arena) -> None:
    arena.deploy()
    file = reviewed(arena, arena.plan(arena.to_secret("payments-db-b")), "--valid-for", "1s")
    document = json.loads(file.read_text())
    file.write_text(json.dumps(document | {"reviewed": "2026-01-01T00:00:00Z", "expires": "2026-01-02T00:00:00Z"}))
    with arena.no_write():
        stale = arena.applied(file)
    assert stale.code == 4, stale.told()
    assert "good until 2026-01-02 00:00:00 UTC" in stale.told()


@pytest.mark.whole("tests/commands/test_evaluate.py::test_a_plan_that_spells_a_secret_out_is_not_kept")
def test_a_plan_that_spells_a_secret_out_is_not_kept(arena: Arena) -> None:
    arena.deploy()
    plan = arena.plan('{name: API_TOKEN, value: "tok-planted-in-a-plan", container: app}')
    kept = arena.cutover("diff", plan, "--out", arena.folder / "reviewed.json")
    assert kept.code == 2, kept.told()
    assert "the plan spells out a value that is never shown" in kept.told()
    assert not (arena.folder / "reviewed.json").exists()
