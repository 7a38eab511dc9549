"""The one table of resources: what it says is what the API server has (asked on a real one in `tests/adapters`)."""

import pytest

from cutover.core.base.resources import CONFIG_OBJECTS, WATCHED, Resource, resource_of


def test_a_resource_reads_as_its_plural() -> None:
    assert Resource.POD.value == "pods"
    assert f"{Resource.POD}/log" == "pods/log"
    assert {"pods": 1}[Resource.POD] == 1


@pytest.mark.parametrize(
    ("resource", "kind", "root"),
    [
        (Resource.ROLLOUT, "Rollout", "/apis/argoproj.io/v1alpha1"),
        (Resource.POD, "Pod", "/api/v1"),
        (Resource.AUTOSCALER, "HorizontalPodAutoscaler", "/apis/autoscaling/v2"),
        (Resource.LEASE, "Lease", "/apis/coordination.k8s.io/v1"),
    ],
)
def test_kind_and_path_of_a_resource(resource: Resource, kind: str, root: str) -> None:
    assert (resource.kind, resource.api_root) == (kind, root)


def test_every_kind_leads_to_its_resource() -> None:
    assert [resource_of(resource.kind) for resource in Resource] == list(Resource)


def test_only_argos_own_can_be_missing_from_a_cluster() -> None:
    assert {each.value for each in Resource if each.custom} == {"rollouts", "analysisruns", "experiments"}


def test_what_is_watched_and_what_can_be_copied() -> None:
    assert [each.value for each in WATCHED] == ["rollouts", "replicasets", "pods", "endpointslices", "analysisruns"]
    assert [each.kind for each in CONFIG_OBJECTS] == ["ConfigMap", "Secret"]
