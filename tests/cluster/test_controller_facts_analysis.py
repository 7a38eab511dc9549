"""What the real controller does with the platform's own gate: a background AnalysisRun on a real Prometheus."""

from typing import Any

import pytest

from tests.cluster import facts, manifests
from tests.cluster import facts_seen as seen
from tests.cluster.facts import GOOD
from tests.cluster.manifests import Manifest
from tests.e2e.arena import Arena

pytestmark = [pytest.mark.cluster, pytest.mark.sampled(2)]

GATED: Manifest = {"analysis": manifests.background_analysis()}
RUN = "currentBackgroundAnalysisRunStatus"
PATIENCE = 120.0
"""Seconds for some measurements: one that failed for want of data is repeated after ten."""


def test_a_failing_gate_aborts(arena: Arena) -> None:
    """Row "Platform gate", canary Ready but answering 5xx: one Error (no data), three `[0]`, then an abort."""
    template = manifests.success_rate(arena.namespace, arena.bed.prometheus)
    template["spec"]["metrics"][0]["consecutiveErrorLimit"] = 9  # on a busy machine the first data come late
    _deploy(arena, template)
    with arena.load(20):
        facts.run_canary(arena, {"FAULT": "answer_5xx"})
        seen.wait_status(arena, lambda status: RUN in status["canary"], "the run is under way")
        seen.wait_status(arena, seen.aborted, "the gate aborts", PATIENCE)
    [run] = _runs(arena)
    assert run["status"]["message"] == 'Metric "success-rate" assessed Failed due to failed (3) > failureLimit (2)'
    [first, *rest] = _measured(run)
    assert first == ("Error", "")
    assert rest[-3:] == [("Failed", "[0]")] * 3


def test_an_abort_forgets_the_run(arena: Arena) -> None:
    """Row "Platform gate": the reference in the Rollout's status is gone at once, the run itself stays."""
    template = _without_data(arena)
    template["spec"]["metrics"][0]["consecutiveErrorLimit"] = 0
    _deploy_idle(arena, template)
    facts.change(arena, GOOD)
    seen.wait_status(arena, seen.aborted, "the gate aborts")
    seen.wait_status(arena, lambda status: RUN not in status["canary"], "the reference is gone")
    [run] = _runs(arena)
    assert run["status"]["phase"] == "Error"


def test_the_gate_is_blind_to_refused_users(arena: Arena) -> None:
    """Row "The same gate (`code!~"5.."`)", canary Ready but answering 401: every measurement is a success."""
    template = manifests.success_rate(arena.namespace, arena.bed.prometheus)
    template["spec"]["metrics"][0] |= {"interval": "1s", "initialDelay": "4s"}
    _deploy(arena, template)
    with arena.load(20) as load:
        facts.run_canary(arena, {"FAULT": "answer_401"})
        arena.wait(lambda: len(_with_data(arena)) >= 3, "the canary is measured three times", PATIENCE)
    assert load.stop().reasons["http_401"] > 10
    assert set(_with_data(arena)) == {("Successful", "[1]")}
    assert seen.at_gate(arena.rollout()["status"])


def test_without_prometheus_the_gate_aborts(arena: Arena) -> None:
    """Row "Prometheus not running": five errors, ten seconds apart, abort a good canary too."""
    _deploy_idle(arena, _without_data(arena))
    facts.change(arena, GOOD)
    status = seen.wait_status(arena, seen.aborted, "the gate aborts", PATIENCE)
    assert "consecutiveErrors (5) > consecutiveErrorLimit (4)" in status["message"]


def test_a_missing_template_is_an_invalid_spec(arena: Arena) -> None:
    """Row "Rollout that names an AnalysisTemplate which does not exist": Degraded (InvalidSpec) until it does."""
    facts.create(arena, replicas=0, strategy=GATED)
    status = seen.wait_phase(arena, "Degraded")
    assert status["message"].startswith("InvalidSpec: ")
    assert "success-rate" in status["message"]
    arena.apply(manifests.success_rate(arena.namespace, arena.bed.prometheus))
    seen.wait_phase(arena, "Healthy")


def _deploy(arena: Arena, template: Manifest) -> None:
    arena.apply(manifests.namespace(arena.namespace), template)
    facts.deploy(arena, strategy=GATED)


def _deploy_idle(arena: Arena, template: Manifest) -> None:
    arena.apply(manifests.namespace(arena.namespace), template)
    facts.deploy_idle(arena, strategy=GATED)


def _without_data(arena: Arena) -> Manifest:
    """The gate, at an address where nobody listens."""
    return manifests.success_rate(arena.namespace, f"http://{arena.bed.databases.refused.host}:9090")


def _runs(arena: Arena) -> Any:
    return arena.get(f"/apis/argoproj.io/v1alpha1/namespaces/{arena.namespace}/analysisruns")["items"]


def _measured(run: Any) -> list[tuple[str, str]]:
    """Phase and value of each measurement."""
    [result] = run["status"].get("metricResults", [{}])
    return [(each["phase"], each.get("value", "")) for each in result.get("measurements", [])]


def _with_data(arena: Arena) -> list[tuple[str, str]]:
    """The measurements of the first run that found something to measure."""
    return [each for run in _runs(arena)[:1] for each in _measured(run) if each[0] != "Error"]
