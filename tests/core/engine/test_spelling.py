"""The controller writes a new template in its own spelling: to the run it is still its own, and nothing else is."""

from dataclasses import replace
from typing import Any

import pytest

from cutover.core.base.secret_text import SecretText
from cutover.core.engine.resume import resumed_spec
from cutover.core.engine.state import Phase
from cutover.core.plan.changes import EnvChange, OneContainer, PatchChange, PatchOperation
from cutover.core.plan.model import Plan
from cutover.core.podtemplate.env_source import LiteralValue
from cutover.core.writes.run_annotations import Marks, marks_of
from tests.core.checks.documents import TEMPLATE, changed
from tests.core.engine.play import Play, applied
from tests.core.engine.stage import BASE, NEW, OTHER, ClusterStage, edits_of, plan

EMPTY = replace(plan(), changes=(EnvChange("DATABASE_URL", LiteralValue(SecretText("")), OneContainer("app")),))
LIMITED = replace(
    plan(),
    changes=(
        PatchChange(
            (
                PatchOperation(
                    "add",
                    "/spec/template/spec/containers/0/resources",
                    ({"limits": {"cpu": "1000m"}, "claims": []},),
                ),
            )
        ),
    ),
)
ENTRY, RESOURCES = "spec.containers.0.env.0", "spec.containers.0.resources"
CASES: list[tuple[Plan, Any]] = [
    (EMPTY, {ENTRY: {"name": "DATABASE_URL"}}),
    (LIMITED, {RESOURCES: {"limits": {"cpu": "1"}}}),
]


def respelled(intent: Plan, changes: Any) -> Any:
    return changed(edits_of(intent).after, changes)


def adopted(stage: ClusterStage, template: Any) -> ClusterStage:
    """The controller's revision of that template, and what it wrote."""
    return stage.spec(template=template).adopted().replicaset(NEW, spec__template=template)


@pytest.mark.parametrize(("intent", "changes"), CASES)
def test_the_controllers_own_spelling_is_taken_for_ours_and_restored_from(intent: Plan, changes: Any) -> None:
    template = respelled(intent, changes)
    play = Play(intent=intent).begins().accepts("cutover").sees(lambda stage: adopted(stage, template))
    assert play.phase is Phase.CANARY, play.told()
    assert play.state.run_spec.after == play.state.stored_template == template
    play.sees(
        lambda stage: stage.status(abort=True, abortedAt="2026-11-23T06:30:00Z").phase("Degraded", "RolloutAborted")
    )
    write = play.under_way("restore")
    assert applied(play.stage.rollout, write)["spec"]["template"] == TEMPLATE


def test_a_spelling_that_only_a_lost_answer_lies_behind_is_known_too() -> None:
    template = respelled(*CASES[0])
    play = Play(intent=EMPTY).begins().loses("cutover", stored=True).sees(lambda stage: adopted(stage, template))
    assert play.phase is Phase.CANARY, play.told()


@pytest.mark.parametrize(
    "changes",
    [
        {ENTRY: {"name": "DATABASE_URL", "value": "theirs"}},
        {ENTRY: {"name": "DATABASE_URL"}, "spec.containers.0.image": "payments:2"},
        {ENTRY: {"name": "DATABASE_URL"}, "spec.containers.1.env.0": {"name": "UPSTREAM"}},
    ],
)
def test_another_value_and_whatever_the_plan_did_not_write_is_somebody_elses(changes: Any) -> None:
    template = respelled(EMPTY, changes)
    play = Play(intent=EMPTY).begins().accepts("cutover")
    play.sees(lambda stage: stage.spec(template=template).status(currentPodHash=OTHER))
    assert play.phase is not Phase.CANARY
    assert play.state.failing, play.told()


@pytest.mark.parametrize(("intent", "changes"), CASES)
def test_another_process_knows_it_too(intent: Plan, changes: Any) -> None:
    play = Play(intent=intent, owner="alice@host/s1").begins().accepts("cutover")
    noted = marks_of(play.stage.rollout["metadata"]["annotations"])
    assert isinstance(noted, Marks)
    template = respelled(intent, changes)
    snapshot = adopted(play.stage, template).snapshot()
    order = resumed_spec(noted, snapshot, owner="bob@laptop/s2", timeout=60.0, follow=False)
    assert (order.after, order.before) == (template, TEMPLATE)
    assert order.base_hash == BASE
