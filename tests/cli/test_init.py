"""`cutover init`: a command line that is wrong is refused before anything is read."""

from pathlib import Path

import pytest

from tests.cli.process import cutover

PLANTED = "tok-Zq83mVx0-planted"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "expected something to change, found none of --set, --set-secret, --set-config and --remove"),
        (("--set", "FEATURE_X"), "--set: expected NAME=VALUE"),
        (("--set-secret", "DATABASE_URL=payments-db-b"), "--set-secret: expected NAME=SECRET/KEY"),
        (("--set-config", "REGION"), "--set-config: expected NAME=CONFIGMAP/KEY"),
        (("--set", "X=1", "--remove", "X"), "expected X once, found it 2 times"),
        (("--set", "X=1", "--name", "To B"), "--name: expected a DNS label"),
    ],
)
def test_a_wrong_command_line_is_invalid(arguments: tuple[str, ...], said: str) -> None:
    done = cutover("init", "payments", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert "invalid (exit code 2)" in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("--set", f"API_TOKEN={PLANTED}"),
        ("--set", f"DATABASE_URL=postgres://app:{PLANTED}@db/payments"),
        ("--set", PLANTED),
        ("--set-secret", f"API_TOKEN={PLANTED}"),
        ("--set-secret", f"API_TOKEN={PLANTED}/"),
        ("--remove", f"API_TOKEN={PLANTED}"),
    ],
)
def test_a_credential_is_refused_and_not_repeated(arguments: tuple[str, ...]) -> None:
    done = cutover("init", "payments", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert PLANTED not in done.stderr


def test_a_refused_credential_is_told_where_it_belongs() -> None:
    done = cutover("init", "payments", "--set", f"API_TOKEN={PLANTED}")
    assert "put it into a Secret, then: --set-secret API_TOKEN=SECRET/KEY" in done.stderr


def test_a_file_that_is_there_is_kept(tmp_path: Path) -> None:
    file = tmp_path / "plan.yaml"
    file.write_text("reviewed")
    done = cutover("init", "payments", "--set", "X=1", "--out", str(file))
    assert (done.returncode, done.stdout, file.read_text()) == (2, "", "reviewed")
    assert f"{file}: the file is there already" in done.stderr
    assert "--force" in done.stderr
