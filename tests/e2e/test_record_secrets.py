"""A recording of a run that was shown secrets: in the template, in both literals of an edit, and in a pod's log."""

import json

import pytest

from cutover.core.base.resources import Resource
from cutover.core.objects.rollout import RolloutView
from tests.e2e.arena import SHORT, Arena
from tests.recordings.replay import observations, read, recorded, replay

pytestmark = pytest.mark.cluster

OLD = "tok-Zq83mVx0-planted-literal"
NEW = "tok-Rw52kTb7-planted-literal"


def test_what_is_secret_is_masked_in_a_recording_and_its_replay_decides_the_same(arena: Arena) -> None:
    arena.deploy(env={"FAULT": "log_secret", "FAULT_WHEN_IDENTITY": "db-b", "API_TOKEN": OLD})
    change = f'{{name: API_TOKEN, value: "{NEW}", container: app}}'
    file = arena.folder / "run.jsonl"
    plan = arena.plan(
        arena.to_secret("payments-db-b"), change, watch=SHORT.replace("readyWithin: 8s", "readyWithin: 15s")
    )
    running = arena.start("apply", plan, "-o", "json", "--record", file)
    running.wait_for_line("running, not Ready")
    raw, standing = arena.wait_for_log("connecting"), json.dumps(arena.template())
    outcome = running.finish()
    text = file.read_text()
    password = arena.bed.databases.b.password
    assert password in raw, "the pod really logged it"
    assert NEW in standing, "it really stood in the template"
    assert outcome.code == 10, outcome.told()
    assert not [secret for secret in (OLD, NEW, password) if secret in text]
    assert replay(text.splitlines()) == recorded(text.splitlines())
    assert recorded(text.splitlines()).outcome == "held"
    assert templates(text) == 2, "the old one and the new one are still two, and the restored one is the old one"
    assert any("connecting" in line for line in text.splitlines()), "the line of the log was recorded, without it"
    assert text.count("<masked-") > 4


def templates(text: str) -> int:
    """How many templates the Rollout was seen to have."""
    seen = observations(read(text.splitlines()))
    shown = (view for one in seen for view in one.world.objects[Resource.ROLLOUT].values())
    return len({json.dumps(view.template, sort_keys=True) for view in shown if isinstance(view, RolloutView)})
