"""The time limits of a run: the formulas of the plan's `auto` (docs/plan.md), as tables."""

from typing import Any

import pytest

from cutover.core.objects.rollout import rollout_view
from cutover.core.objects.snapshot import Snapshot
from cutover.core.plan.deadlines import deadlines_of, ready_limit, slowest_start
from cutover.core.plan.model import AUTO, Auto, WatchPolicy
from tests.core.checks.documents import TEMPLATE, changed
from tests.core.engine.stage import TARGET, opening, plan, started_again

APP = frozenset({"app"})
LATER = {seconds: f"2026-11-20T10:{seconds // 60:02d}:{seconds % 60:02d}Z" for seconds in range(3600)}


def started_in(*seconds: int, spec: dict[str, Any] | None = None, probes: dict[str, Any] | None = None) -> Snapshot:
    """An application whose stable pods took so long from their start to Ready."""
    stage = opening()
    for number, late in enumerate(seconds):
        ready = {"type": "Ready", "status": "True", "lastTransitionTime": LATER[late]}
        stage = stage.stable_pod(number, ready=True, status__conditions=[ready])
    template = changed(TEMPLATE, {f"spec.containers.0.{kind}": probe for kind, probe in (probes or {}).items()})
    return stage.spec(template=template, **(spec or {})).snapshot()


def ready_within(snapshot: Snapshot, asked: Auto | float = AUTO) -> float:
    """`readyWithin` for that application."""
    return deadlines_of(plan(watch=WatchPolicy(ready_within=asked)), snapshot, APP, 0.0).ready_within


def hold(snapshot: Snapshot, asked: Auto | float = AUTO) -> float:
    """`hold` for that application."""
    return deadlines_of(plan(watch=WatchPolicy(hold=asked)), snapshot, APP, 0.0).hold


# -- readyWithin -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seconds", "spec", "probes", "within"),
    [
        ((2, 2, 2, 2), {}, {}, 30.0),
        ((2, 2, 20, 2), {}, {}, 60.0),
        ((2, 2, 20, 2), {"minReadySeconds": 5}, {}, 65.0),
        ((2, 2, 2, 2), {"minReadySeconds": 5}, {}, 35.0),
        ((2, 2, 250, 2), {}, {}, 750.0),
        ((2, 2, 2, 2), {}, {"startupProbe": {"periodSeconds": 10, "failureThreshold": 12}}, 120.0),
        ((2, 2, 2, 2), {}, {"startupProbe": {"initialDelaySeconds": 15, "periodSeconds": 5}}, 30.0),
        ((2, 2, 2, 2), {}, {"startupProbe": {"initialDelaySeconds": 35, "periodSeconds": 5}}, 50.0),
        ((2, 2, 2, 2), {}, {"startupProbe": {}}, 30.0),
        ((2, 2, 60, 2), {}, {"startupProbe": {"periodSeconds": 10, "failureThreshold": 12}}, 180.0),
        ((2, 2, 700, 20), {"progressDeadlineSeconds": 600}, {}, 60.0),
        ((2, 2, 500, 20), {"progressDeadlineSeconds": 400}, {}, 60.0),
        ((2, 2, 2, 2), {}, {"startupProbe": {"periodSeconds": 60, "failureThreshold": 60}}, 3600.0),
        ((2, 2, 2, 2), {}, {"readinessProbe": {"initialDelaySeconds": 60, "periodSeconds": 10}}, 90.0),
        (
            (2, 2, 2, 2),
            {},
            {"readinessProbe": {"initialDelaySeconds": 60, "periodSeconds": 10, "failureThreshold": 12}},
            180.0,
        ),
        ((2, 2, 700, 20), {"progressDeadlineSeconds": 600}, {"startupProbe": {"failureThreshold": 90}}, 900.0),
    ],
    ids=[
        "at least half a minute",
        "three times the slowest",
        "and minReadySeconds",
        "also beyond the least",
        "however long that is",
        "a startup probe's budget",
        "with Kubernetes' own thresholds",
        "and its initial delay",
        "a startup probe without numbers",
        "whichever is longer",
        "a loss long after the start is no start",
        "as the Rollout's own deadline says",
        "however long a startup probe's is",
        "an initial delay of readiness",
        "and its failures",
        "a budget where no pod shows a start",
    ],
)
def test_ready_within_auto(
    seconds: tuple[int, ...], spec: dict[str, Any], probes: dict[str, Any], within: float
) -> None:
    assert ready_within(started_in(*seconds, spec=spec, probes=probes)) == within


def test_ready_within_of_the_plan_is_taken_as_it_is() -> None:
    assert ready_within(started_in(2, 2, 250, 2), 7.0) == 7.0


def test_the_probes_of_a_sidecar_count_because_without_it_the_pod_is_not_ready() -> None:
    probe = {"startupProbe": {"periodSeconds": 10, "failureThreshold": 30}}
    sidecar = deadlines_of(plan(watch=WatchPolicy()), started_in(2, 2, 2, 2, probes=probe), frozenset({"sidecar"}), 0.0)
    assert sidecar.ready_within == 300.0


SETTLES = {"minReadySeconds": 5}
THRICE = "three times the slowest start of a stable pod, 20 s"
UNKNOWN = "how long a stable pod takes to start is not known"
GRANTED = "what the pod's own probes grant"
SLOW = {"readinessProbe": {"initialDelaySeconds": 60, "periodSeconds": 10}}


def test_a_pod_whose_container_was_restarted_shows_no_start() -> None:
    again = {"type": "Ready", "status": "True", "lastTransitionTime": LATER[60]}
    snapshot = opening().stable_pod(0, ready=True, status__conditions=[again], **started_again(1, 1)).snapshot()
    assert slowest_start(snapshot.rollout, snapshot.stable_pods()) == 2.0


@pytest.mark.parametrize(
    ("snapshot", "asked", "rests_on"),
    [
        (started_in(2, 2, 20, 2), AUTO, THRICE),
        (started_in(2, 2, 20, 2, spec=SETTLES), AUTO, f"{THRICE}, plus minReadySeconds, 5 s"),
        (started_in(2, 2, 2, 2, probes=SLOW), AUTO, GRANTED),
        (started_in(2, 2, 2, 2), AUTO, "at least 30 s"),
        (
            started_in(700, 700, 700, 700, probes=SLOW),
            AUTO,
            f"{GRANTED}; how long a stable pod takes to start is not known",
        ),
        (started_in(2, 2, 2, 2), 7.0, "the plan says so"),
    ],
    ids=["samples", "and minReadySeconds", "probes", "the least", "nothing known", "the plan"],
)
def test_what_the_limit_rests_on_is_said(snapshot: Snapshot, asked: Auto | float, rests_on: str) -> None:
    assert ready_limit(plan(watch=WatchPolicy(ready_within=asked)), snapshot).rests_on == rests_on


@pytest.mark.parametrize(
    ("change", "slowest"),
    [
        ({}, 2.0),
        ({"status__startTime": ""}, 2.0),
        ({"status__conditions__1__status": "False"}, 2.0),
        ({"status__conditions__1__lastTransitionTime": "2026-11-20T09:00:00Z"}, 2.0),
    ],
    ids=["as they are", "one without a start", "one that is not Ready", "one whose clock is wrong"],
)
def test_a_pod_that_cannot_tell_is_left_out(change: dict[str, Any], slowest: float) -> None:
    snapshot = opening().stable_pod(0, ready=True, **change).snapshot()
    assert slowest_start(snapshot.rollout, snapshot.stable_pods()) == slowest


def test_no_pod_that_can_tell_is_no_time_at_all() -> None:
    assert slowest_start(rollout_view({}), ()) == 0.0


# -- hold, relapse, verification ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("probe", "spec", "seconds"),
    [
        ({"periodSeconds": 1}, {}, 30.0),
        ({"periodSeconds": 10}, {}, 60.0),
        ({}, {}, 60.0),
        ({"periodSeconds": 10, "failureThreshold": 2}, {"minReadySeconds": 7}, 47.0),
        ({"periodSeconds": 1}, {"minReadySeconds": 7}, 37.0),
    ],
    ids=["at least half a minute", "twice what a loss takes to show", "Kubernetes' defaults", "and more", "always"],
)
def test_hold_auto(probe: dict[str, Any], spec: dict[str, Any], seconds: float) -> None:
    assert hold(started_in(2, 2, 2, 2, spec=spec, probes={"readinessProbe": probe})) == seconds


def test_hold_of_the_plan_is_taken_as_it_is_and_may_be_none() -> None:
    assert hold(started_in(2, 2, 2, 2), 0.0) == 0.0


@pytest.mark.parametrize(
    ("probe", "seconds"),
    [({"periodSeconds": 1}, 6.0), ({"periodSeconds": 1, "failureThreshold": 1}, 5.0), ({"periodSeconds": 10}, 60.0)],
)
def test_a_lost_readiness_may_last_twice_as_long_as_it_takes_to_show(probe: dict[str, Any], seconds: float) -> None:
    limits = deadlines_of(plan(), started_in(2, 2, 2, 2, probes={"readinessProbe": probe}), APP, 0.0)
    assert limits.relapse_within == seconds


@pytest.mark.parametrize(
    ("seconds", "spec", "within"),
    [
        ((2, 2, 2, 2), {}, 60.0),
        ((2, 2, 40, 2), {}, 70.0),
        ((2, 2, 40, 2), {"minReadySeconds": 5}, 75.0),
        ((2, 2, 2, 2), {"template__spec__terminationGracePeriodSeconds": 90}, 92.0),
        ((2, 2, 2, 2), {"strategy__canary__abortScaleDownDelaySeconds": 60}, 92.0),
        ((2, 2, 2, 2), {"strategy__canary__scaleDownDelaySeconds": 60}, 92.0),
    ],
    ids=["at least a minute", "the slowest start", "minReadySeconds", "the grace period", "one delay", "the other"],
)
def test_a_verification_may_take_what_going_and_coming_pods_take(
    seconds: tuple[int, ...], spec: dict[str, Any], within: float
) -> None:
    snapshot = started_in(*seconds)
    view = opening().spec(**spec).snapshot().rollout
    judged = Snapshot(TARGET, view, snapshot.replicasets, snapshot.pods)
    assert deadlines_of(plan(), judged, APP, 0.0).verify_within == within


def test_what_the_plan_and_the_command_line_say_is_passed_on() -> None:
    watch = WatchPolicy(adopt_within=11.0, bake=12.0)
    limits = deadlines_of(plan(watch=watch), started_in(2, 2, 2, 2), APP, 13.0)
    assert (limits.adopt_within, limits.bake, limits.timeout) == (11.0, 12.0, 13.0)
    assert (limits.rung_within, limits.blind_after, limits.blind_ends, limits.stable_within) == (30, 30, 300, 60)
