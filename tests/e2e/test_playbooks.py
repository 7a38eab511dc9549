"""The playbooks are plans that work: each is applied as it stands, but for its namespace and its patience."""

from pathlib import Path

import pytest
import yaml

from tests.cluster import manifests
from tests.e2e.arena import FAST, Arena

pytestmark = pytest.mark.cluster

PLAYBOOKS = Path(__file__).parents[2] / "playbooks"


def played(arena: Arena, name: str) -> None:
    """The playbook is carried out in the arena's namespace."""
    plan = yaml.safe_load((PLAYBOOKS / f"{name}.yaml").read_text())
    plan["spec"]["target"]["namespace"] = arena.namespace
    plan["spec"] |= yaml.safe_load(FAST)
    file = arena.folder / f"{name}.yaml"
    file.write_text(yaml.safe_dump(plan))
    outcome = arena.applied(file)
    assert (outcome.code, outcome.report["outcome"]) == (0, "promoted"), outcome.told()
    assert not [found for found in outcome.report["findings"] if found["severity"] == "refuse"]


def env(arena: Arena) -> dict[str, str]:
    entries = arena.template()["spec"]["containers"][0]["env"]
    return {entry["name"]: entry.get("value", "") for entry in entries}


@pytest.mark.sampled(1)
def test_the_database_endpoint_and_the_flag_are_moved(arena: Arena) -> None:
    arena.deploy()
    played(arena, "database-endpoint")
    arena.wait_for_answers_of("db-b")
    played(arena, "env-flag")
    assert env(arena)["FEATURE_X"] == "on"


@pytest.mark.sampled(1)
def test_the_config_object_is_replaced(arena: Arena) -> None:
    config = manifests.config_map(arena.namespace, "payments-config", POOL_SIZE="10", LEGACY_MODE="yes")
    rollout = manifests.rollout(arena.namespace, arena.bed.image, replicas=2, sidecar=False)
    template = rollout["spec"]["template"]
    template["spec"]["containers"][0]["envFrom"] = [{"configMapRef": {"name": "payments-config"}}]
    arena.deploy(config, template=template)
    played(arena, "config-object")
    name = arena.template()["spec"]["containers"][0]["envFrom"][0]["configMapRef"]["name"]
    copy = arena.get(f"/api/v1/namespaces/{arena.namespace}/configmaps/{name}")
    assert copy["data"] == {"POOL_SIZE": "20"}
