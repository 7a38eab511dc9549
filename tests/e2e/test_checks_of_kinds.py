"""The checks of the kinds of change, on real objects: each fires on one plan, and is silent on another."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cluster import manifests
from tests.e2e.arena import Arena
from tests.e2e.running import CommandResult

pytestmark = pytest.mark.cluster

OURS = {"C070", "C071", "C072", "C073", "C074", "C075", "C095", "C096", "C097"}


def codes(arena: Arena, *changes: str) -> set[str]:
    """The codes of these checks that are found on a plan."""
    with arena.no_write():
        checked = arena.cutover("check", arena.plan_of(*changes), "-o", "json")
    found = {each["code"] for each in json.loads(checked.stdout).get("findings", [])}
    return (found | {code for code in OURS if f"{code}:" in checked.told()}) & OURS


def test_each_fires_and_is_silent(arena: Arena) -> None:
    config = manifests.config_map(arena.namespace, "payments-config", FEATURE_X="off", POOL_SIZE="10")
    template: Any = manifests.rollout(arena.namespace, arena.bed.image, replicas=2, sidecar=False)["spec"]["template"]
    template["spec"]["containers"][0]["envFrom"] = [{"configMapRef": {"name": "payments-config"}}]
    arena.deploy(config, template=template)
    (arena.folder / "line.txt").write_text("one line\n")
    (arena.folder / "word.txt").write_text("one-word")
    oidc = "oidc: {env: OIDC_ISSUER_X, to: {issuer: 'https://sso.example.com/realms/shop'}, accepts: %s}"
    database = "database: {engine: postgres, env: DATABASE_URL, to: {value: 'postgres://b/x'}, dataRelation: %s}"
    noted = "secret: {name: payments-db-a, set: {url: {fromFile: ./%s.txt}}}"
    fires = codes(
        arena,
        oidc % "[new]",
        database % "replica",
        "configMap: {name: payments-config, set: {FEATURE_X: 'on'}}",
    )
    assert fires == {"C072", "C073", "C075"}
    assert codes(arena, noted % "line") == {"C074"}
    assert codes(arena, noted % "word") == set()
    silent = codes(
        arena,
        oidc % "[old, new]",
        database % "same",
        "configMap: {name: payments-config, set: {POOL_SIZE: '20'}}",
    )
    assert silent == set()
    assert codes(arena, "configMap: {name: payments-confg, remove: [a]}") == {"C070"}
    ghost = "secret: {name: payments-db-a, set: {url: {secretKeyRef: {name: nobodys, key: url}}}}"
    assert codes(arena, ghost) == {"C071"}


def test_containers_of_one_name_are_refused(arena: Arena) -> None:
    """The API server lets none in by now, a list by name in its CRD; a file, and the CRD of Argo 1.0, may hold them."""
    arena.deploy()
    plan = arena.plan(arena.to_secret("payments-db-b"))
    rollout = arena.rollout()
    spec = rollout["spec"]["template"]["spec"]
    assert live(arena, plan, rollout).code == 0
    spec["containers"] *= 2
    refused = live(arena, plan, rollout)
    assert refused.code == 3, refused.told()
    assert "C076: expected every container to have a name of its own" in refused.told()
    with pytest.raises(AssertionError, match="Duplicate value"):
        arena.patch({"spec": {"template": {"spec": {"containers": spec["containers"]}}}})


def live(arena: Arena, plan: Path, rollout: Any) -> CommandResult:
    """The diff on a file with that Rollout."""
    file = arena.folder / "rollout.json"
    file.write_text(json.dumps(rollout))
    return arena.cutover("diff", plan, "--live", file)
