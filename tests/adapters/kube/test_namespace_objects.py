"""What stands around a Rollout, on the wire: side by side, and no answer to it, or a wrong one, ends anything."""

from pathlib import Path
from threading import Barrier

import pytest

from cutover.adapters.kube.namespace_objects import read_namespace_objects
from cutover.adapters.kube.session import connect
from cutover.core.base.resources import Resource
from cutover.core.objects.namespace_objects import AROUND, NamespaceObjects
from tests.adapters.kube.server import ApiServer, Call, Reply, listing

WORKER = {"metadata": {"name": "worker"}, "spec": {"template": {"spec": {"containers": []}}}}
CONTROLLER = {"spec": {"template": {"spec": {"containers": [{"image": "quay.io/argoproj/argo-rollouts:v1.9.1"}]}}}}


def empty(call: Call) -> None:
    call.reply(200, listing())


def read(folder: Path, **answers: Reply) -> NamespaceObjects:
    """An empty namespace but for these resources; `controller` is the list in the controller's namespace."""

    def answer(call: Call) -> None:
        resource = call.seen.path.rsplit("/", 1)[-1]
        name = "controller" if "/namespaces/argo-rollouts/" in call.seen.path else resource
        answers.get(name, empty)(call)

    with ApiServer(answer) as server:
        return read_namespace_objects(connect(server.kubeconfig(folder)), "payments")


def test_everything_is_asked_for_side_by_side(tmp_path: Path) -> None:
    meeting = Barrier(len(AROUND) + 1)

    def together(call: Call) -> None:
        meeting.wait(timeout=5)  # breaks unless all requests are under way at once
        call.reply(200, listing())

    assert read(tmp_path, controller=together, **dict.fromkeys(AROUND, together)) == NamespaceObjects()


def test_what_there_is_becomes_views(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        deployments=lambda call: call.reply(200, listing(WORKER)),
        horizontalpodautoscalers=lambda call: call.reply(200, listing({"metadata": {"name": "web"}})),
        controller=lambda call: call.reply(200, listing(CONTROLLER)),
    )
    assert [str(each) for each in found.workloads] == ["deployment/worker"]
    assert [each.meta.name for each in found.autoscalers] == ["web"]
    assert (found.controller, found.unread) == ("v1.9.1", {})


def test_what_may_not_be_listed_is_named_and_the_rest_is_there(tmp_path: Path) -> None:
    no: Reply = lambda call: call.refuse(403, "Forbidden")  # noqa: E731 -- used twice in one line
    found = read(tmp_path, jobs=no, controller=no, deployments=lambda call: call.reply(200, listing(WORKER)))
    assert found.unread == {"jobs": "the right to list them is missing"}
    assert [str(each) for each in found.workloads] == ["deployment/worker"]
    assert found.controller == ""


@pytest.mark.parametrize(
    "gone", [lambda call: call.reply(404, b"404 page not found\n"), lambda call: call.refuse(404, "NotFound")]
)
def test_what_the_cluster_does_not_know_is_empty(tmp_path: Path, gone: Reply) -> None:
    assert read(tmp_path, **{Resource.AUTOSCALER: gone, "controller": gone}) == NamespaceObjects()


@pytest.mark.parametrize("way", [Call.cut, lambda call: call.reply(503), lambda call: call.reply(200, {"kind": "x"})])
def test_no_answer_is_no_empty_list_and_ends_nothing(tmp_path: Path, way: Reply) -> None:
    found = read(tmp_path, **dict.fromkeys((*AROUND, "controller"), way))
    assert set(found.unread) == set(AROUND)
    assert found.controller == ""
