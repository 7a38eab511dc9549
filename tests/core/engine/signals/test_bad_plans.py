"""What goes wrong with a canary, what the run makes of it, and after how long.

Each row tells what is seen, from a canary that has just been started, and the whole sentence that explains it.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest

from cutover.core.base.outcomes import Attribution, Cause, Outcome, SpecState
from cutover.core.engine.observation import Evidence, EvidenceKind
from cutover.core.engine.state import Phase, Verdict
from cutover.core.plan.model import Promotion
from tests.core.engine.play import Play
from tests.core.engine.stage import (
    NEW,
    ClusterStage,
    crash_looping,
    exited,
    opening,
    started_again,
    unscheduled,
    waiting,
)
from tests.quotations import unmasked

POD = f"payments-{NEW}-0"
NO_KEY = "couldn't find key url in Secret payments/payments-db-b"
SYNCING = "failed to sync secret cache: timed out waiting for the condition"
QUOTA = "pods is forbidden: exceeded quota: small, requested: pods=1, used: pods=4, limited: pods=4"
WEBHOOK = 'admission webhook "policy.example" denied the request: no'
NO_ROOM = "0/1 nodes are available: 1 Insufficient cpu."


@dataclass(frozen=True)
class CanaryFailure:
    """One way to fail: what happens after the canary pod was started, and the cause that is found."""

    name: str
    happens: Callable[[Play], Play]
    code: str
    attribution: Attribution
    message: str
    after: float = 0.0

    def __str__(self) -> str:
        return self.name


def becomes(change: Callable[[ClusterStage], ClusterStage], after: float = 1.0) -> Callable[[Play], Play]:
    """The cluster becomes this."""
    return lambda play: play.sees(change, after=after)


def then(*steps: Callable[[Play], Play]) -> Callable[[Play], Play]:
    """One thing after the other."""

    def happen(play: Play) -> Play:
        for step in steps:
            play = step(play)
        return play

    return happen


def crashes(code: int, times: int) -> Callable[[Play], Play]:
    """The changed container exits with that code, so many times, a second apart."""
    return then(*(becomes(down(code, restarts)) for restarts in range(times)))


def down(code: int, restarts: int) -> Callable[[ClusterStage], ClusterStage]:
    """The changed container waits to be started again."""
    return lambda stage: stage.canary_pod(**crash_looping(code, restarts))


def on_a_node(status: str) -> Callable[[ClusterStage], ClusterStage]:
    """The canary pod's containers are ready, and the pod's condition says so or not."""
    return lambda stage: stage.canary_pod(ready=True, status__conditions__1__status=status)


def replaced(number: int) -> Callable[[ClusterStage], ClusterStage]:
    """The canary pod of that number is gone, and the next one has been started."""
    return lambda stage: stage.without(f"payments-{NEW}-{number}").canary_pod(number + 1)


BAD = (
    CanaryFailure(
        "never Ready",
        lambda play: play.waits(30.0),
        "deadline",
        Attribution.CONFIG,
        f"pod {POD} was not Ready within 30 s: container app runs, its readiness probe fails",
    ),
    CanaryFailure(
        "never Ready, and its readiness endpoint says why",
        lambda play: play.hears(
            Evidence(
                EvidenceKind.READYZ,
                POD,
                "app",
                text='503\n{"checks": [{"name": "database", "ok": false, "code": "refused", "target": "db-b:5432"}]}',
            )
        ).waits(30.0),
        "deadline",
        Attribution.CONFIG,
        f"pod {POD} was not Ready within 30 s: its readiness endpoint says 503: database refused (db-b:5432)",
    ),
    CanaryFailure(
        "no node has room",
        then(becomes(lambda stage: stage.canary_pod(**unscheduled(NO_ROOM))), lambda play: play.waits(30.0)),
        "unschedulable",
        Attribution.CAPACITY,
        f"pod {POD} was not Ready within 30 s: it found no node: {NO_ROOM}",
    ),
    CanaryFailure(
        "crash loop",
        crashes(1, 3),
        "crash-loop",
        Attribution.CONFIG,
        f"pod {POD}: container app exited with code 1 (2 restarts)",
    ),
    CanaryFailure(
        "one exit, and still down at the deadline",
        then(
            becomes(lambda stage: stage.canary_pod(**exited(3, message="no such host"))), lambda play: play.waits(29.0)
        ),
        "crash-loop",
        Attribution.CONFIG,
        f"pod {POD}: container app exited with code 3: no such host",
    ),
    CanaryFailure(
        "missing key",
        becomes(lambda stage: stage.canary_pod(**waiting("CreateContainerConfigError", NO_KEY))),
        "config-missing",
        Attribution.CONFIG,
        f"pod {POD}: container app is waiting, CreateContainerConfigError: {NO_KEY}",
    ),
    CanaryFailure(
        "missing Secret",
        becomes(
            lambda stage: stage.canary_pod(**waiting("CreateContainerConfigError", 'secret "payments-db-b" not found'))
        ),
        "config-missing",
        Attribution.CONFIG,
        f'pod {POD}: container app is waiting, CreateContainerConfigError: secret "payments-db-b" not found',
    ),
    CanaryFailure(
        "image that the node does not have",
        becomes(lambda stage: stage.canary_pod(**waiting("ErrImageNeverPull", "not present"))),
        "image",
        Attribution.INFRASTRUCTURE,
        f"pod {POD}: container app is waiting, ErrImageNeverPull: not present",
    ),
    CanaryFailure(
        "image that no registry gives",
        then(
            becomes(lambda stage: stage.canary_pod(**waiting("ImagePullBackOff", "no such host"))),
            lambda play: play.waits(30.0),
        ),
        "image",
        Attribution.INFRASTRUCTURE,
        f"pod {POD} was not Ready within 30 s: container app is waiting, ImagePullBackOff: no such host",
    ),
    CanaryFailure(
        "pods refused by a quota",
        becomes(lambda stage: refused_pods(stage, QUOTA)),
        "pod-refused",
        Attribution.CAPACITY,
        f"the canary's pods cannot be created: {QUOTA}",
    ),
    CanaryFailure(
        "pods refused by a webhook",
        becomes(lambda stage: refused_pods(stage, WEBHOOK)),
        "pod-refused",
        Attribution.INFRASTRUCTURE,
        f"the canary's pods cannot be created: {WEBHOOK}",
    ),
    CanaryFailure(
        "Ready, then unready for too long",
        then(becomes(ClusterStage.canary_ready), becomes(ClusterStage.canary), lambda play: play.waits(6.0)),
        "relapse",
        Attribution.CONFIG,
        f"pod {POD} was Ready and is no longer: container app runs, its readiness probe fails",
    ),
    CanaryFailure(
        "Ready, unready and back, unready again",
        then(*(becomes(change) for change in (ClusterStage.canary_ready, ClusterStage.canary) * 2)),
        "relapse",
        Attribution.CONFIG,
        f"pod {POD} was Ready and lost it 2 times: container app runs, its readiness probe fails",
    ),
    CanaryFailure(
        "analysis failed",
        becomes(lambda stage: stage.canary_ready().analysis("Failed", 'Metric "success-rate" assessed Failed')),
        "analysis",
        Attribution.METRIC,
        f'analysis payments-{NEW}-4 is Failed: Metric "success-rate" assessed Failed',
    ),
    CanaryFailure(
        "analysis could not measure",
        becomes(lambda stage: stage.canary_ready().analysis("Error", "no such host")),
        "analysis",
        Attribution.METRIC,
        f"analysis payments-{NEW}-4 is Error: no such host",
    ),
    CanaryFailure(
        "aborted by the controller's analysis",
        becomes(lambda stage: stage.aborted("Background analysis phase failed: assessed Failed")),
        "analysis",
        Attribution.METRIC,
        "Rollout aborted update to revision 4: Background analysis phase failed: assessed Failed",
    ),
    CanaryFailure(
        "aborted by the controller's progress deadline",
        becomes(lambda stage: stage.aborted(f'ReplicaSet "payments-{NEW}" has timed out progressing.')),
        "progress-deadline",
        Attribution.CONFIG,
        f'Rollout aborted update to revision 4: ReplicaSet "payments-{NEW}" has timed out progressing.',
    ),
    CanaryFailure(
        "aborted by a person",
        becomes(ClusterStage.aborted),
        "aborted",
        Attribution.PERSON,
        "Rollout aborted update to revision 4",
    ),
    CanaryFailure(
        "stable lost some pods for good, and no canary pod is Ready",
        then(becomes(lambda stage: stage.canary(0).stable(4, ready=2)), lambda play: play.waits(60.0)),
        "stable-lost",
        Attribution.STABLE,
        "only 2 of 4 stable pods are Ready",
    ),
    CanaryFailure(
        "stable lost all pods, and no canary pod is Ready",
        then(becomes(lambda stage: stage.stable(4, ready=0)), lambda play: play.waits(5.0)),
        "stable-lost",
        Attribution.STABLE,
        "only 0 of 4 stable pods are Ready",
    ),
    CanaryFailure(
        "pods that are replaced again and again",
        then(*(becomes(replaced(number), after=9.0) for number in range(4))),
        "deadline",
        Attribution.CONFIG,
        "step 0: 1 of 1 canary pods were not Ready within 30 s",
    ),
)


def refused_pods(stage: ClusterStage, message: str) -> ClusterStage:
    """The canary's ReplicaSet cannot make its pod."""
    condition = {"type": "ReplicaFailure", "status": "True", "reason": "FailedCreate", "message": message}
    return stage.without(POD).replicaset(NEW, status={"replicas": 0, "conditions": [condition]})


@pytest.mark.parametrize("bad", BAD, ids=str)
def test_the_cause_is_named(bad: CanaryFailure) -> None:
    play = bad.happens(Play().starts_a_canary())
    verdict = play.state.verdict
    assert isinstance(verdict, Verdict), play.told()
    assert replace(verdict.cause, message=unmasked(verdict.cause.message)) == Cause(
        bad.attribution, bad.code, bad.message
    )


@pytest.mark.parametrize("bad", BAD, ids=str)
def test_every_failure_before_promotion_is_aborted_restored_and_verified(bad: CanaryFailure) -> None:
    play = bad.happens(Play().starts_a_canary())
    if play.phase is Phase.ABORT:
        play.aborts()
    play.restores().looks()
    assert (play.ending.outcome, play.ending.spec, play.code) == (Outcome.HELD, SpecState.RESTORED, bad.code)
    assert play.sent[-1] == "restore"


@pytest.mark.parametrize("bad", BAD, ids=str)
def test_a_moment_earlier_nothing_is_decided(bad: CanaryFailure) -> None:
    """What is certain at once has no earlier moment; every clock has one."""
    play = Play().starts_a_canary()
    seconds = {"deadline": 29.9, "unschedulable": 29.9}.get(bad.code, 0.0)
    assert not play.waits(seconds).state.failing


# -- what is no failure ------------------------------------------------------------------------------------------------

FINE = {
    "killed from outside, again and again": crashes(137, 4),
    "stopped from outside, again and again": crashes(143, 4),
    "two exits while starting": crashes(1, 2),
    "a Secret that the kubelet has not seen yet": becomes(
        lambda stage: stage.canary_pod(**waiting("CreateContainerConfigError", SYNCING))
    ),
    "a Secret that the kubelet has not seen yet, in other words": becomes(
        lambda stage: stage.canary_pod(
            **waiting("CreateContainerConfigError", 'failed to sync secret cache: secret "payments-db-b" not found')
        )
    ),
    "a sidecar that exits again and again": becomes(
        lambda stage: stage.canary_pod(
            status__containerStatuses__1={
                "name": "sidecar",
                "ready": False,
                "restartCount": 5,
                "state": {"terminated": {"exitCode": 1, "finishedAt": "2026-11-23T06:30:00Z"}},
            }
        )
    ),
    "a registry that does not answer": becomes(
        lambda stage: stage.canary_pod(**waiting("ImagePullBackOff", "back-off"))
    ),
    "unready once, and back": then(
        becomes(ClusterStage.canary_ready), becomes(ClusterStage.canary), becomes(ClusterStage.canary_ready, after=5.0)
    ),
    "an analysis that was called off": becomes(
        lambda stage: stage.canary_ready().analysis("Failed", "Run Terminated", spec__terminate=True)
    ),
    "an inconclusive analysis": becomes(lambda stage: stage.canary_ready().analysis("Inconclusive")),
    "a quota that let the pods through in the end": becomes(
        lambda stage: refused_pods(stage, QUOTA).canary().replicaset(NEW, status__conditions=[])
    ),
    "a lost node, twice": then(*(becomes(on_a_node(status)) for status in ("True", "False", "True", "False"))),
    "a pod that goes and is no longer Ready while it does": then(
        becomes(ClusterStage.canary_ready),
        becomes(lambda stage: stage.canary_pod(metadata__deletionTimestamp="2026-11-23T06:30:00Z").canary_pod(1)),
        lambda play: play.waits(20.0),
    ),
    "one stable pod replaced within a minute": then(
        becomes(lambda stage: stage.canary_ready().stable(4, ready=3)),
        lambda play: play.waits(50.0),
        becomes(ClusterStage.stable),
    ),
}


@pytest.mark.parametrize("happens", FINE.values(), ids=FINE)
def test_what_is_no_failure_goes_on_to_the_promotion(happens: Callable[[Play], Play]) -> None:
    play = happens(Play().starts_a_canary())
    assert not play.state.failing, play.told()
    play.sees(lambda stage: stage.canary_ready().paused_at(1)).waits(10.0).accepts("promote-pause")
    assert play.sees(ClusterStage.promoted).waits(20.0).looks().ending.outcome is Outcome.PROMOTED


def test_start_up_exits_of_the_running_application_are_normal_for_it_too() -> None:
    """Stable pods that restarted twice while starting allow four exits."""
    stage = opening().stable_pod(0, ready=True, status__containerStatuses__0__restartCount=2)
    play = crashes(1, 4)(Play(stage=stage).starts_a_canary())
    assert not play.state.failing
    assert becomes(lambda now: now.canary_pod(**crash_looping(1, 4)))(play).state.failing


def test_a_pause_for_an_inconclusive_analysis_is_never_passed() -> None:
    play = Play(Promotion.AUTO).has_a_ready_canary()
    play.sees(lambda stage: stage.analysis("Inconclusive").paused_at(1, "InconclusiveAnalysisRun")).looks()
    assert (play.sent, play.ending.outcome) == (["cutover"], Outcome.HOLDING)


def test_a_crash_of_a_pod_that_was_ready_is_judged_like_any_relapse() -> None:
    """One exit long after the start is no crash loop: the pod has its few seconds to come back."""
    play = Play(follow=True).comes_to_the_pause().sees(lambda stage: stage.paused_at(3)).waits(60.0)
    play.sees(lambda stage: stage.canary_pod(**exited(1)))
    assert not play.state.failing, play.told()
    play.sees(lambda stage: stage.canary_pod(ready=True, **started_again(1, 1)), after=3.0).waits(60.0)
    assert not play.state.failing, play.told()
