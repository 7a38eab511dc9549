"""Each documented form of a credential, as what stands now and as what is planned, in every output of a diff."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from tests.cli.process import cutover
from tests.cli.test_diff_offline import manifest
from tests.core.base.credential_corpus import FORMS, HARMLESS, HOST
from tests.core.checks.documents import TEMPLATE

pytestmark = pytest.mark.sampled(7)

OUTPUTS: Final = ("text", "json", "markdown", "yaml", "patch", "kustomize")
TOOLS: Final = ("patch", "kustomize")
"""Outputs that another tool applies: what is never shown cannot stand in them, so they are refused."""


def numbered(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Each name once, and told by its last words as before."""
    return [(f"V{number}_{name}", value) for number, (name, value) in enumerate(pairs)]


NOW: Final = numbered((form.name, form.value) for form in FORMS)
HARMLESS_ONES: Final = numbered(HARMLESS)


def rollout(folder: Path, literals: Iterable[tuple[str, str]]) -> str:
    container: dict[str, Any] = TEMPLATE["spec"]["containers"][0]
    env = [{"name": name, "value": value} for name, value in literals]
    template = {**TEMPLATE, "spec": {**TEMPLATE["spec"], "containers": [{**container, "env": env}]}}
    document = manifest()
    document["spec"]["template"] = template
    file = folder / "rollout.yaml"
    file.write_text(yaml.safe_dump(document))
    return str(file)


def plan(folder: Path, changes: Iterable[dict[str, Any]]) -> str:
    file = folder / "plan.yaml"
    spec = {"target": {"app": "payments"}, "changes": [{"env": {**each, "container": "app"}} for each in changes]}
    document = {
        "apiVersion": "cutover.dev/v1alpha1",
        "kind": "CutoverPlan",
        "metadata": {"name": "forms"},
        "spec": spec,
    }
    file.write_text(yaml.safe_dump(document))
    return str(file)


def shown(text: str) -> list[str]:
    """The forms whose secret stands in a text."""
    return [form.id for form in FORMS if form.secret in text]


@pytest.mark.parametrize("output", OUTPUTS)
def test_what_stands_now_is_masked_and_its_host_is_shown(tmp_path: Path, output: str) -> None:
    moved = plan(tmp_path, ({"name": name, "secretKeyRef": {"name": "new", "key": "x"}} for name, _ in NOW))
    done = cutover("diff", moved, "--live", rollout(tmp_path, NOW), "-o", output)
    assert done.returncode == (2 if output in TOOLS else 0), done.stderr
    assert shown(done.stdout + done.stderr) == []
    if output not in TOOLS:
        assert done.stdout.count(HOST) >= sum(form.host == HOST for form in FORMS)


@pytest.mark.parametrize("output", [output for output in OUTPUTS if output not in TOOLS])
def test_what_is_planned_is_masked_and_each_literal_is_a_finding(tmp_path: Path, output: str) -> None:
    planned = plan(tmp_path, ({"name": name, "value": value} for name, value in NOW))
    done = cutover("diff", planned, "--live", rollout(tmp_path, [("OTHER", "x")]), "-o", output)
    assert done.returncode == 0, done.stderr
    assert shown(done.stdout + done.stderr) == []
    if output == "json":
        found = {each["where"] for each in json.loads(done.stdout)["findings"] if each["code"] == "C034"}
        assert [name for name, _ in NOW if not any(f"env[{name}]" in where for where in found)] == []


@pytest.mark.parametrize("output", TOOLS)
def test_a_literal_that_is_never_shown_is_handed_to_no_tool(tmp_path: Path, output: str) -> None:
    planned = plan(tmp_path, ({"name": name, "value": value} for name, value in NOW))
    done = cutover("diff", planned, "--live", rollout(tmp_path, [("OTHER", "x")]), "-o", output)
    assert (done.returncode, shown(done.stdout + done.stderr)) == (2, [])


def test_a_literal_that_is_never_shown_is_not_kept_with_the_review(tmp_path: Path) -> None:
    planned = plan(tmp_path, ({"name": name, "value": value} for name, value in NOW))
    kept = tmp_path / "review.json"
    done = cutover("diff", planned, "--live", rollout(tmp_path, [("OTHER", "x")]), "--out", str(kept))
    assert (done.returncode, shown(done.stdout + done.stderr), kept.exists()) == (2, [], False)


@pytest.mark.parametrize("output", OUTPUTS)
def test_what_is_no_credential_is_shown_and_handed_on(tmp_path: Path, output: str) -> None:
    planned = plan(tmp_path, ({"name": name, "value": value} for name, value in HARMLESS_ONES))
    done = cutover("diff", planned, "--live", rollout(tmp_path, [("OTHER", "x")]), "-o", output)
    assert done.returncode == 0, done.stderr
    assert "<masked-" not in done.stdout
    assert "C034" not in done.stdout


def test_a_review_of_what_is_no_credential_is_kept(tmp_path: Path) -> None:
    planned = plan(tmp_path, ({"name": name, "value": value} for name, value in HARMLESS_ONES))
    kept = tmp_path / "review.json"
    done = cutover("diff", planned, "--live", rollout(tmp_path, [("OTHER", "x")]), "--out", str(kept))
    assert (done.returncode, kept.exists()) == (0, True), done.stderr
