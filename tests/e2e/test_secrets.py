"""No secret leaves the place where it was: planted values, and the proof that the search would find them."""

import base64

import pytest

from tests.cluster import manifests
from tests.e2e.arena import SHORT, Arena
from tests.e2e.secrets import assert_nothing_leaked, planted

pytestmark = pytest.mark.cluster

PLANTED = "tok-Zq83mVx0-planted-literal"


@pytest.mark.sampled(2)
def test_a_logged_secret_is_masked_in_the_evidence(arena: Arena) -> None:
    arena.deploy(env={"FAULT": "log_secret", "FAULT_WHEN_IDENTITY": "db-b"})
    watch = SHORT.replace("8s", "20s")  # the container has to have started on a busy machine
    running = arena.start("apply", arena.plan(arena.to_secret("payments-db-b"), watch=watch), "-o", "json")
    running.wait_for_line("running, not Ready")
    raw = arena.wait_for_log("connecting")
    outcome = running.finish()
    assert outcome.code == 10, outcome.told()
    password = arena.bed.databases.b.password
    assert password in raw, "the pod really logged it: the search below looks for something that is there"
    logs = [piece["text"] for piece in outcome.report["evidence"] if piece["kind"] == "log"]
    assert any("connecting" in log for log in logs), "the line is part of the evidence"
    assert all(password not in log for log in logs)


@pytest.mark.sampled(2)
def test_the_search_finds_a_value_where_it_must_be(arena: Arena) -> None:
    arena.deploy()
    secret = arena.get(f"/api/v1/namespaces/{arena.namespace}/secrets/payments-db-a")
    url = base64.b64decode(secret["data"]["url"]).decode()
    assert any(value in url for value in planted(arena).values())
    arena.outputs.append(url)
    with pytest.raises(AssertionError, match="leaked into an output"):
        assert_nothing_leaked(arena)
    arena.outputs.clear()


@pytest.mark.sampled(2)
def test_a_literal_that_looks_like_a_credential_is_never_shown(arena: Arena) -> None:
    arena.deploy(env={"API_TOKEN": PLANTED})
    plan = arena.plan('{name: API_TOKEN, value: "tok-other-planted-literal", container: app}')
    outcomes = [
        arena.cutover("diff", plan),
        arena.cutover("diff", plan, "-o", "json"),
        arena.cutover("apply", plan, "--dry-run"),
        arena.applied(plan),
    ]
    assert [outcome.code for outcome in outcomes] == [0, 0, 0, 0], outcomes[-1].told()
    for outcome in outcomes:
        assert PLANTED not in outcome.told()
        assert "tok-other-planted-literal" not in outcome.told()
        assert "API_TOKEN" in outcome.stdout


@pytest.mark.sampled(2)
def test_kubectl_diff_would_have_shown_it(arena: Arena) -> None:
    """The positive control for the test above: what a literal credential looks like elsewhere."""
    arena.deploy(env={"API_TOKEN": PLANTED})
    rollout = manifests.rollout(arena.namespace, arena.bed.image, env={"API_TOKEN": "changed"})
    assert PLANTED in arena.kubectl_diff(rollout)
