"""Which classes of bad cutovers a run would notice: the whole table, as reports print it."""

from typing import Any

import pytest

from cutover.core.engine.run_spec import RunSpec
from cutover.core.podtemplate.probes import Probe
from cutover.core.review.detection_coverage import Coverage, Covered, coverage_of
from tests.core.engine.play import run_spec
from tests.core.engine.stage import opening, plan

PROBE = "the readiness probe (/readyz), as far as it really asks the target"
NO_GATE = "no analysis or gate judges the answers that users get"
CONSUMERS = "those in the namespace are named before the run (C052); those elsewhere are not looked at"


def covered(order: RunSpec) -> tuple[Coverage, ...]:
    return coverage_of(order.strategy, order.probes)


def told(rows: tuple[Coverage, ...]) -> list[str]:
    """Each row in a line."""
    return [f"{row.letter} {row.covered}: {row.title}: {row.by}" for row in rows]


def test_a_rollout_without_analysis_is_covered_by_readiness_alone_and_the_table_says_what_that_misses() -> None:
    assert told(covered(run_spec(plan()))) == [
        "A yes: the application cannot start: the kubelet's container states and exit codes",
        f"B partly: it starts and cannot reach or authenticate: {PROBE}",
        "C no: it works, but on the wrong target: nothing asks the target who it is",
        "D no: reads work, writes fail: nothing writes to the target before users do",
        f"E no: it works for one pod and fails at scale: {NO_GATE}",
        "F no: both sides work and their data diverge: no probe can see it",
        f"G no: it answers, and users are broken: {NO_GATE}",
        "H partly: the repoint did not happen: the new ReplicaSet carries the values; no pod was asked what it uses",
        f"I partly: other consumers stay on the old target: {CONSUMERS}",
    ]


@pytest.mark.parametrize(
    "strategy",
    [
        {"strategy__canary__analysis": {"templates": [{"templateName": "success-rate"}]}},
        {"strategy__canary__steps": [{"setWeight": 20}, {"analysis": {"templates": []}}, {"pause": {}}]},
    ],
    ids=["in the background", "as a step"],
)
def test_an_analysis_covers_partly_what_users_would_see(strategy: dict[str, Any]) -> None:
    rows = {row.letter: row for row in covered(run_spec(plan(), stage=opening().spec(**strategy).observed()))}
    assert {letter for letter, row in rows.items() if row.by == "the Rollout's own analysis"} == {"E", "G"}
    assert rows["E"].covered is Covered.PARTLY


def test_a_probe_that_cannot_be_asked_is_named_without_a_path() -> None:
    order = run_spec(plan())
    rows = coverage_of(order.strategy, (Probe("app", 0, "/"),))
    assert rows[1].by == "the readiness probe"
