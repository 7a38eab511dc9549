"""`cutover gc`: what is wrong with its command line is said before any cluster is asked."""

import json
from pathlib import Path

import pytest

from tests.cli.process import cutover


@pytest.mark.parametrize("arguments", [(), ("",), ("--dry-run",), ("", "-n", "")])
def test_without_a_namespace_nothing_is_looked_at(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    nowhere = ("--kubeconfig", str(tmp_path / "there-is-none"))
    done = cutover("gc", *arguments, "-o", "json", *nowhere)
    document = json.loads(done.stdout)
    assert (done.returncode, document["kind"], document["outcome"]) == (2, "CutoverCollection", "invalid")
    assert "neither APP nor -n says which namespace is meant" in done.stderr


@pytest.mark.parametrize("arguments", [("payments",), ("-n", "shop"), ("payments", "-n", "shop")])
def test_either_names_the_namespace(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    """The next thing that is missing is the cluster."""
    done = cutover("gc", *arguments, "--kubeconfig", str(tmp_path / "there-is-none"))
    assert (done.returncode, done.stdout) == (2, "")
    assert "there-is-none" in done.stderr


def test_one_namespace_at_a_time() -> None:
    done = cutover("gc", "payments", "shop")
    assert (done.returncode, done.stdout) == (2, "")
    assert "unexpected extra argument" in done.stderr


def test_a_cluster_that_is_not_there_is_unreachable(tmp_path: Path) -> None:
    config = {
        "current-context": "c",
        "contexts": [{"name": "c", "context": {"cluster": "c", "user": "u"}}],
        "clusters": [{"name": "c", "cluster": {"server": "http://127.0.0.1:9"}}],
        "users": [{"name": "u", "user": {}}],
    }
    (tmp_path / "config").write_text(json.dumps(config))
    done = cutover("gc", "payments", "-o", "json", "--kubeconfig", str(tmp_path / "config"), home=tmp_path)
    assert (done.returncode, json.loads(done.stdout)["outcome"]) == (7, "unreachable")
