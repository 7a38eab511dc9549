"""What a pod takes of a quota: the numbers of Kubernetes' own rules for init containers, defaults and overhead."""

from decimal import Decimal
from typing import Any

import pytest

from cutover.core.base.units import spelled
from cutover.core.podtemplate.resource_requests import requested


def container(cpu: str = "", limit: str = "", *, always: bool = False) -> dict[str, Any]:
    resources = {"requests": {"cpu": cpu} if cpu else {}, "limits": {"cpu": limit} if limit else {}}
    return {"resources": resources, **({"restartPolicy": "Always"} if always else {})}


@pytest.mark.parametrize(
    ("spec", "cpu"),
    [
        ({"containers": [container("100m"), container("0.2")]}, "0.3"),
        ({"containers": [container(limit="1")]}, "1"),
        ({"containers": [container("100m", limit="1")]}, "0.1"),
        ({"containers": [container()]}, "0"),
        ({"containers": [container("0", limit="1")]}, "0"),
        ({"containers": [container("1")], "resources": {"requests": {"cpu": "0"}}}, "0"),
        ({"containers": [container("1")], "initContainers": [container("3"), container("2")]}, "3"),
        ({"containers": [container("1")], "initContainers": [container("2", always=True), container("2")]}, "4"),
        ({"containers": [container("3")], "initContainers": [container("2", always=True), container("2")]}, "5"),
        ({"containers": [container("1")], "initContainers": [container("3"), container("1", always=True)]}, "3"),
        ({"containers": [container("1")], "overhead": {"cpu": "250m"}}, "1.25"),
        ({"containers": [container("1")], "resources": {"requests": {"cpu": "500m"}}}, "0.5"),
    ],
)
def test_the_request_of_a_pod_is_what_it_takes_at_its_largest_moment(spec: dict[str, Any], cpu: str) -> None:
    assert requested({"spec": spec}, "requests.cpu") == requested({"spec": spec}, "cpu") == Decimal(cpu)


def test_limits_are_counted_apart_and_what_pods_do_not_take_not_at_all() -> None:
    template = {"spec": {"containers": [container("1", "2")]}}
    assert requested(template, "limits.cpu") == 2
    assert requested(template, "pods") == requested(template, "count/pods") == 1
    assert (
        requested(template, "secrets")
        == requested(template, "count/deployments.apps")
        == requested(template, "x.cpu")
        == 0
    )


@pytest.mark.parametrize(
    ("value", "text"),
    [("1", "1"), ("0.35", "350m"), ("0.0001", "1m"), ("1140850688", "1088Mi"), ("1000", "1000"), ("0", "0")],
)
def test_a_number_is_spelled_as_a_quantity(value: str, text: str) -> None:
    assert spelled(Decimal(value)) == text
