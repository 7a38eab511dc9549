"""Documents of the API as the views read them: what is there, what is missing, and what has an odd shape."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cutover.core.base.cluster_text import ClusterText
from cutover.core.base.documents import flag, mapping, moment, objects, strings, text, whole
from cutover.core.objects.analysisrun import analysisrun_view
from cutover.core.objects.config_object import config_view
from cutover.core.objects.event import event_view
from cutover.core.objects.meta import meta_view
from cutover.core.objects.pod import Exit, pod_view
from cutover.core.objects.replicaset import replicaset_view
from cutover.core.objects.rollout import RolloutPhase, phase_of, rollout_view
from cutover.core.objects.service import endpointslice_view, service_view
from tests.core.checks.documents import ROLLOUT, changed
from tests.core.engine.stage import NEW, ClusterStage, crash_looping, exited, opening, pod, started_again
from tests.quotations import unmasked

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8) | st.just("9" * 5000),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
VIEWS = (
    analysisrun_view,
    event_view,
    meta_view,
    pod_view,
    replicaset_view,
    rollout_view,
    endpointslice_view,
    service_view,
    lambda document: config_view("Secret", document),
)


# -- odd shapes --------------------------------------------------------------------------------------------------------


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    """A real document with something else in one place of it."""
    stage = opening().adopted().canary_ready().analysis("Running").paused_at(1)
    document = draw(st.sampled_from([stage.rollout, *stage.replicasets.values(), *stage.pods.values(), *stage.runs]))
    path = draw(st.sampled_from(sorted(_paths(document))))
    return changed(document, {path: draw(JSON)})


def _paths(document: Any, prefix: str = "") -> set[str]:
    items = document.items() if isinstance(document, dict) else enumerate(document)
    found = {f"{prefix}{key}": value for key, value in items if "." not in str(key)}
    deeper = (_paths(value, f"{path}.") for path, value in found.items() if isinstance(value, dict | list))
    return set(found).union(*deeper)


@given(documents())
def test_no_shape_of_a_document_breaks_a_view(document: dict[str, Any]) -> None:
    for view in VIEWS:
        view(document)


@given(st.dictionaries(st.sampled_from(["metadata", "spec", "status", "data", "endpoints"]), JSON))
def test_no_document_at_all_breaks_a_view(document: dict[str, Any]) -> None:
    for view in VIEWS:
        view(document)


@pytest.mark.parametrize(
    ("value", "number"),
    [(7, 7), ("7", 7), (True, 0), ("x", 0), ("-7", 0), ("²", 0), (1.5, 0), (None, 0), ("9" * 5000, 0), (-3, -3)],
)
def test_a_number_may_stand_in_a_string(value: Any, number: int) -> None:
    assert whole({"n": value}, "n") == number


def test_fields_of_another_type_read_as_their_zero_value() -> None:
    odd: dict[str, Any] = {"a": {"b": 1}, "c": "x", "d": [1, {"e": 2}], "f": "true"}
    assert (text(odd, "a"), text(odd, "c", "b"), flag(odd, "f"), flag(odd, "a")) == ("", "", False, False)
    assert (mapping(odd, "c"), objects(odd, "c"), objects(odd, "d"), strings(odd, "a")) == ({}, (), ({"e": 2},), {})


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("1970-01-01T00:00:10Z", 10.0),
        ("1970-01-01T00:00:10.500000Z", 10.5),
        ("1970-01-01T01:00:10+01:00", 10.0),
        ("yesterday", 0.0),
        ("", 0.0),
        (12, 0.0),
    ],
)
def test_a_moment_is_read_with_its_zone(value: Any, seconds: float) -> None:
    assert moment({"t": value}, "t") == seconds


# -- the phase, as Argo's own clients see it ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stage", "phase"),
    [
        (opening(), RolloutPhase("Healthy", "")),
        (opening().spec(replicas=5), RolloutPhase("Progressing", "waiting for rollout spec update to be observed")),
        (opening().phase(""), RolloutPhase("Progressing", "waiting for rollout spec update to be observed")),
        (
            opening().status(controllerPause=True, pauseConditions=[]),
            RolloutPhase("Progressing", "waiting for rollout to unpause"),
        ),
        (opening().adopted().paused_at(1), RolloutPhase("Paused", "CanaryPauseStep")),
        (opening().status(observedGeneration="99"), RolloutPhase("Healthy", "")),
        (opening().phase("Degraded", "RolloutAborted: …"), RolloutPhase("Degraded", "RolloutAborted: …")),
    ],
    ids=["healthy", "not observed", "never reconciled", "unpausing", "paused", "observed beyond", "degraded"],
)
def test_the_phase(stage: ClusterStage, phase: RolloutPhase) -> None:
    seen = phase_of(rollout_view(stage.rollout))
    assert replace(seen, message=unmasked(seen.message)) == phase


# -- the Rollout -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "done", "restarting"),
    [
        (None, None, False),
        ("2026-11-23T06:40:00Z", None, True),
        ("2026-11-23T06:40:00Z", "2026-11-23T06:40:00Z", False),
        ("2026-11-23T07:40:00+01:00", "2026-11-23T06:40:00Z", False),
        ("2026-11-23T06:50:00Z", "2026-11-23T06:40:00Z", True),
    ],
    ids=["never", "asked", "done", "done, spelt otherwise", "asked again"],
)
def test_a_restart_is_under_way_until_it_is_done(asked: str | None, done: str | None, restarting: bool) -> None:  # noqa: FBT001 -- a table's column
    assert rollout_view({"spec": {"restartAt": asked}, "status": {"restartedAt": done}}).restarting is restarting


def test_what_kubernetes_leaves_out_reads_as_its_default() -> None:
    view = rollout_view({})
    assert (view.replicas, view.progress_deadline_seconds, view.paused, view.observed) == (1, 600, False, True)
    assert (view.status.step_index, view.status.pauses, view.settled_hash) == (0, (), "")
    assert replicaset_view({}).desired == 1


def test_a_hash_is_settled_when_stable_and_current_agree() -> None:
    assert rollout_view(opening().rollout).settled_hash == "6f5d8c7b9"
    assert rollout_view(opening().adopted().rollout).settled_hash == ""


def test_nothing_of_a_template_is_printed() -> None:
    secret = changed(ROLLOUT, {"spec.template.spec.containers.0.env.1.value": "hunter2"})
    assert "hunter2" not in repr(rollout_view(secret))


def test_the_template_s_writers_are_known() -> None:
    view = rollout_view(opening().written_by("kubectl-edit").rollout)
    assert [(manager.name, manager.template) for manager in view.meta.managers] == [("kubectl-edit", True)]


# -- pods --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "waiting", "last", "restarts"),
    [
        ({}, "", Exit(), 0),
        (exited(3, message="boom"), "", Exit(3, "Error", ClusterText("boom"), 1795415400.0), 0),
        (crash_looping(1, 2), "CrashLoopBackOff", Exit(1, "Error", ClusterText(), 1795415400.0), 2),
        (started_again(1, 1), "", Exit(1, "Error", ClusterText(), 1795415400.0), 1),
    ],
    ids=["running", "down", "waiting to be started again", "running again"],
)
def test_the_newest_exit_of_a_container(change: dict[str, Any], waiting: str, last: Exit, restarts: int) -> None:
    container = pod_view(pod("p", NEW, ready=False, **change)).containers[0]
    assert (container.waiting, container.last_exit, container.restarts) == (waiting, last, restarts)
    assert container.last_exit.happened is (last != Exit())


@pytest.mark.parametrize(
    ("change", "over"),
    [
        ({}, False),
        ({"metadata__deletionTimestamp": "2026-11-23T06:30:00Z"}, True),
        ({"status__phase": "Failed"}, True),
        ({"status__phase": "Succeeded"}, True),
        ({"status__phase": "Pending"}, False),
    ],
)
def test_a_pod_that_ended_or_goes_says_nothing_about_its_revision(change: dict[str, Any], over: bool) -> None:  # noqa: FBT001 -- a table's column
    assert pod_view(pod("p", NEW, ready=True, **change)).over is over


def test_an_owner_that_does_not_control_is_none() -> None:
    assert (
        meta_view({"metadata": {"ownerReferences": [{"uid": "a"}, {"uid": "b", "controller": True}]}}).owner_uid == "b"
    )


# -- services, configs, events -----------------------------------------------------------------------------------------


def test_a_service_without_a_selector_selects_nothing() -> None:
    labels = {"app": "payments", "tier": "web"}
    assert service_view({"spec": {"selector": {"app": "payments"}}}).selects(labels)
    assert not service_view({"spec": {"selector": {"app": "other"}}}).selects(labels)
    assert not service_view({"spec": {}}).selects(labels)


@pytest.mark.parametrize(
    ("conditions", "ready"), [({}, True), ({"ready": None}, True), ({"ready": True}, True), ({"ready": False}, False)]
)
def test_an_endpoint_that_does_not_say_is_ready(conditions: dict[str, Any], ready: bool) -> None:  # noqa: FBT001 -- a table's column
    assert endpointslice_view({"endpoints": [{"conditions": conditions}]}).endpoints[0].ready is ready


def test_of_a_secret_the_keys_are_kept_and_no_value() -> None:
    view = config_view("Secret", {"data": {"url": "c2VjcmV0"}, "immutable": True})
    assert (set(view.keys), view.immutable) == ({"url"}, True)
    assert "c2VjcmV0" not in repr(view)


def test_an_event_counts_as_one_and_has_the_newest_of_its_times() -> None:
    old = event_view({"count": 3, "lastTimestamp": "1970-01-01T00:00:10Z", "eventTime": None})
    new = event_view({"eventTime": "1970-01-01T00:00:20.000000Z"})
    assert [(event.count, event.last) for event in (old, new)] == [(3, 10.0), (1, 20.0)]


def test_an_analysis_that_was_called_off_is_known_as_such() -> None:
    assert analysisrun_view({"spec": {"terminate": True}, "status": {"phase": "Successful"}}).terminated
