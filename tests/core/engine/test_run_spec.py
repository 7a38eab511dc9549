"""From a checked plan and its snapshot to the order of a run."""

from typing import Any

import pytest

from cutover.core.base.redaction import Redactor
from cutover.core.engine.run_spec import RunSpec, StablePod, run_spec_of
from cutover.core.patch.resolve import resolve
from cutover.core.plan.model import OnFailure, Promotion
from cutover.core.podtemplate.probes import Probe
from cutover.core.writes.write import WriteName
from tests.core.checks.documents import ROLLOUT_UID, TEMPLATE, changed
from tests.core.engine.stage import AFTER, BASE, TARGET, ClusterStage, edits_of, opening, plan


def order(stage: ClusterStage | None = None, **asked: Any) -> RunSpec:
    """The order for the usual plan on this application."""
    intent = plan(**asked)
    return run_spec_of("run-1", intent, (stage or opening()).snapshot(), edits_of(intent), timeout=60.0, follow=True)


def test_an_order_says_what_is_to_be_done_and_from_where() -> None:
    run_spec = order(promotion=Promotion.FULL, on_failure=OnFailure.HOLD)
    assert (run_spec.run, run_spec.target, run_spec.uid) == ("run-1", TARGET, ROLLOUT_UID)
    assert (run_spec.base_hash, run_spec.base_revision) == (BASE, "3")
    assert (run_spec.before, run_spec.after) == (TEMPLATE, AFTER)
    assert (run_spec.promotion, run_spec.on_failure, run_spec.follow) == (Promotion.FULL, OnFailure.HOLD, True)
    assert ([write.name for write in run_spec.cutover], run_spec.deadlines.timeout) == ([WriteName.CUTOVER], 60.0)
    assert run_spec.changed_containers == {"app"}


def test_an_order_knows_the_stable_pods_that_have_to_be_there_at_the_end() -> None:
    stage = opening().stable_pod(1, ready=True, status__containerStatuses__1__restartCount=3)
    stage = stage.stable_pod(2, ready=True, metadata__deletionTimestamp="2026-11-23T06:30:00Z")
    names = [f"payments-{BASE}-{number}" for number in (0, 1, 3)]
    restarts = (0, 3, 0)
    assert order(stage).stable_pods == tuple(
        StablePod(f"uid-{name}", name, times) for name, times in zip(names, restarts, strict=True)
    )


@pytest.mark.parametrize(
    ("changes", "exits"),
    [
        ({}, 2),
        ({"status__containerStatuses__0__restartCount": 1}, 3),
        ({"status__containerStatuses__0__restartCount": 4}, 6),
        ({"status__containerStatuses__1__restartCount": 4}, 2),
        (
            {
                "status__containerStatuses__0__restartCount": 4,
                "status__containerStatuses__0__state": {"running": {"startedAt": "2026-11-22T00:00:00Z"}},
            },
            2,
        ),
    ],
    ids=["none", "one while starting", "four while starting", "of the sidecar", "days after the start"],
)
def test_exits_that_are_normal_for_the_application_while_it_starts_are_allowed_to_the_canary(
    changes: dict[str, Any], exits: int
) -> None:
    assert order(opening().stable_pod(0, ready=True, **changes)).exits_allowed == exits


PORTS = [{"name": "metrics", "containerPort": 9090}, {"name": "http", "containerPort": 8080}]


@pytest.mark.parametrize(
    ("probe", "port", "path"),
    [
        ({"httpGet": {"path": "/readyz", "port": 8080}}, 8080, "/readyz"),
        ({"httpGet": {"path": "/readyz", "port": "http"}}, 8080, "/readyz"),
        ({"httpGet": {"port": "http"}}, 8080, "/"),
        ({"httpGet": {"path": "/readyz", "port": "nowhere"}}, 0, "/readyz"),
        ({"tcpSocket": {"port": 8080}}, 0, "/"),
        ({"exec": {"command": ["true"]}}, 0, "/"),
    ],
    ids=["number", "name", "no path", "a name that no port has", "tcp", "exec"],
)
def test_an_order_knows_where_a_changed_container_answers_its_readiness_probe(
    probe: dict[str, Any], port: int, path: str
) -> None:
    template = changed(TEMPLATE, {"spec.containers.0.readinessProbe": probe, "spec.containers.0.ports": PORTS})
    stage = opening().spec(template=template)
    run_spec = run_spec_of("run-1", plan(), stage.snapshot(), edits_on(template), timeout=0.0, follow=False)
    assert run_spec.probes == (Probe("app", port, path),)


def edits_on(template: dict[str, Any]) -> Any:
    """The usual plan's edits of this template."""
    return resolve(plan(), template, Redactor(b"stage"))
