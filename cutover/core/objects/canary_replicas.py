"""Argo's replica arithmetic for a canary without a traffic router, on bare numbers.

Ported from argo-rollouts v1.10.1, `utils/replicaset/canary.go`, and held against it by `tests/core/test_canary.py`.
Floats stand where Argo has floats: its ties depend on their rounding.
"""

from collections.abc import Iterator
from math import trunc
from typing import Final

from cutover.core.base.frozen import frozen

FULL: Final = 100
"""The weight of a finished rollout. Only a traffic router may set another scale (`maxTrafficWeight`)."""


@frozen
class Budget:
    """By how many pods a rollout may exceed `spec.replicas`, and how many of them may be missing, while it moves."""

    surge: int
    unavailable: int


@frozen
class Counts:
    """Pods of the canary and of the stable ReplicaSet."""

    canary: int
    stable: int


@frozen
class Scale:
    """One ReplicaSet as the controller sees it: `spec.replicas`, and how many of its pods are available."""

    desired: int
    available: int


# --- where a step ends -----------------------------------------------------------------------------------------------


def counts(replicas: int, weight: int, budget: Budget) -> Counts:
    """The pods at the end of a step of this weight, all of them available.

    Argo's `approximateWeightedCanaryStableReplicaCounts`: the canary count that comes nearest to the weight, out of
    `replicas` pods in all, or one more where it may surge.
    """
    if replicas == 0:
        return Counts(0, 0)
    options = tuple(_options(replicas, weight, surging=budget.surge > 0))
    # Argo's "should not get here": two replicas without surge at 75 %, for one, end with no canary at all.
    canary, total = min(options, key=lambda option: _distance(weight, *option), default=(0, replicas))
    return Counts(canary, total - canary)


def _options(replicas: int, weight: int, *, surging: bool) -> Iterator[tuple[int, int]]:
    """Canary count and total, in Argo's order: the first of equally good ones wins."""
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
    """Whether rounding up and down miss the weight by the same amount, computed in floats exactly as Argo does."""
    share = total * (weight / FULL)
    return share - trunc(share) == 0.5  # noqa: PLR2004 - a half is what a tie is


def _distance(weight: int, canary: int, total: int) -> float:
    return abs(canary * FULL / total - weight)


# --- how a step gets there -------------------------------------------------------------------------------------------


@frozen
class _Side:
    """A ReplicaSet in a pass: as it is, where the step wants it, and what growing has made of it."""

    now: Scale
    goal: int
    grown: int

    def available(self, desired: int) -> int:
        """How many available pods are left with that many desired: Argo takes none for lost before it must."""
        return min(self.now.available, desired)


@frozen
class _Limits:
    """How many pods there may be at most, and must be available at least."""

    most: int
    least: int


def one_pass(replicas: int, weight: int, budget: Budget, canary: Scale, stable: Scale) -> Counts:
    """What the controller asks for in one pass over both ReplicaSets (`CalculateReplicaCountsForBasicCanary`).

    Older ReplicaSets are taken to be empty: a run starts only where no update is under way.
    """
    goal = counts(replicas, weight, budget)
    limits = _Limits(most=replicas + budget.surge, least=replicas - budget.unavailable)
    grown = _grown(goal, canary.desired, stable.desired, room=limits.most - canary.desired - stable.desired)
    new, old = _Side(canary, goal.canary, grown.canary), _Side(stable, goal.stable, grown.stable)
    if goal.canary >= canary.desired:
        drained, kept = _drained(old, new, limits)
        return Counts(kept, drained)
    return Counts(*_drained(new, old, limits))


def _grown(goal: Counts, canary: int, stable: int, *, room: int) -> Counts:
    """Stable grows first, the canary into what room is left."""
    more_stable = max(0, min(goal.stable - stable, room))
    more_canary = max(0, min(goal.canary - canary, room - more_stable))
    return Counts(canary + more_canary, stable + more_stable)


def _drained(drain: _Side, keep: _Side, limits: _Limits) -> tuple[int, int]:
    """The drained and the kept side once the pods beyond the minimum are taken from the former.

    The drained side counts as available whatever its pods do (`GetReplicasForScaleDown`): this is why stable shrinks
    before the canary is Ready.
    """
    spare = keep.available(keep.now.desired) + drain.now.desired - limits.least
    if spare <= 0:
        return drain.grown, keep.grown
    lowered = max(drain.goal, drain.now.desired - spare) if drain.now.desired > drain.goal else drain.grown
    return _within(drain, keep, lowered, limits)


def _within(drain: _Side, keep: _Side, lowered: int, limits: _Limits) -> tuple[int, int]:
    """`adjustReplicaWithinLimits`: the kept side gives way to the surge limit, unless availability needs its pods."""
    kept = keep.grown - max(0, keep.grown + lowered - limits.most)
    missing = max(0, limits.least - drain.available(lowered) - keep.available(kept))
    kept += min(max(0, keep.now.available - kept), missing)
    return lowered - max(0, lowered + kept - limits.most), kept


def counts_while_unready(replicas: int, weight: int, budget: Budget, before: Counts) -> Counts:
    """The pods that stand at a step of this weight, reached from `before`, while no pod that it adds is Ready.

    With `maxUnavailable` of 1 or more, stable is taken down before the canary is Ready: a bad canary costs capacity.
    """
    now = before
    for _ in range(2 * (replicas + budget.surge) + 2):  # every move brings a side nearer, and none takes it back
        after = _moved(replicas, weight, budget, now, before)
        if after == now:
            break
        now = after
    return now


def _moved(replicas: int, weight: int, budget: Budget, now: Counts, ready: Counts) -> Counts:
    """One reconcile: a change of stable ends it, the canary follows in the next (`reconcileCanaryReplicaSets`)."""
    canary = Scale(now.canary, min(now.canary, ready.canary))
    stable = Scale(now.stable, min(now.stable, ready.stable))
    asked = one_pass(replicas, weight, budget, canary, stable)
    return Counts(now.canary, asked.stable) if asked.stable != now.stable else asked
