"""The effects of a Rollout's canary steps: the pods at each step, the first gate, losses of capacity.

These are Argo's own rules (argo-rollouts v1.10.1, `utils/replicaset`) for a canary without a traffic router. The
arithmetic is in `core.objects.canary_replicas`; `tests/core/objects/test_canary_replicas.py` compares both with
Argo's code.
"""

from collections.abc import Callable, Iterator
from math import ceil, floor
from typing import Any, Final

from cutover.core.base.documents import Json, at, whole
from cutover.core.base.frozen import frozen
from cutover.core.objects.canary_replicas import FULL, Budget, Counts, counts, counts_while_unready
from cutover.core.objects.rollout import RolloutView
from cutover.core.objects.step_kinds import WHOLE_NUMBER, StepKind, invalid_because, pause_seconds, step_kind

__all__ = [
    "FULL",
    "Budget",
    "Counts",
    "Dip",
    "NoGate",
    "StepCounts",
    "counts",
    "counts_while_unready",
    "dips",
    "first_gate",
    "has_indefinite_pause_before_full",
    "is_plain_canary",
    "resolve_surge",
    "steps_table",
    "surge_pods",
    "walks_steps",
    "weight_at",
]

DEFAULT_SURGE: Final = "25%"
DEFAULT_UNAVAILABLE: Final = "25%"
"""`spec.strategy.canary.maxSurge` and `maxUnavailable` if they are not set (`utils/defaults/defaults.go`)."""


@frozen
class StepCounts:
    """A step, and the pods at its end, when all of them are available.

    `kind` is None for a step that has none, which Argo calls invalid (`step_kinds`). `indefinite` marks a pause that
    waits for a person; `duration` is the length in seconds of any other pause.
    """

    index: int
    kind: StepKind | None
    weight: int
    canary: int
    stable: int
    indefinite: bool = False
    duration: int = 0


@frozen
class NoGate:
    """No step can stop a bad canary; `reason` says why."""

    reason: str


@frozen
class Dip:
    """A change of weight during which fewer than `spec.replicas` pods serve until its new canary pods are Ready.

    `standing` holds the ReplicaSets' pods meanwhile; `serving` is how many of them can be available. The index after
    the last step means the final promotion.
    """

    index: int
    weight: int
    standing: Counts
    serving: int


def resolve_surge(rollout: RolloutView) -> Budget:
    """Return `maxSurge` and `maxUnavailable` in pods; surge rounds up, unavailable down (`resolveFenceposts`)."""
    surge = _pods(at(rollout.canary, "maxSurge"), DEFAULT_SURGE, rollout.replicas, ceil)
    unavailable = _pods(at(rollout.canary, "maxUnavailable"), DEFAULT_UNAVAILABLE, rollout.replicas, floor)
    # With both at zero nothing could move; Argo then allows one unavailable pod, because surge might fail on a quota.
    unavailable = unavailable if surge or unavailable else 1
    return Budget(surge, min(unavailable, rollout.replicas))


def _pods(value: Any, default: str, replicas: int, rounded: Callable[[float], int]) -> int:
    """Return an integer as it is, a string (`25%` or `25`) as a percentage of the replicas; 0 if it is neither.

    Source: apimachinery `GetValueFromIntOrPercent`.
    """
    value = default if value is None else value
    if not isinstance(value, str):
        return whole(value)
    percent = value.replace("%", "")
    return rounded(int(percent) * replicas / FULL) if WHOLE_NUMBER.fullmatch(percent) else 0


def walks_steps(rollout: RolloutView) -> bool:
    """Whether the Rollout walks its steps as this module works them out: a plain canary, and every step is valid."""
    return is_plain_canary(rollout) and not any(invalid_because(step) for step in rollout.steps)


def is_plain_canary(rollout: RolloutView) -> bool:
    """Whether the Rollout is a canary with steps, its own template and no traffic router."""
    others = (at(rollout.strategy, "blueGreen"), at(rollout.canary, "trafficRouting"))
    return bool(rollout.steps) and not rollout.workload_ref and all(other is None for other in others)


def steps_table(rollout: RolloutView) -> tuple[StepCounts, ...]:
    """Return a row for each step, with the pods at its end; the final promotion is no step."""
    budget = resolve_surge(rollout)
    return tuple(_step(rollout, index, step, budget) for index, step in enumerate(rollout.steps))


def _step(rollout: RolloutView, index: int, step: Json, budget: Budget) -> StepCounts:
    weight, kind = weight_at(rollout.steps, index), step_kind(step)
    pods = counts(rollout.replicas, weight, budget)
    length = at(step, "pause", "duration")
    indefinite = kind is StepKind.PAUSE and length is None
    return StepCounts(index, kind, weight, pods.canary, pods.stable, indefinite, pause_seconds(length))


def weight_at(steps: tuple[Json, ...], index: int) -> int:
    """Return the weight at a step: the last one set, 0 before any, 100 after the last step (`GetCurrentSetWeight`)."""
    if index >= len(steps):
        return FULL
    passed = reversed(steps[: index + 1])
    return next((whole(step, "setWeight") for step in passed if at(step, "setWeight") is not None), 0)


_JUDGES_CANARY: Final = frozenset({StepKind.PAUSE, StepKind.ANALYSIS, StepKind.PLUGIN})


def first_gate(rollout: RolloutView) -> StepCounts | NoGate:
    """Return the first step at which a bad canary can be stopped; its `canary` is the number of pods to judge.

    `setWeight: 0` creates no canary pod, and an experiment has its own pods, so neither counts.
    """
    gates = (step for step in steps_table(rollout) if step.kind in _JUDGES_CANARY or _raises_weight(step))
    return next(gates, NoGate("no step has a weight above 0, a pause or an analysis"))


def _raises_weight(step: StepCounts) -> bool:
    return step.kind is StepKind.SET_WEIGHT and step.weight > 0


def has_indefinite_pause_before_full(rollout: RolloutView) -> bool:
    """Return whether the steps wait for a person at a weight above 0 and below 100 %."""
    return any(step.indefinite and 0 < step.weight < FULL for step in steps_table(rollout))


def dips(rollout: RolloutView) -> tuple[Dip, ...]:
    """Return the changes of weight, final promotion included, that reduce capacity until their new pods are Ready."""
    return tuple(move for move in _moves(rollout) if move.serving < rollout.replicas)


def surge_pods(rollout: RolloutView) -> int:
    """Return by how many pods at most the Rollout exceeds `spec.replicas` during the update, promotion included."""
    most = max(move.standing.canary + move.standing.stable for move in _moves(rollout))
    return max(0, most - rollout.replicas)


def _moves(rollout: RolloutView) -> Iterator[Dip]:
    before, budget = Counts(0, rollout.replicas), resolve_surge(rollout)
    weights = [(step.index, step.weight) for step in steps_table(rollout) if step.kind is StepKind.SET_WEIGHT]
    for index, weight in [*weights, (len(rollout.steps), FULL)]:
        standing = counts_while_unready(rollout.replicas, weight, budget, before)
        serving = min(standing.canary, before.canary) + min(standing.stable, before.stable)
        yield Dip(index, weight, standing, serving)
        before = counts(rollout.replicas, weight, budget)
