"""Lists of a namespace on the wire: what is none must not read as an empty one, and no value is kept."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cutover.adapters.kube.api_errors import ApiUnavailable, Forbidden
from cutover.adapters.kube.namespace_objects import copies, workloads
from cutover.adapters.kube.session import Session, connect
from cutover.core.base.resources import Resource
from cutover.core.objects.config_object import ConfigView
from cutover.core.objects.read_results import ReadFailed
from cutover.core.objects.workload import WORKLOADS
from cutover.core.patch.config_copies import COPY_OF
from tests.adapters.kube.server import ApiServer, Reply

CUSTOM = {"rollouts", "experiments"}
PLANTED = "cGxhbnRlZC1wYXNz"


def _read(folder: Path, answer: Reply, reading: Callable[[Session], Any]) -> Any:
    with ApiServer(answer) as server:
        return reading(connect(server.kubeconfig(folder)))


def _workloads(folder: Path, answer: Reply, resource: Resource = Resource.JOB) -> Any:
    return _read(folder, answer, lambda session: workloads(session, "shop", resource))


def test_a_copy_is_listed_by_its_label_and_without_its_values(tmp_path: Path) -> None:
    meta = {"name": "db-1", "labels": {COPY_OF: "db"}, "annotations": {"last-applied": PLANTED}}
    item = {"metadata": meta, "immutable": True, "data": {"url": PLANTED}}
    with ApiServer(lambda call: call.reply(200, {"kind": "SecretList", "items": [item]})) as server:
        found = copies(connect(server.kubeconfig(tmp_path)), "shop", "Secret")
    assert not isinstance(found, ReadFailed)
    (copy,) = found
    assert type(copy) is ConfigView
    assert (copy.meta.name, copy.keys, copy.immutable) == ("db-1", frozenset({"url"}), True)
    assert copy.meta.annotations == {}
    (seen,) = server.seen
    assert (seen.path, seen.query) == ("/api/v1/namespaces/shop/secrets", {"labelSelector": COPY_OF})


@pytest.mark.parametrize("resource", WORKLOADS)
def test_only_what_is_argos_can_be_absent_from_a_cluster(tmp_path: Path, resource: Resource) -> None:
    found = _workloads(tmp_path, lambda call: call.reply(404, b"404 page not found\n"), resource)
    assert found == () if resource in CUSTOM else isinstance(found, ReadFailed)


def test_a_missing_right_is_named(tmp_path: Path) -> None:
    found = _workloads(tmp_path, lambda call: call.refuse(403, "Forbidden"))
    assert found == Forbidden("jobs", "the right to list jobs in namespace shop is missing")


@pytest.mark.parametrize("body", [b"", b"<html>", {}, [], {"items": []}, {"kind": "Status"}, {"kind": 1}])
def test_an_answer_that_is_no_list_is_not_an_empty_one(tmp_path: Path, body: Any) -> None:
    found = _workloads(tmp_path, lambda call: call.reply(200, body))
    assert found == ApiUnavailable("jobs", "the answer is not a list of Kubernetes")


def test_a_server_that_goes_away_says_nothing_of_what_there_is(tmp_path: Path) -> None:
    assert isinstance(_workloads(tmp_path, lambda call: call.cut()), ApiUnavailable)
    assert isinstance(
        _workloads(tmp_path, lambda call: call.refuse(503, "ServiceUnavailable"), Resource.ROLLOUT), ApiUnavailable
    )
