"""What stands around a Rollout, as documents of the API give it: what is missing, and what has an odd shape."""

from typing import Any, Final

from hypothesis import given
from hypothesis import strategies as st

from cutover.core.base.resources import Resource
from cutover.core.objects.autoscaler import autoscaler_view
from cutover.core.objects.disruption_budget import budget_view
from cutover.core.objects.namespace_objects import AROUND, NamespaceObjects, namespace_objects_of
from cutover.core.objects.quota import quota_view
from cutover.core.objects.workload import is_over
from tests.core.objects.test_objects_as_read import JSON

SCALER: Final[dict[str, Any]] = {
    "metadata": {"name": "keda-hpa-web", "labels": {"scaledobject.keda.sh/name": "web"}},
    "spec": {
        "scaleTargetRef": {"apiVersion": "argoproj.io/v1alpha1", "kind": "Rollout", "name": "payments"},
        "minReplicas": 2,
        "maxReplicas": 6,
    },
}


def test_an_autoscaler_by_what_it_scales() -> None:
    view = autoscaler_view(SCALER)
    assert (view.group, view.kind, view.name, view.least, view.most) == ("argoproj.io", "Rollout", "payments", 2, 6)
    assert view.keda == "web"
    assert view.scales_rollout("payments")
    assert not view.scales_rollout("orders")
    assert autoscaler_view({"spec": {"maxReplicas": 3}}).least == 1
    assert autoscaler_view({"spec": {"minReplicas": -5}}).least == 0


def test_a_budget_counts_once_its_controller_has_looked() -> None:
    document: dict[str, Any] = {
        "metadata": {"generation": 2},
        "spec": {"selector": {"matchLabels": {"app": "a"}}},
        "status": {"observedGeneration": 1, "disruptionsAllowed": 3, "currentHealthy": 5, "desiredHealthy": 2},
    }
    view = budget_view(document)
    assert (view.allowed, view.healthy, view.desired, view.expected, view.current) == (3, 5, 2, 0, False)
    assert budget_view({**document, "status": {"observedGeneration": 2}}).current
    assert view.selects({"app": "a", "b": "c"})
    assert not view.selects({"b": "c"})


def test_a_quota_is_what_is_in_force() -> None:
    document = {"spec": {"hard": {"pods": "9"}}, "status": {"hard": {"pods": "4", "cpu": 2}, "used": {"pods": "1"}}}
    view = quota_view(document)
    assert (view.hard, view.used, view.scoped) == ({"pods": "4", "cpu": "2"}, {"pods": "1"}, False)
    assert quota_view({"spec": {"scopes": ["BestEffort"]}}).scoped
    assert quota_view({"spec": {"scopeSelector": {"matchExpressions": []}}}).scoped


def test_a_job_is_over_once_it_is_complete_or_has_failed() -> None:
    def job(type_: str, status: str = "True") -> dict[str, Any]:
        return {"status": {"conditions": [{"type": "Suspended", "status": "True"}, {"type": type_, "status": status}]}}

    assert is_over(job("Complete"))
    assert is_over(job("Failed"))
    assert not is_over(job("Complete", "False"))
    assert not is_over(job("FailureTarget"))


def test_surroundings_are_made_of_what_could_be_read() -> None:
    named = {resource: ({"metadata": {"name": resource}},) for resource in AROUND}
    found = namespace_objects_of(named, {"pods": "no"}, "v1.10.1")
    assert [str(each) for each in found.workloads] == [
        f"{resource.removesuffix('s')}/{resource}"
        for resource in AROUND
        if resource not in {Resource.AUTOSCALER, Resource.DISRUPTION_BUDGET, Resource.QUOTA}
    ]
    held = (found.autoscalers[0].meta, found.budgets[0].meta, found.quotas[0].meta)
    assert [meta.name for meta in held] == [Resource.AUTOSCALER, Resource.DISRUPTION_BUDGET, Resource.QUOTA]
    assert (found.unread, found.controller) == ({"pods": "no"}, "v1.10.1")
    assert namespace_objects_of({}, {}) == NamespaceObjects()


FIELDS = ("selector", "scaleTargetRef", "minReplicas", "hard", "used", "scopes", "conditions", "labels")
PARTS = st.dictionaries(st.sampled_from(FIELDS), JSON)


@given(st.dictionaries(st.sampled_from(["metadata", "spec", "status"]), JSON | PARTS))
def test_no_shape_of_a_document_breaks_a_view(document: dict[str, Any]) -> None:
    for view in (autoscaler_view, budget_view, quota_view):
        view(document)
    budget_view(document).selects({"app": "a"})
    is_over(document)
