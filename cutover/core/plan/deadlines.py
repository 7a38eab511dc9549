"""The time limits of a run, worked out from the plan and from how long the stable pods needed to become Ready.

Source of the formulas: `docs/plan.md`; the samples are the stable pods' own times from start to Ready.
"""

from typing import Final

from cutover.core.base.documents import Json, at, whole
from cutover.core.base.frozen import frozen
from cutover.core.objects.pod import PodView
from cutover.core.objects.rollout import RolloutView
from cutover.core.objects.snapshot import Snapshot
from cutover.core.plan.model import Auto, Plan
from cutover.core.podtemplate.containers import containers
from cutover.core.podtemplate.probes import DEFAULT_FAILURES, DEFAULT_PERIOD, notices_within


@frozen
class Deadlines:
    """The time limits of a run, all in seconds.

    `timeout` limits the whole run and is infinite if none was given; `relapse_within` is how long a pod that was Ready
    may stay unready; `verify_within` is how long stable may take to be whole again.
    """

    adopt_within: float
    ready_within: float
    hold: float
    bake: float
    relapse_within: float
    verify_within: float
    timeout: float = float("inf")
    stable_within: float = 60.0
    rung_within: float = 30.0
    blind_after: float = 30.0
    blind_ends: float = 300.0


SHORTEST_READY: Final = 30.0
LONGEST_READY: Final = 600.0
SHORTEST_HOLD: Final = 30.0
SHORTEST_RELAPSE: Final = 5.0
SHORTEST_VERIFICATION: Final = 60.0

DEFAULT_GRACE: Final = 30
"""Kubernetes' default of `terminationGracePeriodSeconds`."""


def deadlines_of(plan: Plan, snapshot: Snapshot, changed: frozenset[str], timeout: float) -> Deadlines:
    """Return the limits for this plan on this Rollout; `changed` names the containers that the plan edits."""
    rollout, watch = snapshot.rollout, plan.watch
    to_notice = _seconds_to_notice(rollout.template, changed)
    slowest = slowest_start(rollout, snapshot.stable_pods())
    return Deadlines(
        adopt_within=watch.adopt_within,
        ready_within=_ready(rollout, changed, slowest) if isinstance(watch.ready_within, Auto) else watch.ready_within,
        hold=_hold(rollout, to_notice) if isinstance(watch.hold, Auto) else watch.hold,
        bake=watch.bake,
        relapse_within=max(SHORTEST_RELAPSE, to_notice),
        verify_within=verification_deadline(rollout, slowest),
        timeout=timeout,
    )


def slowest_start(rollout: RolloutView, stable: tuple[PodView, ...]) -> float:
    """Return the seconds that the slowest stable pod needed from its start to Ready; 0.0 if no pod shows it.

    A time above the progress deadline is left out: it comes from a later loss of readiness, not from the start.
    """
    times = (pod.ready_since - pod.started for pod in stable if pod.ready and pod.started)
    return max((time for time in times if 0 <= time <= rollout.progress_deadline_seconds), default=0.0)


def _ready(rollout: RolloutView, changed: frozenset[str], slowest: float) -> float:
    budget = max(3 * slowest, _startup_budget(rollout.template, changed)) + rollout.min_ready_seconds
    return min(max(budget, SHORTEST_READY), LONGEST_READY)


def _hold(rollout: RolloutView, to_notice: float) -> float:
    return max(SHORTEST_HOLD, to_notice) + rollout.min_ready_seconds


def verification_deadline(rollout: RolloutView, slowest: float) -> float:
    """Return the seconds that stable may take to be whole.

    A stable pod may have to start again while a canary pod still uses its grace period to terminate.
    """
    delays = whole(rollout.canary, "abortScaleDownDelaySeconds") + whole(rollout.canary, "scaleDownDelaySeconds")
    grace = whole(rollout.template, "spec", "terminationGracePeriodSeconds", default=DEFAULT_GRACE)
    return max(SHORTEST_VERIFICATION, delays + grace + slowest + rollout.min_ready_seconds)


def _startup_budget(template: Json, changed: frozenset[str]) -> float:
    return max((_probe_budget(probe) for probe in _probes(template, changed, "startupProbe")), default=0.0)


def _seconds_to_notice(template: Json, changed: frozenset[str]) -> float:
    """Return twice the seconds that the slowest readiness probe needs to notice a loss."""
    times = (notices_within(probe) for probe in _probes(template, changed, "readinessProbe"))
    return 2 * max(times, default=DEFAULT_PERIOD * DEFAULT_FAILURES)


def _probes(template: Json, changed: frozenset[str], kind: str) -> tuple[Json, ...]:
    documents = (at(container.document, kind) for container in containers(template) if container.name in changed)
    return tuple(probe for probe in documents if isinstance(probe, dict))


def _probe_budget(probe: Json) -> float:
    return whole(probe, "initialDelaySeconds") + notices_within(probe)
