"""Something is already moving: a patch now would make a third revision, or mix with a restart."""

from collections.abc import Iterator
from typing import Final

from cutover.core.checks.check import Check, CheckContext, CheckResult, Fault
from cutover.core.checks.finding import Severity
from cutover.core.objects.rollout import RolloutView
from cutover.core.objects.snapshot import Need


def _run(context: CheckContext) -> tuple[CheckResult, ...]:
    conditions = (_unobserved, _third_revision, _promoting, _restarting)
    return tuple(Fault(message, context.field(path)) for part in conditions for path, message in part(context.rollout))


def _unobserved(rollout: RolloutView) -> Iterator[tuple[str, str]]:
    if not rollout.observed:
        path, seen, newest = "status.observedGeneration", rollout.status.observed_generation, rollout.meta.generation
        yield path, f"{path} is {seen}, metadata.generation is {newest}: the controller has not seen the newest spec"


def _third_revision(rollout: RolloutView) -> Iterator[tuple[str, str]]:
    current, stable = rollout.status.current_pod_hash, rollout.status.stable_rs
    if stable and current != stable:
        path = "status.currentPodHash"
        yield path, f"{path} is {current or 'empty'}, status.stableRS is {stable}: an update is under way"


def _promoting(rollout: RolloutView) -> Iterator[tuple[str, str]]:
    if rollout.status.promote_full:
        path = "status.promoteFull"
        yield path, f"{path} is true: a full promotion is under way, and no abort would work"


def _restarting(rollout: RolloutView) -> Iterator[tuple[str, str]]:
    if rollout.restarting:
        asked, done = rollout.restart_at, rollout.status.restarted_at
        path = "spec.restartAt"
        yield path, f"{path} is {asked}, status.restartedAt is {done or 'empty'}: a restart is due or under way"


CHECK: Final = Check(
    code="C009",
    severity=Severity.REFUSE,
    title="an update is under way",
    when=(
        "`currentPodHash` is not `stableRS`, the newest spec has not been observed, `promoteFull` is set, or "
        "a restart is not over"
    ),
    remedy="wait until it is over: `kubectl argo rollouts status {rollout} {scope}`",
    needs=frozenset({Need.ROLLOUT, Need.STATUS}),
    run=_run,
)
