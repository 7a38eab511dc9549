"""What the API server makes of guarded writes: a `test` that does not hold refuses the whole patch."""

from typing import Any

import pytest

from tests.cluster import facts
from tests.cluster import facts_seen as seen
from tests.cluster.facts import BAD, expect, put
from tests.cluster.manifests import Manifest
from tests.e2e.arena import Arena

pytestmark = [pytest.mark.cluster, pytest.mark.sampled(2)]

ABORT = put("/status/abort", value=True)
WRONG: dict[str, Any] = {
    "/metadata/uid": "00000000-0000-0000-0000-000000000000",
    "/spec/template": {},
    "/spec/strategy": {},
    "/status/stableRS": "otherwise",
    "/status/currentPodHash": "otherwise",
}


def test_guards_that_hold_let_an_abort_through(arena: Arena) -> None:
    """Row "JSON Patch on `/status` with `test` on `/metadata/uid`, `/spec/template` and `/status/currentPodHash`"."""
    facts.deploy_idle(arena)
    canary = facts.adopt(arena, BAD)
    assert facts.patch_status(arena, *_true_guards(arena), ABORT).code == 200
    status = seen.wait_status(arena, seen.aborted, "the abort is acknowledged")
    assert status["currentPodHash"] == canary


@pytest.mark.parametrize("path", WRONG, ids=lambda path: path.rpartition("/")[2].lower())
def test_a_wrong_guard_refuses_an_abort(arena: Arena, path: str) -> None:
    """Row "JSON Patch on `/status` with `test` … for another hash": 422, nothing written, on any path."""
    facts.deploy_idle(arena)
    facts.adopt(arena, BAD)
    answer = facts.patch_status(arena, *_true_guards(arena), expect(path, WRONG[path]), ABORT)
    assert answer.code == 422
    assert "abort" not in arena.rollout()["status"]


def test_guards_that_hold_let_a_change_through(arena: Arena) -> None:
    """Row "JSON Patch on the Rollout itself": a write of the spec may be guarded on the status too."""
    facts.deploy_idle(arena)
    answer = facts.patch(arena, *_true_guards(arena), *facts.variables(BAD))
    assert answer.code == 200
    assert answer.document["spec"]["template"] == arena.template()


@pytest.mark.parametrize("path", WRONG, ids=lambda path: path.rpartition("/")[2].lower())
def test_a_wrong_guard_refuses_a_change(arena: Arena, path: str) -> None:
    """Row "JSON Patch on the Rollout itself": each guard refuses with 422."""
    facts.deploy_idle(arena)
    before = arena.rollout()["spec"]
    answer = facts.patch(arena, *_true_guards(arena), expect(path, WRONG[path]), *facts.variables(BAD))
    assert answer.code == 422
    assert arena.rollout()["spec"] == before


def test_a_refusal_does_not_name_the_guard(arena: Arena) -> None:
    """Row "JSON Patch on the Rollout itself": the 422 does not say which one failed: read back to name it."""
    facts.deploy_idle(arena)
    said = [facts.patch(arena, expect(path, value)).document for path, value in WRONG.items()]
    assert all(each == said[0] for each in said)
    assert said[0]["reason"] == "Invalid"


def test_a_guard_on_a_missing_field_refuses(arena: Arena) -> None:
    """What is false is left out of the status: `test` on `/status/abort` is 422 whatever value it expects."""
    facts.deploy_idle(arena)
    assert facts.patch_status(arena, expect("/status/abort", value=False), ABORT).code == 422


def test_a_status_patch_drops_metadata(arena: Arena) -> None:
    """A patch of `/status` that carries an annotation answers 200 and writes none."""
    facts.deploy_idle(arena)
    patch = {"metadata": {"annotations": {"note": "lost"}}, "status": {"promoteFull": False}}
    assert facts.send(arena, patch, facts.MERGE_PATCH, "/status").code == 200
    assert "note" not in arena.rollout()["metadata"]["annotations"]


def test_a_strategic_merge_is_refused(arena: Arena) -> None:
    """Section 6.2: 415, as for every custom resource."""
    facts.deploy_idle(arena)
    assert facts.send(arena, {"spec": {"paused": True}}, "application/strategic-merge-patch+json").code == 415


def test_a_variable_given_twice_is_refused(arena: Arena) -> None:
    """Section 6.2, open point: the CRD's `env` is a map by name, so a duplicate is 422."""
    facts.deploy_idle(arena)
    answer = facts.patch(arena, *facts.variables({"LOG_LEVEL": "debug"}))
    assert answer.code == 422
    [cause] = answer.document["details"]["causes"]
    assert cause["reason"] == "FieldValueDuplicate"
    assert cause["field"].startswith("spec.template.spec.containers[0].env[")


def _true_guards(arena: Arena) -> list[Manifest]:
    rollout = arena.rollout()
    return [expect(path, _at(rollout, path)) for path in WRONG]


def _at(document: Any, path: str) -> Any:
    for key in path.split("/")[1:]:
        document = document[key]
    return document
