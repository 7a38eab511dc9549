"""Reading everything at once on the wire: side by side, and what each kind of trouble leads to."""

import time
from pathlib import Path
from threading import Barrier

import pytest

from cutover.adapters.kube.session import connect
from cutover.adapters.kube.snapshot import read_all_fresh, read_configs, read_snapshot
from cutover.core.base.errors import RefusedError, UnreachableError
from cutover.core.base.resources import WATCHED, Resource
from cutover.core.base.target import Target
from cutover.core.objects.config_object import ConfigRead
from cutover.core.objects.read_results import NotFound, ReadFailed
from cutover.core.objects.snapshot import Snapshot
from tests.adapters.kube.server import ApiServer, Call, Reply, listing, rollout_document

TARGET = Target("payments", "payments")
KEYS = (("Secret", "db"), ("ConfigMap", "gone"))
SECRET = {"kind": "Secret", "metadata": {"name": "db"}, "data": {"url": "eA=="}}


def _cluster(**troubles: Reply) -> Reply:
    """A namespace in which all is well but for what lies at these ends of paths (`-` stands for `/`)."""
    well: dict[str, Reply] = {
        "rollouts-payments": lambda call: call.reply(200, rollout_document()),
        "secrets-db": lambda call: call.reply(200, SECRET),
        "configmaps-gone": lambda call: call.refuse(404, "NotFound"),
    }

    def answer(call: Call) -> None:
        end = "-".join(call.seen.path.split("/")[-2:])
        last = call.seen.path.rsplit("/", 1)[-1]
        chosen = {**well, **troubles}
        chosen.get(end, chosen.get(last, lambda listed: listed.reply(200, listing())))(call)

    return answer


def _snapshot(folder: Path, answer: Reply) -> Snapshot:
    with ApiServer(answer) as server:
        return read_snapshot(connect(server.kubeconfig(folder)), TARGET, KEYS)


def test_everything_is_asked_for_side_by_side(tmp_path: Path) -> None:
    meeting, usual = Barrier(6), _cluster()

    def together(call: Call) -> None:
        meeting.wait(timeout=5)  # breaks unless all six requests are under way at once
        usual(call)

    found = _snapshot(tmp_path, together)
    assert found.rollout.meta.uid == "uid-payments"
    assert isinstance(found.configs["Secret", "db"], ConfigRead)
    assert found.configs["ConfigMap", "gone"] == NotFound("configmap/gone")
    assert abs(found.at - time.time()) < 60


def _no(call: Call) -> None:
    call.refuse(403, "Forbidden")


def test_a_rollout_that_does_not_exist_is_refused_with_those_that_do(tmp_path: Path) -> None:
    others = listing(rollout_document("orders"), rollout_document("web"))
    answer = _cluster(
        **{
            "rollouts-payments": lambda call: call.refuse(404, "NotFound"),
            "rollouts": lambda call: call.reply(200, others),
        }
    )
    with pytest.raises(RefusedError) as refused:
        _snapshot(tmp_path, answer)
    assert str(refused.value) == (
        "payments/rollout/payments: C001: there is no Rollout 'payments' in namespace 'payments'\n"
        "  → check spec.target.rollout; there are: orders, web"
    )


def test_a_namespace_that_does_not_exist_is_said_apart(tmp_path: Path) -> None:
    gone: Reply = lambda call: call.refuse(404, "NotFound")  # noqa: E731 -- used twice in one line
    answer = _cluster(**{"rollouts-payments": gone, "namespaces-payments": gone})
    with pytest.raises(RefusedError, match="C001: the namespace 'payments' does not exist"):
        _snapshot(tmp_path, answer)


def test_a_cluster_without_argo_rollouts_is_said_apart(tmp_path: Path) -> None:
    answer = _cluster(**{"rollouts-payments": lambda call: call.reply(404, b"404 page not found")})
    with pytest.raises(RefusedError, match="its CRD is not installed"):
        _snapshot(tmp_path, answer)


@pytest.mark.parametrize(
    ("where", "right"),
    [
        ("rollouts-payments", "get rollouts payments in namespace payments"),
        ("replicasets", "list replicasets in namespace payments"),
        ("pods", "list pods in namespace payments"),
    ],
)
def test_a_right_that_is_needed_is_refused_by_name(tmp_path: Path, where: str, right: str) -> None:
    with pytest.raises(RefusedError, match=right):
        _snapshot(tmp_path, _cluster(**{where: _no}))


def test_what_may_not_be_read_but_is_not_needed_is_unreadable(tmp_path: Path) -> None:
    found = _snapshot(tmp_path, _cluster(**{"services": _no, "secrets-db": _no}))
    assert isinstance(found.services, ReadFailed)
    assert isinstance(found.configs["Secret", "db"], ReadFailed)


@pytest.mark.parametrize("where", ["rollouts-payments", "pods", "services", "secrets-db"])
@pytest.mark.parametrize("way", [Call.cut, lambda call: call.refuse(401, "Unauthorized"), lambda call: call.reply(503)])
def test_a_server_that_does_not_answer_is_unreachable(tmp_path: Path, where: str, way: Reply) -> None:
    with pytest.raises(UnreachableError):
        _snapshot(tmp_path, _cluster(**{where: way}))


def test_configs_are_read_by_name(tmp_path: Path) -> None:
    with ApiServer(_cluster()) as server:
        found = read_configs(connect(server.kubeconfig(tmp_path)), "payments", KEYS)
    assert isinstance(found["Secret", "db"], ConfigRead)
    assert isinstance(found["ConfigMap", "gone"], NotFound)


def test_a_look_is_every_kind_as_of_before_it_was_asked(tmp_path: Path) -> None:
    before = time.monotonic()
    with ApiServer(_cluster()) as server:
        found = read_all_fresh(connect(server.kubeconfig(tmp_path)), TARGET)
    assert not isinstance(found, ReadFailed)
    assert [listed.kind for listed in found] == list(WATCHED)
    assert all(before <= listed.at <= time.monotonic() for listed in found)
    assert not [seen for seen in server.seen if "resourceVersion" in seen.query]


def test_a_look_does_without_analysis_runs(tmp_path: Path) -> None:
    for trouble in (_no, lambda call: call.reply(404, b"404 page not found")):
        with ApiServer(_cluster(analysisruns=trouble)) as server:
            found = read_all_fresh(connect(server.kubeconfig(tmp_path)), TARGET)
        assert not isinstance(found, ReadFailed)
        assert Resource.ANALYSISRUN not in {listed.kind for listed in found}


@pytest.mark.parametrize(("kind", "way"), [("pods", _no), ("pods", Call.cut), ("analysisruns", Call.cut)])
def test_a_look_that_misses_something_is_no_look(tmp_path: Path, kind: str, way: Reply) -> None:
    with ApiServer(_cluster(**{kind: way})) as server:
        assert isinstance(read_all_fresh(connect(server.kubeconfig(tmp_path)), TARGET), ReadFailed)
