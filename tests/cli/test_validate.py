"""`cutover validate` and `cutover version`, as processes: what is printed, where, and the exit code."""

import json
from importlib.metadata import version
from pathlib import Path

from tests.cli.process import cutover
from tests.core.plan.texts import GOOD

BAD = GOOD.replace("bake: 90s", "bake: 90").replace("app: payments\n", "ap: payments\n")


def written(folder: Path, text: str) -> str:
    file = folder / "plan.yaml"
    file.write_text(text)
    return str(file)


def test_a_valid_plan_is_said_to_be_one(tmp_path: Path) -> None:
    file = written(tmp_path, GOOD)
    done = cutover("validate", file)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"{file}: plan payments-to-pg16 is valid")


def test_a_plan_may_come_from_standard_input() -> None:
    assert cutover("validate", "-", given=GOOD).returncode == 0


def test_a_valid_plan_as_json(tmp_path: Path) -> None:
    done = cutover("validate", written(tmp_path, GOOD), "-o", "json")
    document = json.loads(done.stdout)
    assert done.returncode == document["exitCode"] == 0
    assert (document["kind"], document["problems"]) == ("CutoverValidation", [])
    assert document["plan"]["name"] == "payments-to-pg16"
    assert len(document["plan"]["digest"]) == 64


def test_everything_that_is_wrong_goes_to_standard_error(tmp_path: Path) -> None:
    file = written(tmp_path, BAD)
    done = cutover("validate", file)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines()[:-1] == [
        f"{file}:8: spec.target.ap: expected one of the keys (app, rollout, namespace, context), found ap",
        "  → did you mean app?",
        f"{file}:17: spec.watch.bake: expected a duration like 0s, 90s or 1m30s, at most 24h, found a number: 90",
        "  → give it a unit, like 90s",
    ]


def test_everything_that_is_wrong_as_one_json_document(tmp_path: Path) -> None:
    done = cutover("validate", written(tmp_path, BAD), "-o", "json")
    document = json.loads(done.stdout)
    assert done.returncode == 2
    assert (document["apiVersion"], document["kind"]) == ("cutover.dev/v1alpha1", "CutoverValidation")
    assert (document["outcome"], document["exitCode"]) == ("invalid", 2)
    assert [(problem["line"], problem["path"]) for problem in document["problems"]] == [
        (8, "spec.target.ap"),
        (17, "spec.watch.bake"),
    ]


def test_several_plans_are_read_and_all_that_is_wrong_in_any_is_said(tmp_path: Path) -> None:
    for name, text in (("good.yaml", GOOD), ("bad.yaml", BAD), ("worse.yaml", "[]\n")):
        (tmp_path / name).write_text(text)
    good, bad, worse = (str(tmp_path / name) for name in ("good.yaml", "bad.yaml", "worse.yaml"))
    done = cutover("validate", good, bad, worse)
    assert (done.returncode, done.stdout) == (2, "")
    assert {line.split(":")[0] for line in done.stderr.splitlines() if line.startswith("/")} == {bad, worse}
    two = cutover("validate", good, good, "-o", "json")
    assert [plan["file"] for plan in json.loads(two.stdout)["plans"]] == [good, good]


def test_an_allowance_that_nobody_can_give_is_a_problem_without_a_cluster(tmp_path: Path) -> None:
    file = written(tmp_path, GOOD + '  allow: [{code: C002, reason: "we know"}]\n')
    done = cutover("validate", file)
    assert done.returncode == 2
    assert f"{file}:18: spec.allow[0].code: expected a finding that can be accepted, found C002" in done.stderr


def test_a_file_that_is_not_there_is_a_wrong_command_line(tmp_path: Path) -> None:
    done = cutover("validate", str(tmp_path / "no.yaml"), "--output=json")
    assert json.loads(done.stdout)["outcome"] == "invalid"
    assert done.returncode == 2
    assert "No such file or directory" in done.stderr


def test_bytes_that_are_no_text_end_in_words(tmp_path: Path) -> None:
    (tmp_path / "plan.yaml").write_bytes(b"kind: \xff\xfe")
    done = cutover("validate", str(tmp_path / "plan.yaml"))
    assert (done.returncode, done.stdout) == (2, "")
    assert "expected UTF-8, found the byte 0xff" in done.stderr


def test_the_version_is_that_of_the_package() -> None:
    assert cutover("version").stdout == f"cutover {version('cutover')}\n"
    assert json.loads(cutover("version", "-o", "json").stdout)["version"] == version("cutover")
