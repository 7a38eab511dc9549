"""C016, C019, C021 and C025: what stands there already."""

import pytest

from cutover.core.base.secret_text import SecretText
from cutover.core.objects.read_results import ReadFailed
from cutover.core.objects.replicaset import ReplicaSetView
from cutover.core.podtemplate.env_source import FromSecret, LiteralValue
from tests.core.checks.documents import TO_B, Changes, codes, edit, ground, pod, replicaset, service, told, whole

BRING_BACK = (
    "→ bring the stable pods back first: `kubectl argo rollouts get rollout payments -n payments` shows them, "
    "`kubectl describe pod POD -n payments` says why"
)


def test_too_few_available_stable_pods_are_refused() -> None:
    short = replicaset(status__availableReplicas=3)
    assert whole(ground(replicasets=[short])) == (
        "C016 refuse | payments/replicaset/payments-6f5d8c7b9: status.availableReplicas\n"
        "status.availableReplicas of the stable ReplicaSet is 3, spec.replicas is 4\n" + BRING_BACK
    )


def test_why_stable_cannot_create_pods_is_said() -> None:
    failure = {"type": "ReplicaFailure", "status": "True", "reason": "FailedCreate", "message": "exceeded quota: pods"}
    (found,) = told(ground(replicasets=[replicaset(status__availableReplicas=3, status__conditions=[failure])]))
    assert "spec.replicas is 4; it cannot create pods: exceeded quota: pods" in found


def test_a_stable_pod_that_is_not_ready_is_refused_by_name() -> None:
    pods = [pod(0), pod(1), pod(2, ready=False, waiting="CrashLoopBackOff"), pod(3)]
    assert whole(ground(pods=pods)) == (
        "C016 refuse | payments/pods\n"
        "3 of 4 stable pods are Ready: payments-6f5d8c7b9-2 (CrashLoopBackOff)\n" + BRING_BACK
    )


def test_stable_pods_that_do_not_exist_are_missed() -> None:
    (found,) = told(ground(pods=[pod(0), pod(1)]))
    assert "2 of 4 stable pods are Ready: the others do not exist" in found


def test_a_stable_hash_without_its_replicaset_is_refused() -> None:
    (found,) = told(ground(replicasets=[]))
    assert "status.stableRS is 6f5d8c7b9, and the Rollout owns no ReplicaSet of that hash" in found


def test_pods_of_an_old_revision_are_nobodys_business() -> None:
    old = replicaset("5d4", spec__replicas=0, status={"replicas": 0})
    assert (
        codes(ground(replicasets=[replicaset(), old], pods=[*map(pod, range(4)), pod(9, pod_hash="5d4", ready=False)]))
        == []
    )


def test_a_changed_container_without_readiness_probe_is_refused() -> None:
    sidecar = edit(LiteralValue(SecretText("db-b:5432")), container="sidecar", variable="UPSTREAM")
    assert whole(ground(edits=[sidecar])) == (
        "C019 refuse | payments/rollout/payments: spec.template.spec.containers[sidecar].readinessProbe\n"
        "container sidecar has no readinessProbe: it counts as ready whatever its new value does\n"
        "→ give it a readinessProbe that fails while what it depends on cannot be used, for instance "
        "httpGet: {path: /readyz, port: 8080}; this is a new revision: roll it out first"
    )


def test_an_init_container_needs_no_readiness_probe() -> None:
    assert codes(ground(edits=[edit(TO_B, container="migrate")])) == []


WINDOW: Changes = {"spec.rollbackWindow": {"revisions": 3}}
AT_B: Changes = {"spec.containers.0.env.0.valueFrom.secretKeyRef.name": "payments-db-b"}
EARLIER = "2026-11-19T10:00:00Z"


def test_a_way_back_inside_a_rollback_window_is_refused() -> None:
    older = replicaset("5d4", created=EARLIER, template=AT_B)
    assert whole(ground(rollout=WINDOW, replicasets=[replicaset(), older])) == (
        "C021 refuse | payments/rollout/payments: spec.rollbackWindow\n"
        "spec.rollbackWindow is set, and replicaset payments-5d4 is an older revision with just these values: "
        "Argo would take the change for a rollback and skip every step and analysis\n"
        "→ remove spec.rollbackWindow; this makes no new revision: `kubectl patch rollout payments -n payments "
        '--type=json -p \'[{"op":"remove","path":"/spec/rollbackWindow"}]\'`'
    )


@pytest.mark.parametrize(
    ("rollout", "older"),
    [
        pytest.param({}, replicaset("5d4", created=EARLIER, template=AT_B), id="no window"),
        pytest.param(WINDOW, replicaset("5d4", created=EARLIER), id="other values"),
        pytest.param(WINDOW, replicaset("5d4", created="2026-11-21T10:00:00Z", template=AT_B), id="newer than stable"),
        pytest.param(
            WINDOW,
            replicaset("5d4", created=EARLIER, template={**AT_B, "spec.containers.0.image": "payments:0"}),
            id="another image",
        ),
        pytest.param(
            WINDOW,
            replicaset("5d4", created=EARLIER, template=AT_B, metadata__ownerReferences=[]),
            id="somebody else's",
        ),
    ],
)
def test_no_way_back_is_seen_where_argo_sees_none(rollout: Changes, older: ReplicaSetView) -> None:
    assert "C021" not in codes(ground(rollout=rollout, replicasets=[replicaset(), older]))


def test_a_removed_variable_can_lead_back_too() -> None:
    older = replicaset(
        "5d4", created=EARLIER, template={"spec.containers.0.env": [{"name": "POOL_SIZE", "value": "10"}]}
    )
    assert codes(ground(rollout=WINDOW, edits=[edit(None)], replicasets=[replicaset(), older])) == ["C021"]


def test_labels_that_argo_writes_into_old_revisions_do_not_hide_a_way_back() -> None:
    ephemeral = {"metadata.annotations": {"role": "stable"}, "spec.affinity": {"podAntiAffinity": {}}}
    older = replicaset("5d4", created=EARLIER, template={**AT_B, **ephemeral})
    assert codes(ground(rollout=WINDOW, replicasets=[replicaset(), older])) == ["C021"]


def test_a_service_that_publishes_unready_pods_is_refused() -> None:
    assert whole(ground(services=(service(), service("peers", unready=True)))) == (
        "C025 refuse | payments/service/peers: spec.publishNotReadyAddresses\n"
        "spec.publishNotReadyAddresses of service peers, which selects the Rollout's pods, is true: "
        "unready canary pods get requests\n"
        "→ set spec.publishNotReadyAddresses to false, or let the selector leave the Rollout's pods out: "
        "`kubectl patch service peers -n payments --type=merge "
        '-p \'{"spec":{"publishNotReadyAddresses":false}}\'`'
    )


def test_a_service_of_other_pods_may_publish_what_it_likes() -> None:
    assert codes(ground(services=(service("other", unready=True, app="other"),))) == []


def test_a_service_pinned_to_stable_never_gets_the_canary_but_the_canarys_own_does() -> None:
    pinned = {"app": "payments", "rollouts_pod_template_hash": "6f5d8c7b9"}
    services = (service("stable", unready=True, **pinned), service("fresh", unready=True, **pinned))
    rollout = {"spec.strategy.canary.stableService": "stable", "spec.strategy.canary.canaryService": "fresh"}
    (found,) = told(ground(rollout=rollout, services=services))
    assert "of service fresh, which" in found


def test_labels_that_only_the_canary_gets_count() -> None:
    rollout = {"spec.strategy.canary.canaryMetadata": {"labels": {"role": "canary"}}}
    assert codes(ground(rollout=rollout, services=(service("c", unready=True, role="canary"),))) == ["C025"]


def test_services_that_cannot_be_read_are_not_said_to_be_good() -> None:
    assert whole(ground(services=ReadFailed("services", "the right to list services is missing"))) == (
        "C025 warn (unverified) | payments/services\n"
        "could not be checked: services: the right to list services is missing\n"
        "→ set spec.publishNotReadyAddresses to false, or let the selector leave the Rollout's pods out"
    )


def test_a_secret_that_the_sidecar_shares_is_no_edit_of_it() -> None:
    assert codes(ground(edits=[edit(FromSecret("payments-db-b", "url"))])) == []
