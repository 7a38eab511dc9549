"""C006 to C011: the Rollout is not at rest."""

import pytest

from tests.core.checks.documents import Changes, codes, ground, told, whole

STATUS = "`kubectl argo rollouts status payments -n payments`"


def test_a_degraded_rollout_is_refused_with_argos_own_words() -> None:
    degraded = {"status.phase": "Degraded", "status.message": "ProgressDeadlineExceeded: timed out progressing."}
    assert whole(ground(rollout=degraded)) == (
        "C006 refuse | payments/rollout/payments: status.phase\n"
        "the phase is Degraded (ProgressDeadlineExceeded: timed out progressing.), not Healthy\n"
        "→ see why with `kubectl argo rollouts get rollout payments -n payments`; "
        f"{STATUS} waits until it is Healthy"
    )


def test_a_rollout_that_no_controller_ever_saw_is_not_healthy() -> None:
    assert "C006" in codes(ground(rollout={"status": {}}))


def test_a_rollout_paused_by_a_person_is_refused() -> None:
    assert whole(ground(rollout={"spec.paused": True})) == (
        "C007 refuse | payments/rollout/payments: spec.paused\n"
        "spec.paused is true\n"
        "→ let it go on with `kubectl argo rollouts promote payments -n payments` (it also clears spec.paused), "
        "and wait until it is Healthy"
    )


def test_every_pause_condition_is_named() -> None:
    pauses = [
        {"reason": "CanaryPauseStep", "startTime": "2026-11-20T10:00:00Z"},
        {"reason": "InconclusiveAnalysisRun", "startTime": "2026-11-20T10:05:00Z"},
    ]
    first, second = told(ground(rollout={"status.pauseConditions": pauses, "status.controllerPause": True}))
    assert "status.pauseConditions[0].reason is CanaryPauseStep since 2026-11-20T10:00:00Z\n" in first
    assert "status.pauseConditions[1].reason is InconclusiveAnalysisRun since 2026-11-20T10:05:00Z\n" in second


def test_a_pause_that_was_just_ended_is_still_one() -> None:
    assert codes(ground(rollout={"status.controllerPause": True})) == ["C006", "C007"]


def test_an_aborted_rollout_is_refused_with_the_way_back_to_stable() -> None:
    aborted = {
        "status.abort": True,
        "status.abortedAt": "2026-11-20T10:00:00Z",
        "status.conditions": [
            {"type": "Progressing", "reason": "RolloutAborted", "message": "Rollout aborted update to revision 4"}
        ],
    }
    assert whole(ground(rollout=aborted)) == (
        "C008 refuse | payments/rollout/payments: status.abort\n"
        "status.abort is set: Rollout aborted update to revision 4; "
        "changing the template now would clear somebody's abort\n"
        "→ go back to the stable revision with `kubectl argo rollouts undo payments -n payments --to-revision=3` "
        "(`kubectl argo rollouts get rollout payments -n payments` shows which one is stable)"
    )


@pytest.mark.parametrize(
    ("rollout", "where", "message"),
    [
        pytest.param(
            {"status.currentPodHash": "7c9"},
            "status.currentPodHash",
            "status.currentPodHash is 7c9, status.stableRS is 6f5d8c7b9: an update is under way",
            id="another revision",
        ),
        pytest.param(
            {"status.promoteFull": True},
            "status.promoteFull",
            "status.promoteFull is true: a full promotion is under way, and no abort would work",
            id="a full promotion",
        ),
        pytest.param(
            {"spec.restartAt": "2026-11-20T10:00:00Z"},
            "spec.restartAt",
            "spec.restartAt is 2026-11-20T10:00:00Z, status.restartedAt is empty: a restart is due or under way",
            id="a restart",
        ),
    ],
)
def test_an_update_under_way_is_refused(rollout: Changes, where: str, message: str) -> None:
    assert whole(ground(rollout=rollout)) == (
        f"C009 refuse | payments/rollout/payments: {where}\n{message}\n→ wait until it is over: {STATUS}"
    )


def test_a_spec_that_the_controller_has_not_seen_is_an_update_under_way() -> None:
    healthy, in_flight = told(ground(rollout={"metadata.generation": 8}))
    assert "the phase is Progressing (waiting for rollout spec update to be observed), not Healthy" in healthy
    assert "status.observedGeneration is 7, metadata.generation is 8: the controller has not seen" in in_flight


def test_a_restart_that_is_over_is_silent_however_the_time_is_spelled() -> None:
    restarted = {"spec.restartAt": "2026-11-20T11:00:00+01:00", "status.restartedAt": "2026-11-20T10:00:00Z"}
    assert codes(ground(rollout=restarted)) == []


def test_a_first_deploy_has_nothing_to_hold_on_to() -> None:
    assert whole(ground(rollout={"status.stableRS": ""})) == (
        "C010 refuse | payments/rollout/payments: status.stableRS\n"
        "status.stableRS is empty: no revision has been promoted yet, so there is none to hold on to\n"
        f"→ finish the first deploy with the configuration as it is: {STATUS}"
    )


def test_a_rollout_without_replicas_would_be_promoted_untested() -> None:
    assert whole(ground(rollout={"spec.replicas": 0})) == (
        "C011 refuse | payments/rollout/payments: spec.replicas\n"
        "spec.replicas is 0: the change would be promoted without one pod having run it\n"
        "→ set spec.replicas to 2 or more: `kubectl scale rollout/payments -n payments --replicas=2` "
        "(where an autoscaler owns it, raise its minimum)"
    )
