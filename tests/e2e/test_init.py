"""`cutover init`: a plan from the live Rollout, which the other commands take as it is."""

import pytest

from tests.e2e.arena import Arena
from tests.e2e.secrets import planted

pytestmark = pytest.mark.cluster

PLANTED = "tok-Zq83mVx0-planted-literal"


def test_a_written_plan_is_valid_and_changes_exactly_what_was_asked_for(arena: Arena) -> None:
    arena.deploy(env={"API_TOKEN": PLANTED}, sidecar=True)
    arena.secret("payments-api", api="another")
    file = arena.folder / "plan.yaml"
    asked = (
        *("--set", "FEATURE_X=on", "--set", "NEW= 1: # é\n", "--remove", "POD_HASH", "--container", "app"),
        *("--set-secret", "DATABASE_URL=payments-db-b/url", "--set-secret", "API_TOKEN=payments-api/api"),
    )
    with arena.no_write():
        made = arena.cutover("init", "payments", "-n", arena.namespace, *asked, "--out", file)
        assert made.code == 0, made.told()
        valid, diff = arena.cutover("validate", file), arena.cutover("diff", file, "-o", "json")
    assert (valid.code, diff.code) == (0, 0), valid.told() + diff.told()
    edits = [(edit["act"], edit["container"], edit["variable"]) for edit in diff.report["edits"]]
    assert sorted(edits) == [
        ("added", "app", "NEW"),
        ("changed", "app", "API_TOKEN"),
        ("changed", "app", "DATABASE_URL"),
        ("changed", "app", "FEATURE_X"),
        ("removed", "app", "POD_HASH"),
    ]
    text = file.read_text()
    assert "from: {secretKeyRef: {name: payments-db-a, key: url}}" in text
    assert "# Steps of this Rollout: setWeight 20 → pause → setWeight 60 → pause 2s → promotion." in text
    for secret in (PLANTED, *planted(arena).values()):
        assert secret not in text + "".join(arena.outputs)


def test_without_a_file_the_plan_is_all_that_is_printed(arena: Arena) -> None:
    arena.deploy()
    made = arena.cutover("init", "payments", "-n", arena.namespace, "--set", "LOG_LEVEL=debug")
    assert (made.code, made.stderr) == (0, ""), made.told()
    file = arena.folder / "plan.yaml"
    file.write_text(made.stdout)
    assert arena.cutover("diff", file, "--exit-code").code == 6


def test_a_rollout_that_is_not_there_is_refused_as_everywhere(arena: Arena) -> None:
    arena.deploy()
    made = arena.cutover("init", "paymnets", "-n", arena.namespace, "--set", "LOG_LEVEL=debug")
    looked = arena.cutover("status", "paymnets", "-n", arena.namespace)
    assert (made.code, made.stdout, made.stderr) == (3, "", looked.stderr)
