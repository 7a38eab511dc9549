"""What a Rollout's canary steps do with its pods: how many each step gives to whom, when, and where a run can stop.

Argo's own rules (argo-rollouts v1.10.1, `utils/replicaset`), for a canary without a traffic router. The arithmetic
itself is in `core.objects.canary_replicas`; both are held against Argo's code by `tests/core/test_canary.py`.
"""

import re
from collections.abc import Callable, Iterator
from enum import StrEnum
from math import ceil, floor, trunc
from typing import Any, Final

from cutover.core.base.documents import Json, at, whole
from cutover.core.base.frozen import frozen
from cutover.core.base.units import go_duration
from cutover.core.objects.canary_replicas import FULL, Budget, Counts, counts, counts_while_unready
from cutover.core.objects.rollout import RolloutView

__all__ = [
    "FULL",
    "Budget",
    "Counts",
    "Dip",
    "NoGate",
    "StepCounts",
    "StepKind",
    "counts",
    "counts_while_unready",
    "dips",
    "first_gate",
    "granted_stable",
    "has_indefinite_pause_before_full",
    "pause_seconds",
    "resolve_surge",
    "step_kind",
    "steps_table",
    "surge_pods",
    "walks_steps",
    "weight_at",
]

DEFAULT_SURGE: Final = "25%"
DEFAULT_UNAVAILABLE: Final = "25%"
"""`spec.strategy.canary.maxSurge` and `maxUnavailable` where they are not set (`utils/defaults/defaults.go`)."""


class StepKind(StrEnum):
    """What a step does, as far as a run cares."""

    SET_WEIGHT = "setWeight"
    PAUSE = "pause"
    ANALYSIS = "analysis"
    EXPERIMENT = "experiment"
    OTHER = "other"


@frozen
class StepCounts:
    """A step and the pods that stand when it is reached and all of them are available.

    `indefinite` is a pause that waits for a person; `duration` is the length in seconds of any other pause.
    """

    index: int
    kind: StepKind
    weight: int
    canary: int
    stable: int
    indefinite: bool = False
    duration: int = 0


@frozen
class NoGate:
    """No step asks anything of a canary pod, and why that is so."""

    reason: str


@frozen
class Dip:
    """A change of weight at which fewer than `spec.replicas` pods serve until its new canary pods are Ready.

    `standing` is what the ReplicaSets hold meanwhile; `serving` is how many of those pods can be available. The index
    behind the last step is the final promotion.
    """

    index: int
    weight: int
    standing: Counts
    serving: int


# --- what the Rollout allows -----------------------------------------------------------------------------------------


def resolve_surge(rollout: RolloutView) -> Budget:
    """`maxSurge` and `maxUnavailable` in pods (`resolveFenceposts`): surge rounds up, unavailable rounds down."""
    surge = _pods(at(rollout.canary, "maxSurge"), DEFAULT_SURGE, rollout.replicas, ceil)
    unavailable = _pods(at(rollout.canary, "maxUnavailable"), DEFAULT_UNAVAILABLE, rollout.replicas, floor)
    # Both zero could never move; Argo then lets one pod be missing, because surge might fail on a quota.
    unavailable = unavailable if surge or unavailable else 1
    return Budget(surge, min(unavailable, rollout.replicas))


def _pods(value: Any, default: str, replicas: int, rounded: Callable[[float], int]) -> int:
    """A number is a count; a string is a percentage, with or without `%` (apimachinery `GetValueFromIntOrPercent`)."""
    value = default if value is None else value
    if not isinstance(value, str):
        return whole(value)
    percent = value.replace("%", "")
    return rounded(int(percent) * replicas / FULL) if _WHOLE.fullmatch(percent) else 0


# --- the steps -------------------------------------------------------------------------------------------------------


def walks_steps(rollout: RolloutView) -> bool:
    """Whether the Rollout is of the one kind that this module speaks of: a canary with steps and no traffic router."""
    others = (at(rollout.strategy, "blueGreen"), at(rollout.canary, "trafficRouting"))
    return bool(rollout.steps) and not rollout.workload_ref and all(other is None for other in others)


def steps_table(rollout: RolloutView) -> tuple[StepCounts, ...]:
    """Every step of the Rollout with its pods."""
    budget = resolve_surge(rollout)
    return tuple(_step(rollout, index, step, budget) for index, step in enumerate(rollout.steps))


def _step(rollout: RolloutView, index: int, step: Json, budget: Budget) -> StepCounts:
    weight, kind = weight_at(rollout.steps, index), step_kind(step)
    pods = counts(rollout.replicas, weight, budget)
    length = at(step, "pause", "duration")
    indefinite = kind is StepKind.PAUSE and length is None
    return StepCounts(index, kind, weight, pods.canary, pods.stable, indefinite, pause_seconds(length))


def step_kind(step: Json) -> StepKind:
    """The kind of a step. An empty object (`pause: {}`) counts; Argo allows exactly one key."""
    named = (kind for kind in StepKind if at(step, kind.value) is not None)
    return next(named, StepKind.OTHER)


def weight_at(steps: tuple[Json, ...], index: int) -> int:
    """The weight in force at a step (`GetCurrentSetWeight`): the last one set, 0 before any, 100 past the end."""
    if index >= len(steps):
        return FULL
    passed = reversed(steps[: index + 1])
    return next((whole(step, "setWeight") for step in passed if at(step, "setWeight") is not None), 0)


def granted_stable(rollout: RolloutView, step_index: int) -> int:
    """How many stable pods the step at that index leaves standing."""
    return counts(rollout.replicas, weight_at(rollout.steps, step_index), resolve_surge(rollout)).stable


_JUDGES_CANARY: Final = frozenset({StepKind.PAUSE, StepKind.ANALYSIS, StepKind.OTHER})


def first_gate(rollout: RolloutView) -> StepCounts | NoGate:
    """The first step at which a bad canary could be stopped; its `canary` says how many pods are there to be judged.

    A `setWeight: 0` asks for nothing, and an experiment brings pods of its own.
    """
    gates = (step for step in steps_table(rollout) if step.kind in _JUDGES_CANARY or _raises_weight(step))
    return next(gates, NoGate("no step has a weight above 0, a pause or an analysis"))


def _raises_weight(step: StepCounts) -> bool:
    return step.kind is StepKind.SET_WEIGHT and step.weight > 0


def has_indefinite_pause_before_full(rollout: RolloutView) -> bool:
    """Whether the steps wait for a person somewhere between the first weight and 100 %."""
    return any(step.indefinite and 0 < step.weight < FULL for step in steps_table(rollout))


def dips(rollout: RolloutView) -> tuple[Dip, ...]:
    """The changes of weight, final promotion included, that cost capacity before their new pods are Ready."""
    return tuple(move for move in _moves(rollout) if move.serving < rollout.replicas)


def surge_pods(rollout: RolloutView) -> int:
    """By how many pods the Rollout exceeds `spec.replicas` at most on its way, final promotion included."""
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


# --- the length of a pause -------------------------------------------------------------------------------------------

_WHOLE: Final = re.compile(r"[+-]?[0-9]{1,18}")

INVALID_PAUSE: Final = -1
"""What Argo makes of a pause that it cannot read (`RolloutPause.DurationSeconds`); such a Rollout is InvalidSpec."""


def pause_seconds(length: Any) -> int:
    """The seconds of `pause.duration`: a number, a number in a string, or a Go duration; 0 where it is absent."""
    if not isinstance(length, str):
        return 0 if length is None else whole(length, default=INVALID_PAUSE)
    if _WHOLE.fullmatch(length):
        return int(length)
    duration = go_duration(length)
    return INVALID_PAUSE if duration is None else trunc(duration)
