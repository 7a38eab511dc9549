"""Argo's replica arithmetic for a canary without a traffic router, on plain numbers.

Ported from argo-rollouts v1.10.1, `utils/replicaset/canary.go`, and compared with it by
`tests/core/objects/test_canary_replicas.py`.
It uses floats where Argo does, because ties depend on their rounding.
"""

from collections.abc import Iterator
from math import trunc
from typing import Final

from cutover.core.base.frozen import frozen

FULL: Final = 100
"""The weight of a finished rollout. Only a traffic router can have another maximum (`maxTrafficWeight`)."""


@frozen
class Budget:
    """How many pods beyond `spec.replicas` a rollout may have during an update, and how many may be unavailable."""

    surge: int
    unavailable: int


@frozen
class Counts:
    """How many pods the canary and the stable ReplicaSet should have."""

    canary: int
    stable: int


@frozen
class Scale:
    """One ReplicaSet as the controller reads it: `spec.replicas`, and how many of its pods are available."""

    desired: int
    available: int


def counts(replicas: int, weight: int, budget: Budget) -> Counts:
    """Return the pods at the end of a step of this weight, when all of them are available.

    This is Argo's `approximateWeightedCanaryStableReplicaCounts`: the canary count that comes nearest to the weight,
    out of `replicas` pods in all, or one more if surge is allowed.
    """
    if replicas == 0:
        return Counts(0, 0)
    options = tuple(_options(replicas, weight, surging=budget.surge > 0))
    # Argo's "should not get here" case: for example, two replicas without surge at 75 % end with no canary at all.
    canary, total = min(options, key=lambda option: _distance(weight, *option), default=(0, replicas))
    return Counts(canary, total - canary)


def _options(replicas: int, weight: int, *, surging: bool) -> Iterator[tuple[int, int]]:
    """Yield pairs of canary count and total in Argo's order: the first of equally good ones wins."""
    fewer, more = replicas * weight // FULL, -(-replicas * weight // FULL)
    zero_allowed = weight in {0, FULL} or (replicas == 1 and not surging)
    if more < replicas or zero_allowed:
        yield more, replicas
    if (fewer or zero_allowed) and not _tied(weight, replicas):
        yield fewer, replicas
    if surging:
        yield more, replicas + 1
    if surging and (fewer or zero_allowed) and not _tied(weight, replicas + 1):
        yield fewer, replicas + 1


def _tied(weight: int, total: int) -> bool:
    """Return whether rounding up and down miss the weight equally, computed in floats exactly as Argo does."""
    share = total * (weight / FULL)
    return share - trunc(share) == 0.5  # noqa: PLR2004 - a half is what a tie is


def _distance(weight: int, canary: int, total: int) -> float:
    return abs(canary * FULL / total - weight)


@frozen
class _Revision:
    """A ReplicaSet during a pass: its scale now, the step's goal, and its count after growth."""

    now: Scale
    goal: int
    grown: int

    def available(self, desired: int) -> int:
        """Return how many pods stay available at that desired count: Argo assumes unavailable pods go first."""
        return min(self.now.available, desired)


@frozen
class _Limits:
    """The largest allowed number of pods, and the smallest allowed number of available pods."""

    most: int
    least: int


def one_pass(replicas: int, weight: int, budget: Budget, canary: Scale, stable: Scale) -> Counts:
    """Return the counts that the controller sets in one pass (`CalculateReplicaCountsForBasicCanary`).

    Older ReplicaSets are assumed to be empty: a run starts only while no update is in progress.
    """
    goal = counts(replicas, weight, budget)
    limits = _Limits(most=replicas + budget.surge, least=replicas - budget.unavailable)
    grown = _grown(goal, canary.desired, stable.desired, room=limits.most - canary.desired - stable.desired)
    new, old = _Revision(canary, goal.canary, grown.canary), _Revision(stable, goal.stable, grown.stable)
    if goal.canary >= canary.desired:
        drained, kept = _drained(old, new, limits)
        return Counts(kept, drained)
    return Counts(*_drained(new, old, limits))


def _grown(goal: Counts, canary: int, stable: int, *, room: int) -> Counts:
    """Grow stable first, then the canary into the remaining room."""
    more_stable = max(0, min(goal.stable - stable, room))
    more_canary = max(0, min(goal.canary - canary, room - more_stable))
    return Counts(canary + more_canary, stable + more_stable)


def _drained(drain: _Revision, keep: _Revision, limits: _Limits) -> tuple[int, int]:
    """Return the drained and the kept side after the pods beyond the minimum are removed from the drained one.

    All pods of the drained side count as available, whatever their state (`GetReplicasForScaleDown`): this is why
    stable shrinks before the canary is Ready.
    """
    spare = keep.available(keep.now.desired) + drain.now.desired - limits.least
    if spare <= 0:
        return drain.grown, keep.grown
    lowered = max(drain.goal, drain.now.desired - spare) if drain.now.desired > drain.goal else drain.grown
    return _within(drain, keep, lowered, limits)


def _within(drain: _Revision, keep: _Revision, lowered: int, limits: _Limits) -> tuple[int, int]:
    """Shrink the kept side to the surge limit, unless availability needs its pods (`adjustReplicaWithinLimits`)."""
    kept = keep.grown - max(0, keep.grown + lowered - limits.most)
    missing = max(0, limits.least - drain.available(lowered) - keep.available(kept))
    kept += min(max(0, keep.now.available - kept), missing)
    return lowered - max(0, lowered + kept - limits.most), kept


def counts_while_unready(replicas: int, weight: int, budget: Budget, before: Counts) -> Counts:
    """Return the pods at a step of this weight, reached from `before`, while no pod that it adds is Ready.

    With `maxUnavailable` of 1 or more, stable shrinks before the canary is Ready: a bad canary costs capacity.
    """
    now = before
    for _ in range(2 * (replicas + budget.surge) + 2):  # every pass moves a side nearer to its goal
        after = _moved(replicas, weight, budget, now, before)
        if after == now:
            break
        now = after
    return now


def _moved(replicas: int, weight: int, budget: Budget, now: Counts, ready: Counts) -> Counts:
    """Do one reconcile: a change of stable ends it, the canary follows in the next (`reconcileCanaryReplicaSets`)."""
    canary = Scale(now.canary, min(now.canary, ready.canary))
    stable = Scale(now.stable, min(now.stable, ready.stable))
    asked = one_pass(replicas, weight, budget, canary, stable)
    return Counts(now.canary, asked.stable) if asked.stable != now.stable else asked
