"""A Rollout's CRD lets any template pass; the API server is asked about a pod of it before anything is written."""

import pytest

from tests.e2e.arena import Arena

pytestmark = pytest.mark.cluster

APP = "/spec/template/spec/containers/0"


def refused(arena: Arena, change: str) -> str:
    """What is said of a plan that is refused without a write."""
    with arena.no_write():
        outcome = arena.applied(arena.plan_of(change))
    assert (outcome.code, outcome.report["outcome"]) == (3, "refused"), outcome.told()
    said = {each["code"]: str(each["message"]) for each in outcome.report["findings"]}
    return said["C096"]


def test_a_template_of_which_no_pod_can_be_made_is_refused_with_the_place(arena: Arena) -> None:
    arena.deploy()
    unknown = refused(arena, f"patch: [{{op: add, path: {APP}/imagePulPolicy, value: Never}}]")
    assert 'unknown field "spec.containers[0].imagePulPolicy"' in unknown
    invalid = refused(arena, f"patch: [{{op: add, path: {APP}/readinessProbe/periodSeconds, value: -1}}]")
    assert "spec.containers[0].readinessProbe.periodSeconds" in invalid
    planted = "tok-planted-in-a-patch"
    wrong = refused(arena, f'patch: [{{op: add, path: {APP}/env/-, value: {{name: "A", value: {planted}, x: "1"}}}}]')
    assert planted not in wrong


def test_what_admission_says_to_whoever_asks_is_a_doubt_and_no_refusal(arena: Arena) -> None:
    arena.deploy()
    arena.kubectl("label", "namespace", arena.namespace, "pod-security.kubernetes.io/enforce=restricted")
    checked = arena.cutover("check", arena.plan(arena.to_secret("payments-db-b")))
    assert "C097 warn" in checked.stdout, checked.told()
    assert "violates PodSecurity" in checked.stdout
    assert checked.code == 0


READER = [
    {"apiGroups": ["argoproj.io"], "resources": ["rollouts"], "verbs": ["get"]},
    {"apiGroups": ["apps"], "resources": ["replicasets"], "verbs": ["list"]},
    {"apiGroups": [""], "resources": ["pods", "services"], "verbs": ["list"]},
]


def test_who_may_only_look_gets_a_diff_that_says_what_was_not_asked(arena: Arena) -> None:
    arena.deploy()
    reader = arena.restricted_kubeconfig(*READER)
    shown = arena.cutover("diff", arena.plan(arena.to_secret("payments-db-b")), "--kubeconfig", reader)
    assert shown.code == 0, shown.told()
    assert "C092 warn" in shown.stdout
    assert "C090" not in shown.stdout
    assert "whether Secret payments-db-b has the key url" in shown.stdout


def test_a_diff_asks_what_the_api_server_makes_of_it(arena: Arena) -> None:
    arena.deploy()
    change = f"patch: [{{op: add, path: {APP}/imagePulPolicy, value: Never}}]"
    shown = arena.cutover("diff", arena.plan_of(change))
    assert (shown.code, "C096 refuse" in shown.stdout) == (0, True), shown.told()
    assert "`cutover apply` would refuse this plan" in shown.stdout
