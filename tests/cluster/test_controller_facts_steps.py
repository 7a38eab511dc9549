"""What the real controller calls a step: the check C046 says the same of each, and says it before the write."""

from typing import Any, Final

import pytest

from cutover.core.objects.rollout import rollout_view
from cutover.core.objects.step_kinds import invalid_because
from tests.cluster import facts
from tests.cluster.manifests import APP
from tests.e2e.arena import Arena

pytestmark = [pytest.mark.cluster, pytest.mark.sampled(1)]

STEPS: Final[tuple[dict[str, Any], ...]] = (
    {"pause": {"duration": "5 minutes"}},
    {"pause": {"duration": -1}},
    {"pause": {"duration": "1h30m"}},
    {"pause": {"duration": "90"}},
    {"setWeight": 120},
    {"setWeight": -5},
    {"setWeight": 0},
    {"setWeight": 20, "pause": {}},
    {"setWeight": 20, "plugin": {"name": "example/none"}},
    {},
    {"setHeaderRoute": {"name": "h"}},
    {"setMirrorRoute": {"name": "h"}},
    {"setCanaryScale": {"replicas": 1}},
    {"plugin": {"name": "example/none"}},
    {"analysis": {"templates": []}},
)


def test_the_check_of_the_steps_says_what_the_controller_says(arena: Arena) -> None:
    facts.deploy(arena, 1)
    for step in STEPS:
        arena.patch({"spec": {"strategy": {"canary": {"steps": [{"setWeight": 20}, step, {"pause": {}}]}}}})
        arena.wait(lambda: rollout_view(arena.rollout()).observed, f"{step} is observed")
        says = arena.rollout()["status"]
        invalid = any(condition["type"] == "InvalidSpec" for condition in says["conditions"])
        assert invalid is bool(invalid_because(step)), (APP, step, says.get("message"))
