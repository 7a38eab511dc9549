"""`cutover apply` of values from outside: a copy holds them, made before the Rollout is written, and no text does."""

import json
from base64 import b64encode
from typing import Final

import pytest
import typer

from cutover.cli import apply as command
from cutover.cli.shared.options import Output
from cutover.core.base.outcomes import Outcome
from tests.adapters.kube.server import Call
from tests.commands.application import LEASE, ROLLOUT, UsualApplication

VALUES: Final = ("from-a-file-4711", "from-the-environment-4712")
CHANGES: Final = """\
    - secret:
        name: payments-db-a
        set: {url: {fromFile: url.txt}, user: {fromEnv: DB_USER}}
"""
COPY: Final = "POST secrets"


@pytest.fixture
def with_values(one: UsualApplication, monkeypatch: pytest.MonkeyPatch) -> UsualApplication:
    """A plan that gives the Secret two values from outside; the API server would store what it is asked for."""
    head, _, _ = one.plan.read_text().partition("    - env:")
    one.plan.write_text(head + CHANGES)
    (one.folder / "url.txt").write_text(VALUES[0])
    monkeypatch.setenv("DB_USER", VALUES[1])
    one.api.dry = one.would_store
    one.locks()
    return one


def test_a_copy_is_made_before_the_rollout_is_written_and_holds_the_values(with_values: UsualApplication) -> None:
    one = with_values
    one.api.on[COPY] = lambda call: call.reply(201, json.loads(call.seen.body))
    one.api.on[ROLLOUT] = lambda call: call.refuse(403, "Forbidden", "no")
    report = one.apply()
    assert one.api.writes == ["POST leases", COPY, ROLLOUT, f"DELETE {LEASE}"]
    copy, patch = one.api.bodies[1:3]
    assert [copy["data"][key] for key in ("url", "user")] == [b64encode(value.encode()).decode() for value in VALUES]
    assert copy["metadata"]["labels"]["cutover.dev/run"] == report.run
    assert copy["metadata"]["name"] in json.dumps(patch)


def test_without_its_copy_the_rollout_is_not_written_and_the_lock_is_given_back(with_values: UsualApplication) -> None:
    one = with_values
    one.api.on[COPY] = lambda call: call.refuse(403, "Forbidden", f"exceeded quota, {VALUES[0]}")
    report = one.apply()
    assert (report.outcome, report.proven) == (Outcome.REFUSED, ("nothing was written to the Rollout",))
    assert "C095" in [finding.code for finding in report.findings]
    assert one.api.writes == ["POST leases", COPY, f"DELETE {LEASE}"]
    assert VALUES[0] not in repr(report)


@pytest.mark.parametrize("output", Output)
def test_a_refusal_that_quotes_the_values_prints_and_keeps_neither(
    with_values: UsualApplication, output: Output, capfd: pytest.CaptureFixture[str]
) -> None:
    one = with_values
    one.api.dry = quoting
    with pytest.raises(typer.Exit) as ended:
        command.apply(str(one.plan), kubeconfig=one.kubeconfig, output=output)
    printed = "".join(capfd.readouterr())
    assert (ended.value.exit_code, one.api.writes) == (3, [])
    kept = "".join(file.read_text() for file in (one.folder / "state").rglob("*") if file.is_file())
    for text in (printed, kept):
        assert "the policy does not like" in text
        assert not [value for value in VALUES if value in text]


def quoting(call: Call) -> None:
    """A policy that says what it was sent."""
    call.refuse(403, "Forbidden", f"the policy does not like {' and '.join(VALUES)}")
