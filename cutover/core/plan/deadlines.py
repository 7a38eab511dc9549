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
        ready_within=ready_limit(plan, snapshot).seconds,
        hold=_hold(rollout, to_notice) if isinstance(watch.hold, Auto) else watch.hold,
        bake=watch.bake,
        relapse_within=max(SHORTEST_RELAPSE, to_notice),
        verify_within=verification_deadline(rollout, slowest),
        timeout=timeout,
    )


def slowest_start(rollout: RolloutView, stable: tuple[PodView, ...]) -> float:
    """Return the seconds that the slowest stable pod needed from its start to Ready; 0.0 if no pod shows it.

    A pod that became Ready again later shows no start: one whose container was restarted, and one with a time above the
    progress deadline.
    """
    times = (pod.ready_since - pod.started for pod in stable if pod.ready and pod.started and not pod.restarts)
    return max((time for time in times if 0 <= time <= rollout.progress_deadline_seconds), default=0.0)


@frozen
class ReadyLimit:
    """How long a canary pod may take to be Ready, in seconds from its creation, and in words what that rests on."""

    seconds: float
    rests_on: str


def ready_limit(plan: Plan, snapshot: Snapshot) -> ReadyLimit:
    """Return the limit for this plan on this Rollout: the plan's, or for `auto` the longest of what can be known.

    It is never shorter than what the pod's own probes grant, those of its sidecars included: until then the kubelet
    itself does not count the pod as failed.
    """
    rollout, within = snapshot.rollout, plan.watch.ready_within
    if not isinstance(within, Auto):
        return ReadyLimit(within, "the plan says so")
    slowest = slowest_start(rollout, snapshot.stable_pods())
    grounds = (
        (3 * slowest, f"three times the slowest start of a stable pod, {slowest:g} s"),
        (granted_by_probes(rollout.template), "what the pod's own probes grant"),
        (SHORTEST_READY, f"at least {SHORTEST_READY:g} s"),
    )
    seconds, rests_on = max(grounds, key=lambda ground: ground[0])
    settling = f", plus minReadySeconds, {rollout.min_ready_seconds} s" if rollout.min_ready_seconds else ""
    unknown = "" if slowest else "; how long a stable pod takes to start is not known"
    return ReadyLimit(seconds + rollout.min_ready_seconds, f"{rests_on}{settling}{unknown}")


def granted_by_probes(template: Json) -> float:
    """Return the seconds that the pod's probes give it to become Ready.

    These are the longest start-up budget, or initial delay and failures of a readiness probe, of any container.
    """
    documents = (at(one.document, kind) for one in containers(template) for kind in ("startupProbe", "readinessProbe"))
    return max((_probe_budget(probe) for probe in documents if isinstance(probe, dict)), default=0.0)


def _hold(rollout: RolloutView, to_notice: float) -> float:
    return max(SHORTEST_HOLD, to_notice) + rollout.min_ready_seconds


def verification_deadline(rollout: RolloutView, slowest: float) -> float:
    """Return the seconds that stable may take to be whole.

    A stable pod may have to start again while a canary pod still uses its grace period to terminate.
    """
    delays = whole(rollout.canary, "abortScaleDownDelaySeconds") + whole(rollout.canary, "scaleDownDelaySeconds")
    grace = whole(rollout.template, "spec", "terminationGracePeriodSeconds", default=DEFAULT_GRACE)
    return max(SHORTEST_VERIFICATION, delays + grace + slowest + rollout.min_ready_seconds)


def _seconds_to_notice(template: Json, changed: frozenset[str]) -> float:
    """Return twice the seconds that the slowest readiness probe needs to notice a loss."""
    documents = (at(one.document, "readinessProbe") for one in containers(template) if one.name in changed)
    times = (notices_within(probe) for probe in documents if isinstance(probe, dict))
    return 2 * max(times, default=DEFAULT_PERIOD * DEFAULT_FAILURES)


def _probe_budget(probe: Json) -> float:
    return whole(probe, "initialDelaySeconds") + notices_within(probe)
