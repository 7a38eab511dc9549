"""`cutover rbac`: a Role on standard output, and nothing but the plan is looked at."""

import subprocess
import sys
from pathlib import Path

import yaml

from tests.cli.process import cutover
from tests.core.plan.texts import GOOD
from tests.render.test_role import MINIMAL, printed


def test_the_role_is_printed_whole_and_without_its_optional_rules() -> None:
    whole, minimal = cutover("rbac", "-", given=GOOD), cutover("rbac", "-", "--minimal", "-o", "yaml", given=GOOD)
    assert (whole.returncode, whole.stdout, whole.stderr) == (0, printed(), "")
    assert (minimal.returncode, minimal.stdout, minimal.stderr) == (0, MINIMAL, "")


def test_the_binding_is_whole_once_the_comment_signs_are_gone() -> None:
    lines = cutover("rbac", "-", given=GOOD).stdout.partition("from here on.\n")[2].splitlines()
    binding = yaml.safe_load("\n".join(line[2:] for line in lines))
    assert (binding["kind"], binding["roleRef"]["name"]) == ("RoleBinding", "cutover-payments")
    assert binding["subjects"] == [{"kind": "ServiceAccount", "name": "SUBJECT", "namespace": "payments"}]


def test_no_cluster_and_no_kubeconfig_is_asked(tmp_path: Path) -> None:
    (tmp_path / "plan.yaml").write_text(GOOD)
    code = (
        "import sys; from cutover.cli.main import run; code = run(['rbac', 'plan.yaml']); "
        "print(code, sorted({'kubernetes', 'urllib3'} & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={"KUBECONFIG": str(tmp_path / "there-is-none")},
        check=True,
    )
    assert (done.stdout, done.stderr) == (printed(), "0 []\n")


def test_a_plan_that_is_wrong_gives_no_role() -> None:
    done = cutover("rbac", "-", given=GOOD.replace("90s", "90"))
    assert (done.returncode, done.stdout) == (2, "")
    assert "spec.watch.bake" in done.stderr


def test_a_role_comes_as_yaml_only() -> None:
    done = cutover("rbac", "-", "-o", "sarif", given=GOOD)
    assert (done.returncode, done.stdout) == (2, "")
    assert "'sarif' is not one of 'yaml'" in done.stderr
