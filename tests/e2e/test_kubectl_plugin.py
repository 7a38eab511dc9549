"""`kubectl cutover …`: the real kubectl finds the program, hands its arguments on, and keeps its exit code."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.test_diff_offline import SECRET, live, manifest
from tests.cluster.bed import Bed
from tests.core.plan.texts import GOOD

pytestmark = pytest.mark.cluster


def kubectl(bed: Bed, *arguments: str) -> subprocess.CompletedProcess[str]:
    """As in a shell in which both programs are on the `PATH`."""
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    environment = os.environ | {"KUBECONFIG": str(bed.kubeconfig), "PATH": path}
    return subprocess.run([bed.kubectl, *arguments], env=environment, capture_output=True, text=True, check=False)


def test_kubectl_finds_it_as_a_plugin(bed: Bed) -> None:
    helped = kubectl(bed, "cutover", "--help")
    assert (helped.returncode, helped.stdout.splitlines()[0]) == (0, "Usage: cutover [OPTIONS] COMMAND [ARGS]...")


def test_a_diff_by_kubectl_needs_no_cluster_and_keeps_its_exit_code(bed: Bed, tmp_path: Path) -> None:
    plan = tmp_path / "plan.yaml"
    plan.write_text(GOOD)
    shown = kubectl(bed, "cutover", "diff", str(plan), "--live", live(tmp_path, manifest(), SECRET), "--exit-code")
    assert shown.returncode == 6, shown.stderr
    assert "secret payments-db-a/url → secret payments-db-b/url" in shown.stdout


def test_it_reads_the_cluster_that_kubectl_would(bed: Bed) -> None:
    read = kubectl(bed, "cutover", "status", "payments", "-n", "kube-system")
    assert (read.returncode, "in namespace 'kube-system'" in read.stdout + read.stderr) == (3, True), read
    other = kubectl(bed, "cutover", "status", "payments", "--context", "another")
    assert (other.returncode, "'another' does not exist" in other.stdout + other.stderr) == (2, True), other


def test_kubectl_takes_no_flag_of_its_own_before_the_plugins_name(bed: Bed) -> None:
    """That is why the README says that options go to the end."""
    refused = kubectl(bed, "--context", "bed", "cutover", "runs")
    assert refused.returncode == 1
    assert "flags cannot be placed before plugin name: --context" in refused.stderr
