"""Installing: what a user gets is what the tool runs on, by one name for the shell and one for kubectl."""

import os
import re
import subprocess
import sys
from collections.abc import Sequence
from importlib.metadata import distribution, entry_points
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.cli.process import cutover
from tests.cli.test_diff_offline import SECRET, live, manifest
from tests.core.plan.texts import GOOD

ROOT = Path(__file__).parents[2]
USERS = ROOT / "requirements.lock"
DEVELOPERS = ROOT / "requirements-dev.lock"
PLAYBOOK = ROOT / "playbooks" / "env-flag.yaml"
PIP = (sys.executable, "-m", "pip")
PLUGIN = Path(sys.executable).parent / "kubectl-cutover"


def pinned(lock: Path) -> dict[str, str]:
    pins = re.findall(r"^([\w.-]+)==(\S+)", lock.read_text(), re.MULTILINE)
    return {canonicalize_name(name): version for name, version in pins}


def needed(name: str) -> set[str]:
    """What a distribution needs, and what that needs, and so on; without anybody's extras."""
    seen: set[str] = set()
    waiting = [name]
    while waiting:
        requirements = [Requirement(text) for text in distribution(waiting.pop()).requires or []]
        wanted = {canonicalize_name(each.name) for each in requirements if _applies(each)}
        waiting += wanted - seen
        seen |= wanted
    return seen


def _applies(requirement: Requirement) -> bool:
    return requirement.marker is None or requirement.marker.evaluate({"extra": ""})


def told(*command: str | Path, folder: Path = ROOT) -> str:
    """The output of a command that succeeds, in an environment that knows no other Python."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_users_lock_holds_what_cutover_runs_on_and_nothing_else() -> None:
    assert set(pinned(USERS)) == needed("cutover")


def test_developers_test_the_versions_that_users_get() -> None:
    assert pinned(USERS).items() <= pinned(DEVELOPERS).items()


@pytest.mark.parametrize("lock", [USERS, DEVELOPERS], ids=lambda lock: lock.name)
def test_every_pin_has_its_hashes_and_no_host_is_named(lock: Path) -> None:
    text = lock.read_text()
    assert len(re.findall(r"==\S+ \\\n    --hash=sha256:", text)) == len(pinned(lock)) == text.count("==")
    assert not re.search(r"://|--index|--extra-index|--find-links|--trusted-host", text)


def test_a_clean_environment_gets_the_lock_and_nothing_else_and_works(tmp_path: Path) -> None:
    """From the package index, as a user does, and then the wheel."""
    told(sys.executable, "-m", "venv", "--without-pip", tmp_path)
    pip(tmp_path, "install", "--quiet", "--no-compile", "--no-deps", "--require-hashes", "-r", USERS)
    told(*PIP, "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir", tmp_path, ".")
    pip(tmp_path, "install", "--quiet", "--no-compile", "--no-deps", *tmp_path.glob("cutover-*.whl"))
    pip(tmp_path, "check")
    listed = pip(tmp_path, "list", "--format", "freeze").splitlines()
    assert {canonicalize_name(line.partition("==")[0]) for line in listed} == {*pinned(USERS), "cutover"}
    for name in ("cutover", "kubectl-cutover"):
        program = tmp_path / "bin" / name
        assert "Usage: cutover" in told(program, "--help", folder=tmp_path)
        assert "plan payments-env-flag is valid" in told(program, "validate", PLAYBOOK, folder=tmp_path)
        assert "Environment\n" in told(program, *_diff_without_a_cluster(tmp_path), folder=tmp_path)


def pip(environment: Path, *arguments: str | Path) -> str:
    return told(*PIP, "--python", environment / "bin" / "python", *arguments)


def test_both_names_are_the_same_program() -> None:
    scripts = {each.name: each.value for each in entry_points(group="console_scripts") if "cutover" in each.name}
    assert scripts == dict.fromkeys(("cutover", "kubectl-cutover"), "cutover.__main__:main")


def test_kubectls_name_does_what_cutover_does_without_a_cluster(tmp_path: Path) -> None:
    for arguments in (["--help"], ["validate", str(PLAYBOOK)], _diff_without_a_cluster(tmp_path)):
        assert told(PLUGIN, *arguments) == cutover(*arguments).stdout != ""


def _diff_without_a_cluster(folder: Path) -> Sequence[str]:
    plan = folder / "plan.yaml"
    plan.write_text(GOOD)
    return ["diff", str(plan), "--live", live(folder, manifest(), SECRET)]
