"""A bad plan is held on stable, aborted, restored, proven and reported with its true cause, and no user notices."""

from dataclasses import dataclass

import pytest

from tests.e2e.arena import SHORT, USUAL, Arena
from tests.e2e.running import CommandResult

pytestmark = pytest.mark.cluster

# Long enough for the third exit of a crash loop (the kubelet waits 10 s before it restarts a second time).
READY_60 = "watch: {readyWithin: 60s, adoptWithin: 20s, hold: 30s, bake: 1s}"

APP = "/spec/template/spec/containers/0"


@dataclass(frozen=True)
class BadPlan:
    """What the Secret of the plan says, the fault that the application has with it, and the cause to be named."""

    url: str
    code: str
    words: str
    attribution: str = "config"
    fault: str = ""
    watch: str = SHORT


def _cases(arena: Arena) -> dict[str, BadPlan]:
    databases = arena.bed.databases
    b = databases.b
    return {
        "nothing listens": BadPlan(databases.refused.url(), "deadline", "db refused"),
        "packets swallowed": BadPlan(databases.blackhole.url(), "deadline", "db timeout"),
        "wrong password": BadPlan(
            b.url().replace(f":{b.password}@", ":not-the-password@"), "deadline", "db auth_failed"
        ),
        "unknown host": BadPlan(b.url().replace(f"@{b.host}:", "@db.nowhere.invalid:"), "deadline", "db unknown_host"),
        "refuses to start": BadPlan(b.url(), "crash-loop", "exited with code 3", fault="refuse_start", watch=READY_60),
        "refuses to start, short deadline": BadPlan(b.url(), "crash-loop", "exited with code 3", fault="refuse_start"),
        "crash loop": BadPlan(b.url(), "crash-loop", "exited with code 1", fault="crash_loop:1", watch=READY_60),
        "ready then unready": BadPlan(
            b.url(), "relapse", "was Ready and is no longer", fault="ready_then_unready:2", watch=READY_60
        ),
    }


NAMES = (
    "nothing listens",
    "packets swallowed",
    "wrong password",
    "unknown host",
    "refuses to start",
    "refuses to start, short deadline",
    "crash loop",
    "ready then unready",
)


@pytest.mark.users
@pytest.mark.parametrize("name", NAMES)
def test_a_bad_plan_is_held_and_named(arena: Arena, name: str) -> None:
    bad = _cases(arena)[name]
    faults = {"FAULT": bad.fault, "FAULT_WHEN_IDENTITY": "db-b"} if bad.fault else {}
    arena.deploy(**USUAL, env=faults)
    arena.secret("candidate", url=bad.url)
    pods, template = arena.stable_pods(), arena.template()
    with arena.load(20) as load:
        outcome = arena.applied(arena.plan(arena.to_secret("candidate"), watch=bad.watch))
        result = load.stop()
    assert result.failed == (), result.summary()
    assert_held(arena, outcome, pods, template)
    cause = outcome.report["cause"]
    assert (cause["code"], cause["attribution"]) == (bad.code, bad.attribution), outcome.told()
    assert bad.words in cause["message"]


def test_a_key_that_vanishes_between_check_and_pod_start_is_named_at_once(arena: Arena) -> None:
    arena.deploy(init_seconds=3)
    arena.secret("candidate", url=arena.bed.databases.b.url())
    pods, template = arena.stable_pods(), arena.template()
    running = arena.start("apply", arena.plan(arena.to_secret("candidate"), watch=READY_60), "-o", "json")
    running.wait_for_line("the controller made revision")
    arena.kubectl("patch", "secret", "candidate", "--type=json", "-p", '[{"op": "remove", "path": "/data/url"}]')
    outcome = running.finish()
    assert_held(arena, outcome, pods, template)
    cause = outcome.report["cause"]
    assert cause["code"] == "config-missing", outcome.told()
    assert "couldn't find key url in Secret" in cause["message"]


def test_a_quota_on_replicasets_fails_the_run_before_adoption(arena: Arena) -> None:
    arena.deploy()
    arena.quota(**{"count/replicasets.apps": "1"})
    pods, template = arena.stable_pods(), arena.template()
    outcome = arena.applied(arena.plan(arena.to_secret("payments-db-b")))
    assert_held(arena, outcome, pods, template)
    assert outcome.report["cause"]["code"] == "replicaset-refused", outcome.told()
    assert outcome.report["cause"]["attribution"] == "capacity"
    assert "exceeded quota" in outcome.report["cause"]["message"]
    assert "no pod of another revision is there" in outcome.report["proven"]


def test_a_quota_on_pods_is_named_as_capacity(arena: Arena) -> None:
    arena.deploy()
    arena.quota(pods="2")
    pods, template = arena.stable_pods(), arena.template()
    outcome = arena.applied(arena.plan(arena.to_secret("payments-db-b"), watch=READY_60))
    assert_held(arena, outcome, pods, template)
    assert outcome.report["cause"]["code"] == "pod-refused", outcome.told()
    assert outcome.report["cause"]["attribution"] == "capacity"


@pytest.mark.parametrize(
    ("operation", "code", "attribution"),
    [
        # A pod that never starts again is taken; a ReplicaSet of such pods is not, and the controller knows.
        ("{op: add, path: /spec/template/spec/restartPolicy, value: Never}", "invalid-spec", "config"),
        (f"{{op: replace, path: {APP}/image, value: 'payments:nowhere'}}", "image", "infrastructure"),
        (f"{{op: add, path: {APP}/resources, value: {{requests: {{cpu: '999'}}}}}}", "unschedulable", "capacity"),
    ],
    ids=["invalid-spec", "image", "unschedulable"],
)
def test_a_template_of_which_no_pod_can_run_is_held_and_named(
    arena: Arena, operation: str, code: str, attribution: str
) -> None:
    arena.deploy()
    pods, template = arena.stable_pods(), arena.template()
    outcome = arena.applied(arena.plan_of(f"patch: [{operation}]", watch=SHORT))
    assert_held(arena, outcome, pods, template)
    assert outcome.report["cause"]["code"] == code, outcome.told()
    assert outcome.report["cause"]["attribution"] == attribution


def test_the_rollouts_own_deadline_that_aborts_is_named(arena: Arena) -> None:
    arena.deploy()
    arena.patch({"spec": {"progressDeadlineSeconds": 12, "progressDeadlineAbort": True}})
    arena.wait_healthy()
    arena.secret("candidate", url=arena.bed.databases.refused.url())
    pods, template = arena.stable_pods(), arena.template()
    outcome = arena.applied(arena.plan(arena.to_secret("candidate"), watch=READY_60))
    assert_held(arena, outcome, pods, template)
    assert outcome.report["cause"]["code"] == "progress-deadline", outcome.told()


def test_the_evidence_has_the_logs_exit_codes_and_answers_of_the_canary(arena: Arena) -> None:
    arena.deploy(env={"FAULT": "refuse_start", "FAULT_WHEN_IDENTITY": "db-b"})
    outcome = arena.applied(arena.plan(arena.to_secret("payments-db-b"), watch=READY_60))
    assert outcome.code == 10, outcome.told()
    evidence = {piece["kind"]: piece for piece in outcome.report["evidence"]}
    assert "refus" in evidence["log"]["text"] + evidence["previous-log"]["text"]
    assert "BackOff" in evidence["events"]["text"] or "Back-off" in str(outcome.report["evidence"])


def test_the_time_for_the_whole_run_ends_in_a_held_run(arena: Arena) -> None:
    arena.deploy()
    arena.secret("candidate", url=arena.bed.databases.refused.url())
    pods, template = arena.stable_pods(), arena.template()
    outcome = arena.applied(arena.plan(arena.to_secret("candidate"), watch=READY_60), "--timeout", "4s")
    assert_held(arena, outcome, pods, template)
    assert outcome.report["cause"]["code"] == "timeout"


def assert_held(arena: Arena, outcome: CommandResult, pods: dict[str, int], template: object) -> None:
    """Exit 10, and the world says so too: same stable pods, the spec as it was, Healthy."""
    assert outcome.code == 10, outcome.told()
    assert outcome.report["outcome"] == "held"
    assert outcome.report["spec"] == "restored"
    assert outcome.report["unproven"] == [], outcome.told()
    assert arena.stable_pods() == pods, "the same stable pods, none restarted"
    assert arena.template() == template
    assert arena.healthy(), arena.describe()
