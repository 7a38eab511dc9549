"""Starting a bed: what depends on nothing starts at once, and what waits, waits for one named thing."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tests.cluster import (
    control_plane,
    databases,
    identities,
    images,
    kernel,
    monitoring,
    network,
    packages,
    processes,
    workloads,
)
from tests.cluster.api_requests import BedApi
from tests.cluster.app import archive, image
from tests.cluster.bed import Bed
from tests.cluster.build import Binaries, build
from tests.cluster.databases import Databases
from tests.cluster.down import take_down
from tests.cluster.errors import BedError
from tests.cluster.lock import only_one
from tests.cluster.node import NAME, BedNode
from tests.cluster.place import CACHE, BedPlace
from tests.cluster.progress import Progress, wait_for
from tests.cluster.shell import require_root, run

MEMORY = 6_000_000_000  # bytes that must be free for the bed's state to lie in memory


def bring_up(place: BedPlace) -> Bed:
    """The bed, running: as it is, repaired, or new."""
    require_root()
    packages.require()
    binaries = build()
    with only_one(place.lock, "it starts or stops this bed"):
        return _running(place, binaries) or _new(place, binaries)


def _running(place: BedPlace, binaries: Binaries) -> Bed | None:
    """The bed that runs already, with today's application image."""
    if not place.record.exists():
        return None
    processes.mend(place)
    bed = Bed.read(place)
    if problems := bed.problems(binaries):
        print(f"the bed is not whole ({', '.join(problems)}): starting again", flush=True)
        return None
    print("the bed is up already", flush=True)
    return _with_image(bed)


def _with_image(bed: Bed) -> Bed:
    built = image.build(CACHE / "images")
    if images.missing(bed.place, built.reference):
        images.load(bed.place, built.path)
        print(f"imported {built.reference}", flush=True)
    return bed.with_image(built.reference)


def _new(place: BedPlace, binaries: Binaries) -> Bed:
    if take_down(place):
        print("removed what was left of an earlier bed", flush=True)
    try:
        return _start(place, binaries, Progress())
    except BaseException as error:
        print("taking down what was started", flush=True)
        reason = _reason(place, error)
        take_down(place)
        raise reason from error


def _reason(place: BedPlace, error: BaseException) -> BaseException:
    """A component that died explains more than whoever waited for it."""
    died = processes.dead(place) if place.state.exists() else []
    if not isinstance(error, BedError) or not died:
        return error
    tails = [f"{name} ended: {_last_line(place, name)}" for name in died]
    return BedError("\n".join([str(error), *tails, f"logs: {place.logs}"]))


def _last_line(place: BedPlace, name: str) -> str:
    lines = (place.logs / f"{name}.log").read_text(errors="replace").splitlines()
    return lines[-1] if lines else "without a word"


def _start(place: BedPlace, binaries: Binaries, progress: Progress) -> Bed:
    _make_state(place)
    with progress.phase("network namespace, cable, routes"):
        node = BedNode(place, network.lay(place), binaries)
    identities.write(node)
    servers = databases.choose(node)
    with ThreadPoolExecutor() as pool:
        waiting = [pool.submit(part, node, servers, progress) for part in (_control_plane, _containers, _databases)]
        references = [part.result() for part in waiting]
    with progress.phase("node ready"):
        _await_node(node)
    bed = Bed.of(node, servers, references[1] or "")
    bed.write()
    progress.say(f"up: {place.kubeconfig}")
    return bed


def _make_state(place: BedPlace) -> None:
    """In memory where there is enough: etcd and the databases then wait for no disk."""
    place.state.mkdir(parents=True)
    free = os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    if free > MEMORY:
        run(["mount", "-t", "tmpfs", "-o", "mode=0755", "cutover-test", place.state])
    kernel.remember(place)
    _turn_logs(place)


def _turn_logs(place: BedPlace) -> None:
    """Empty logs for this run."""
    place.logs.mkdir(parents=True, exist_ok=True)
    for file in place.logs.glob("*.log"):
        file.unlink()


def _control_plane(node: BedNode, _servers: Databases, progress: Progress) -> None:
    control_plane.start_etcd(node)
    control_plane.start_apiserver(node)
    monitoring.start_name_server(node)
    monitoring.start_prometheus(node)
    with progress.phase("API server ready"):
        wait_for("the API server is ready", _unless_dead(node, lambda: _api(node).ready()), 60)
    control_plane.start_controllers(node)
    workloads.start_kubelet(node)
    workloads.start_proxy(node)
    monitoring.start_feeder(node)
    with progress.phase("Argo Rollouts controller"):
        control_plane.apply_crds(_api(node), node.binaries)
        wait_for("Argo's kinds are served", lambda: control_plane.crds_served(_api(node)), 30)
        control_plane.start_rollouts_controller(node)
        answers = _unless_dead(node, lambda: control_plane.rollouts_controller_answers(node))
        wait_for("the Argo Rollouts controller answers", answers, 30)


def _containers(node: BedNode, _servers: Databases, progress: Progress) -> str:
    workloads.start_containerd(node, archive.reference(node.binaries.pause_image))
    wait_for("containerd answers", _unless_dead(node, lambda: images.containerd_answers(node.place)), 30)
    images.load(node.place, node.binaries.pause_image)
    with progress.phase("containerd, images"):
        built = image.build(CACHE / "images")
        images.load(node.place, built.path)
    return built.reference


def _databases(node: BedNode, servers: Databases, progress: Progress) -> None:
    for database in (servers.a, servers.b):
        databases.start(node, database)
    progress.say("databases a and b")


def _api(node: BedNode) -> BedApi:
    return BedApi.of(node.place.kubeconfig)


def _unless_dead(node: BedNode, check: Callable[[], bool]) -> Callable[[], bool]:
    """Waiting for a process that has ended is pointless."""

    def guarded() -> bool:
        if died := processes.dead(node.place):
            raise BedError(f"{', '.join(died)} ended")
        return check()

    return guarded


def _await_node(node: BedNode) -> None:
    wait_for("the node is ready", _unless_dead(node, lambda: _node_ready(node)), 60)
    # Without it the first pod of a namespace is refused.
    account = "/api/v1/namespaces/default/serviceaccounts/default"
    wait_for("service accounts are made", lambda: _api(node).get_or_none(account) is not None, 30)


def _node_ready(node: BedNode) -> bool:
    found: Any = _api(node).get_or_none(f"/api/v1/nodes/{NAME}")
    conditions = found["status"].get("conditions", []) if found else []
    return any(condition["type"] == "Ready" and condition["status"] == "True" for condition in conditions)
