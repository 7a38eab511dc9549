"""`cutover undo`: a promoted run is taken back by a plan, which is applied through the canary like any other."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.cluster.manifests import APP
from tests.e2e.arena import Arena
from tests.e2e.running import CommandResult
from tests.e2e.secrets import planted
from tests.e2e.test_kinds_of_change import with_config

pytestmark = pytest.mark.cluster

PLANTED = "tok-Zq83mVx0-planted-literal"
NO_RETURN = "  pointOfNoReturn: promotion\n"


def as_it_was(template: Any) -> Any:
    """A template, in which the order of the variables says nothing."""
    (container,) = template["spec"]["containers"]
    env = sorted(container["env"], key=lambda entry: str(entry["name"]))
    return {**template, "spec": {**template["spec"], "containers": [{**container, "env": env}]}}


def made_quick(file: Path) -> None:
    """What a reviewer may change: how long is waited, and that nobody is waited for."""
    text = file.read_text()
    for key, value in (("hold", "1s"), ("bake", "1s"), ("promotion", "auto")):
        text = re.sub(rf"^( +{key}:) \w+", rf"\1 {value}", text, flags=re.MULTILINE)
    file.write_text(text)


def promoted(arena: Arena, plan: Path) -> CommandResult:
    outcome = arena.applied(plan)
    assert (outcome.code, outcome.report["outcome"]) == (0, "promoted"), outcome.told()
    return outcome


def test_a_promoted_run_is_taken_back_by_its_undo_and_one_past_its_point_of_no_return_is_not(arena: Arena) -> None:
    config, spec = with_config(arena)
    spec["template"]["spec"]["containers"][0]["env"].append({"name": "API_TOKEN", "value": PLANTED})
    arena.deploy(config, **spec)
    before = arena.template()
    changes = (
        "env: {name: FEATURE_X, value: 'on', container: app}",
        "env: {name: POD_HASH, remove: true, container: app}",
        f"configMap: {{name: payments-config, set: {{url: {json.dumps(arena.bed.databases.b.url())}}}}}",
    )
    run = promoted(arena, arena.plan_of(*changes)).report["run"]
    arena.wait_for_answers_of("db-b")

    file = arena.folder / "undo.yaml"
    with arena.no_write():
        made = arena.cutover("undo", run, "--out", file)
        assert (made.code, made.stderr) == (0, ""), made.told()
        valid = arena.cutover("validate", file)
        assert valid.code == 0, valid.told()
        printed = arena.cutover("undo", run, "-n", arena.namespace).stdout
    assert printed.partition("apiVersion")[2] == file.read_text().partition("apiVersion")[2] != ""
    assert "from: {configMapKeyRef: {name: payments-config-" in file.read_text()
    made_quick(file)
    promoted(arena, file)
    assert as_it_was(arena.template()) == as_it_was(before)
    arena.wait_for_answers_of("db-a")

    again = arena.cutover("undo", run)
    assert (again.code, again.stdout) == (3, ""), again.told()
    assert "what stood there before it stands there again" in again.stderr

    final = promoted(arena, arena.plan("{name: FEATURE_X, value: 'on', container: app}", more=NO_RETURN)).report
    assert final["pointOfNoReturn"] == {"at": "promotion", "passed": True}
    refused = arena.cutover("undo", final["run"])
    assert (refused.code, refused.stdout) == (3, ""), refused.told()
    assert "it passed its point of no return (pointOfNoReturn: promotion)" in refused.stderr
    assert f"cutover init {APP} -n {arena.namespace}" in refused.stderr
    for secret in (PLANTED, *planted(arena).values()):
        assert secret not in file.read_text() + "".join(arena.outputs)
