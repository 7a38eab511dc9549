"""`cutover diff --live`: a plan against files, where a pipeline has no cluster; what cannot be known is said."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.cli.process import cutover
from tests.core.checks.documents import ROLLOUT, TEMPLATE
from tests.core.plan.texts import GOOD

SECRET: dict[str, Any] = {
    "apiVersion": "v1",
    "kind": "Secret",
    "metadata": {"name": "payments-db-b", "namespace": "payments"},
    "stringData": {"url": "postgres://app:planted-pw-1@db-b/payments"},
}


@pytest.fixture
def plan(tmp_path: Path) -> str:
    file = tmp_path / "plan.yaml"
    file.write_text(GOOD)
    return str(file)


def live(folder: Path, *documents: Any, name: str = "live.yaml") -> str:
    file = folder / name
    file.write_text(yaml.safe_dump_all(documents))
    return str(file)


def manifest(**changes: Any) -> dict[str, Any]:
    """The Rollout as Git holds it: without a status, and without what the API server adds."""
    spec = {key: value for key, value in ROLLOUT["spec"].items() if key != "template"} | {"template": TEMPLATE}
    meta = {"name": "payments", "namespace": "payments"}
    return {"apiVersion": "argoproj.io/v1alpha1", "kind": "Rollout", "metadata": meta, "spec": spec} | changes


def test_a_plan_is_shown_against_files_and_what_could_not_be_checked_is_said(plan: str, tmp_path: Path) -> None:
    done = cutover("diff", plan, "--live", live(tmp_path, manifest(), SECRET))
    assert done.returncode == 0, done.stderr
    assert "app  DATABASE_URL  " in done.stdout
    assert "secret payments-db-b/url" in done.stdout
    assert "setWeight" in done.stdout
    assert "could not be checked: status: the Rollout in the files has none" in done.stdout
    assert "could not be checked: services: none of the files holds any" in done.stdout
    assert "whether the way back works is not known: there was no cluster to look at" in done.stdout
    assert "planted" not in done.stdout + done.stderr


def test_a_secret_in_none_of_the_files_is_not_said_to_be_good(plan: str, tmp_path: Path) -> None:
    done = cutover("diff", plan, "--live", live(tmp_path, manifest()), "-o", "json")
    found = [each for each in json.loads(done.stdout)["findings"] if each["code"] == "C017"]
    assert [(each["severity"], each["verified"]) for each in found] == [("warn", False)]
    assert "it is in none of the files" in found[0]["message"]


def test_a_list_and_several_files_are_read_as_one(plan: str, tmp_path: Path) -> None:
    dump = {"apiVersion": "v1", "kind": "List", "items": [manifest()]}
    done = cutover("diff", plan, "--live", live(tmp_path, dump), "--live", live(tmp_path, SECRET, name="b.yaml"))
    assert done.returncode == 0, done.stderr
    assert "C017" not in done.stdout


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("kind: Rollout\nmetadata: {name: other}\n", 3, "there are: other"),
        ("", 3, "there are: none"),
        ("a: [b\n", 2, "it is not YAML"),
        ("kind: Rollout\nmetadata: {name: payments, namespace: elsewhere}\n", 3, "there are: none"),
    ],
)
def test_files_without_the_rollout_are_refused(plan: str, tmp_path: Path, text: str, code: int, said: str) -> None:
    file = tmp_path / "live.yaml"
    file.write_text(text)
    done = cutover("diff", plan, "--live", str(file))
    assert (done.returncode, done.stdout) == (code, "")
    assert said in done.stderr


def test_a_file_that_is_not_there_is_named(plan: str, tmp_path: Path) -> None:
    done = cutover("diff", plan, "--live", str(tmp_path / "missing.yaml"))
    assert done.returncode == 2
    assert "missing.yaml: it cannot be read: No such file or directory" in done.stderr


def test_what_is_around_is_taken_from_the_files_and_what_none_of_them_holds_is_said(plan: str, tmp_path: Path) -> None:
    env = [{"name": "URL", "valueFrom": {"secretKeyRef": {"name": "payments-db-a", "key": "url"}}}]
    pod = {"spec": {"containers": [{"name": "c", "env": env}]}}
    worker = {"kind": "Deployment", "metadata": {"name": "worker"}, "spec": {"template": pod}}
    alone, beside = (
        json.loads(cutover("diff", plan, "--live", live(tmp_path, manifest(), *more), "-o", "json").stdout)
        for more in ((), (worker,))
    )
    assert [each["verified"] for each in alone["findings"] if each["code"] == "C052"] == [False]
    assert alone["consumers"] == []
    assert [each["verified"] for each in beside["findings"] if each["code"] == "C052"] == [True]
    assert beside["consumers"] == [{"kind": "Deployment", "name": "worker", "uses": ["Secret payments-db-a, key url"]}]
    unknown = {each["code"]: each["message"] for each in beside["findings"] if not each["verified"]}
    assert unknown["C053"] == "could not be checked: horizontalpodautoscalers: none of the files holds any"
    assert {"C054", "C055"} <= set(unknown)


def test_a_rollout_whose_template_is_in_a_deployment_is_refused_for_that_and_for_nothing_else(
    plan: str, tmp_path: Path
) -> None:
    rollout = manifest()
    del rollout["spec"]["template"]
    rollout["spec"]["workloadRef"] = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "payments"}
    done = cutover("diff", plan, "--live", live(tmp_path, rollout), "-o", "json")
    assert done.returncode == 3
    (problem,) = json.loads(done.stdout)["problems"]
    assert problem["code"] == "C003"
    assert "remove spec.workloadRef" in problem["remedy"]
