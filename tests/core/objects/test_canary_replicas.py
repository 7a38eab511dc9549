"""The replica arithmetic, held against Argo's own code.

`tests/recordings/canary_counts.json` is what argo-rollouts v1.10.1 itself answered. It was made by a small Go program
in the module of the test bed (`go run` in `tests/cluster/binaries`) that imports `utils/replicaset` and records, for
0 to 30 replicas and every weight from 0 to 100, as runs `from:canary/stable` of equal answers:

- `budgets`: `MaxSurge` and `MaxUnavailable` for 19 spellings of `maxSurge` and `maxUnavailable`;
- `settled`: where `CalculateReplicaCountsForBasicCanary` comes to rest, from a full stable and no canary, when every
  pod becomes available (rows for no surge and for some surge; the program found all 19 spellings equal to one of them);
- `unready`: the same when no canary pod ever becomes available; stable is changed first and the canary in the next
  pass, as `reconcileCanaryReplicaSets` does;
- `passes`: single calls on 700 random states, `replicas weight surge unavailable canary stable -> canary/stable`, where
  a state is `spec.replicas/available`;
- `pauses`: `RolloutPause.DurationSeconds`; `weights`: `GetCurrentSetWeight` at every step index.

Left out: traffic routers (a check refuses them), older ReplicaSets with pods (no run starts during an update).
"""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cutover.core.base.documents import Json
from cutover.core.objects.canary_replicas import Scale, one_pass
from cutover.core.objects.canary_steps import (
    Budget,
    Counts,
    NoGate,
    StepCounts,
    counts,
    counts_while_unready,
    dips,
    first_gate,
    has_indefinite_pause_before_full,
    resolve_surge,
    steps_table,
    walks_steps,
    weight_at,
)
from cutover.core.objects.rollout import RolloutView, rollout_view
from cutover.core.objects.step_kinds import StepKind, pause_seconds

ARGO: Final = json.loads((Path(__file__).parents[2] / "recordings" / "canary_counts.json").read_text(encoding="utf-8"))
MOST_REPLICAS: Final = 30


def rollout(replicas: int = 4, steps: Sequence[Any] = (), **canary: Any) -> RolloutView:
    given_ = {key: value for key, value in canary.items() if value is not None}
    return rollout_view(
        {"spec": {"replicas": replicas, "strategy": {"canary": {"steps": list(steps), **given_}}}},
    )


def pair(text: str) -> tuple[int, int]:
    left, right = text.split("/")
    return int(left), int(right)


def unrolled(runs: str, last: int) -> Iterator[tuple[int, tuple[int, int]]]:
    """`0:1/4 26:1/3` as one answer for every number up to `last`."""
    starts = [(int(start), pair(answer)) for start, answer in (run.split(":") for run in runs.split())]
    ends = [start for start, _ in starts[1:]] + [last + 1]
    for (start, answer), end in zip(starts, ends, strict=True):
        yield from ((number, answer) for number in range(start, end))


@pytest.mark.parametrize("case", ARGO["budgets"], ids=lambda case: f"{case['maxSurge']}-{case['maxUnavailable']}")
def test_the_budget_is_argos_for_every_spelling(case: Any) -> None:
    for replicas, (surge, unavailable) in unrolled(case["resolved"], MOST_REPLICAS):
        view = rollout(replicas, maxSurge=case["maxSurge"], maxUnavailable=case["maxUnavailable"])
        assert resolve_surge(view) == Budget(surge, unavailable), replicas


@pytest.mark.parametrize("surge", [0, 1])
def test_a_step_ends_with_argos_counts(surge: int) -> None:
    for replicas, row in enumerate(ARGO["settled"][str(surge)]):
        for weight, expected in unrolled(row, 100):
            assert counts(replicas, weight, Budget(surge, 1 - surge)) == Counts(*expected), (replicas, weight)


@pytest.mark.parametrize("case", ARGO["unready"], ids=lambda case: f"{case['maxSurge']}-{case['maxUnavailable']}")
def test_an_unready_canary_costs_what_it_costs_under_argo(case: Any) -> None:
    for replicas, row in enumerate(case["rows"]):
        budget = resolve_surge(rollout(replicas, maxSurge=case["maxSurge"], maxUnavailable=case["maxUnavailable"]))
        for weight, expected in unrolled(row, 100):
            standing = counts_while_unready(replicas, weight, budget, Counts(0, replicas))
            assert standing == Counts(*expected), (replicas, weight)


def test_a_pass_over_any_state_asks_for_what_argo_asks_for() -> None:
    for line in ARGO["passes"]:
        replicas, weight, surge, unavailable, canary, stable, expected = line.split()
        budget = Budget(int(surge), min(int(unavailable), int(replicas)))
        asked = one_pass(int(replicas), int(weight), budget, Scale(*pair(canary)), Scale(*pair(stable)))
        assert asked == Counts(*pair(expected)), line


@pytest.mark.parametrize(
    ("replicas", "surge", "expected"),
    [
        (1, 0, ["0/1", "0/1", "0/1", "1/0", "1/0", "1/0"]),
        (1, 1, ["1/1", "1/1", "1/1", "1/1", "1/1", "1/1"]),
        (2, 0, ["1/1", "1/1", "1/1", "1/1", "0/2", "1/1"]),
        (2, 1, ["1/2", "1/2", "1/2", "1/1", "2/1", "2/1"]),
        (3, 1, ["1/3", "1/3", "1/3", "2/2", "3/1", "3/1"]),
        (4, 1, ["1/4", "1/4", "1/3", "2/2", "3/1", "4/1"]),
        (5, 2, ["1/5", "1/4", "1/4", "3/3", "4/1", "5/1"]),
        (10, 3, ["1/9", "2/8", "3/8", "5/5", "8/3", "9/1"]),
    ],
)
def test_the_table_of_the_reference(replicas: int, surge: int, expected: list[str]) -> None:
    found = [counts(replicas, weight, Budget(surge, 0 if surge else 1)) for weight in (10, 20, 25, 50, 75, 90)]
    assert [f"{pods.canary}/{pods.stable}" for pods in found] == expected


@pytest.mark.parametrize("case", ARGO["pauses"], ids=lambda case: repr(case["duration"]))
def test_a_pause_lasts_as_long_as_argo_says(case: Any) -> None:
    assert pause_seconds(case["duration"]) == case["seconds"]


def test_the_weight_in_force_is_the_last_one_set() -> None:
    steps = tuple(ARGO["weights"]["steps"])
    assert [weight_at(steps, index) for index in range(8)] == ARGO["weights"]["weights"]


STEPS: Final[tuple[Json, ...]] = (
    {"setWeight": 20},
    {"pause": {}},
    {"analysis": {"templates": []}},
    {"setWeight": 60},
    {"pause": {"duration": "2s"}},
    {"setHeaderRoute": {"name": "x"}},
)


def test_the_steps_of_the_usual_rollout() -> None:
    assert steps_table(rollout(4, STEPS, maxSurge=1, maxUnavailable=0)) == (
        StepCounts(0, StepKind.SET_WEIGHT, 20, 1, 4),
        StepCounts(1, StepKind.PAUSE, 20, 1, 4, indefinite=True),
        StepCounts(2, StepKind.ANALYSIS, 20, 1, 4),
        StepCounts(3, StepKind.SET_WEIGHT, 60, 3, 2),
        StepCounts(4, StepKind.PAUSE, 60, 3, 2, duration=2),
        StepCounts(5, StepKind.SET_HEADER_ROUTE, 60, 3, 2),
    )


def test_stable_keeps_what_the_step_grants_and_nothing_after_the_last() -> None:
    view = rollout(4, STEPS, maxSurge=1, maxUnavailable=0)
    weights = (weight_at(view.steps, index) for index in range(7))
    granted = [counts(view.replicas, weight, resolve_surge(view)).stable for weight in weights]
    assert granted == [4, 4, 4, 2, 2, 2, 0]


@pytest.mark.parametrize(
    ("steps", "replicas", "expected"),
    [
        pytest.param(STEPS, 4, (0, 1), id="a weight"),
        pytest.param(({"pause": {}}, {"setWeight": 20}), 4, (0, 0), id="a pause before any weight has no canary pod"),
        pytest.param(({"analysis": {}}, {"setWeight": 20}), 4, (0, 0), id="an analysis before any weight"),
        pytest.param(({"setWeight": 0}, {"setWeight": 20}), 4, (1, 1), id="a weight of zero asks for nothing"),
        pytest.param(({"setWeight": 0}, {"pause": {}}, {"setWeight": 20}), 4, (1, 0), id="a pause at weight zero"),
        pytest.param(({"experiment": {}}, {"setWeight": 20}), 4, (1, 1), id="an experiment brings its own pods"),
        pytest.param(({"setWeight": 20},), 1, (0, 0), id="one replica without surge rounds to zero"),
    ],
)
def test_the_first_gate_and_its_canary_pods(steps: Sequence[Any], replicas: int, expected: tuple[int, int]) -> None:
    surge = 0 if replicas == 1 else 1
    gate = first_gate(rollout(replicas, steps, maxSurge=surge, maxUnavailable=1 - surge))
    assert isinstance(gate, StepCounts)
    assert (gate.index, gate.canary) == expected


@pytest.mark.parametrize("steps", [(), ({"setWeight": 0},), ({"experiment": {}},)])
def test_steps_may_hold_no_gate_at_all(steps: Sequence[Any]) -> None:
    assert first_gate(rollout(4, steps)) == NoGate("no step has a weight above 0, a pause or an analysis")


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        pytest.param(STEPS, True, id="after the first weight"),
        pytest.param(({"setWeight": 20}, {"pause": {"duration": 30}}), False, id="a pause with an end"),
        pytest.param(({"setWeight": 20}, {"pause": {"duration": 0}}), False, id="a pause of zero seconds ends at once"),
        pytest.param(({"pause": {}}, {"setWeight": 20}), False, id="before any canary pod"),
        pytest.param(({"setWeight": 100}, {"pause": {}}), False, id="when everything is the canary"),
        pytest.param((), False, id="no steps"),
    ],
)
def test_an_indefinite_pause_counts_where_there_is_something_to_hold(steps: Sequence[Any], *, expected: bool) -> None:
    assert has_indefinite_pause_before_full(rollout(4, steps, maxSurge=1, maxUnavailable=0)) is expected


def test_without_unavailable_pods_no_step_costs_capacity() -> None:
    assert dips(rollout(4, STEPS, maxSurge=1, maxUnavailable=0)) == ()


def test_argos_defaults_take_stable_down_before_the_canary_is_ready() -> None:
    """Seen on the real controller at `setWeight: 25`: stable drops to 3 of 4 at once."""
    first, *_ = dips(rollout(4, ({"setWeight": 25}, {"pause": {}})))
    assert (first.index, first.weight, first.standing, first.serving) == (0, 25, Counts(1, 3), 3)


def test_a_first_weight_that_spares_stable_still_costs_capacity_later() -> None:
    found = [(dip.index, dip.serving) for dip in dips(rollout(4, STEPS))]
    assert found == [(3, 3), (6, 3)]


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ({"strategy": {"canary": {"steps": [{"setWeight": 20}]}}}, True),
        ({"strategy": {"canary": {}}}, False),
        ({"strategy": {"blueGreen": {}}}, False),
        ({"strategy": {"canary": {"steps": [{"setWeight": 20}], "trafficRouting": {}}}}, False),
        ({"strategy": {"canary": {"steps": [{"setWeight": 20}]}}, "workloadRef": {"name": "x"}}, False),
    ],
)
def test_only_a_plain_canary_with_steps_walks_steps(spec: Any, *, expected: bool) -> None:
    assert walks_steps(rollout_view({"spec": spec})) is expected


REPLICAS: Final = st.integers(0, 200)
WEIGHT: Final = st.integers(0, 100)
BUDGET: Final = st.builds(Budget, st.integers(0, 50), st.integers(0, 50)).filter(lambda b: b.surge + b.unavailable > 0)


@given(REPLICAS, WEIGHT, BUDGET)
def test_law_a_step_never_ends_with_less_than_nothing_or_more_than_one_extra(
    replicas: int, weight: int, budget: Budget
) -> None:
    pods = counts(replicas, weight, budget)
    assert pods.canary >= 0
    assert pods.stable >= 0
    assert replicas <= pods.canary + pods.stable <= replicas + min(1, budget.surge)


@given(REPLICAS, WEIGHT, BUDGET, WEIGHT)
def test_law_no_pass_exceeds_the_surge_or_takes_more_than_may_be_missing(
    replicas: int, weight: int, budget: Budget, before: int
) -> None:
    start = counts(replicas, before, budget)
    standing = counts_while_unready(replicas, weight, budget, start)
    serving = min(standing.canary, start.canary) + min(standing.stable, start.stable)
    assert standing.canary + standing.stable <= replicas + budget.surge
    assert serving >= replicas - budget.unavailable


@given(REPLICAS, WEIGHT, BUDGET)
def test_law_a_step_at_rest_stays_at_rest(replicas: int, weight: int, budget: Budget) -> None:
    rest = counts(replicas, weight, budget)
    canary, stable = Scale(rest.canary, rest.canary), Scale(rest.stable, rest.stable)
    assert one_pass(replicas, weight, budget, canary, stable) == rest


@given(st.integers(0, 200), st.lists(st.integers(0, 100), min_size=1, max_size=5), st.integers(1, 50))
def test_law_with_no_pod_allowed_to_be_missing_capacity_is_kept_at_every_step(
    replicas: int, weights: list[int], surge: int
) -> None:
    steps = [{"setWeight": weight} for weight in weights]
    assert dips(rollout(replicas, steps, maxSurge=surge, maxUnavailable=0)) == ()
