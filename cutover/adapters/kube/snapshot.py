"""Reading a target and its objects in parallel: before a run for diff and checks, and fresh to prove how it ended."""

import time
from collections.abc import Callable, Iterable, Mapping
from typing import Final, TypeVar

from cutover.adapters.background import Background
from cutover.adapters.kube import read
from cutover.adapters.kube.api_errors import ApiUnavailable, Forbidden
from cutover.adapters.kube.http_messages import ConnectionLost
from cutover.adapters.kube.paths import ObjectPath, namespace_path
from cutover.adapters.kube.session import Session
from cutover.core.base.cluster_text import sentence
from cutover.core.base.documents import objects, text
from cutover.core.base.errors import Problem, RefusedError, UnreachableError
from cutover.core.base.resources import WATCHED, Resource
from cutover.core.base.target import Target
from cutover.core.objects.config_object import ConfigRead
from cutover.core.objects.read_results import NotFound, ReadFailed
from cutover.core.objects.rollout import RolloutView
from cutover.core.objects.snapshot import ConfigId, Snapshot
from cutover.core.objects.world import Synced, View

T = TypeVar("T")
NOT_FOUND: Final = 404

ConfigReads = Mapping[ConfigId, ConfigRead | NotFound | ReadFailed]


def read_snapshot(session: Session, target: Target, keys: Iterable[ConfigId] = ()) -> Snapshot:
    """Read the target and what belongs to it, with all requests in parallel.

    The entries of `configs` that could be read are `ConfigRead`s, with their values sealed.

    Raises:
        RefusedError: the Rollout, its CRD or its namespace does not exist, or a right to read it is missing.
        UnreachableError: the API server or the credentials failed.
    """
    reading = {key: _config_later(session, target.namespace, key) for key in keys}
    rollout = Background(lambda: read.rollout(session, target))
    replicasets = Background(lambda: read.replicasets(session, target.namespace))
    pods = Background(lambda: read.pods(session, target.namespace))
    services = Background(lambda: read.services(session, target.namespace))
    return Snapshot(
        target=target,
        rollout=_rollout(session, target, rollout.result()),
        replicasets=_needed(target, replicasets.result()),
        pods=_needed(target, pods.result()),
        services=_answered(target, services.result()),
        configs={key: _answered(target, config.result()) for key, config in reading.items()},
        at=time.time(),
    )


def read_configs(session: Session, namespace: str, keys: Iterable[ConfigId]) -> ConfigReads:
    """Read Secrets and ConfigMaps in parallel; the result has an entry for every key, also for a failed read."""
    reading = {key: _config_later(session, namespace, key) for key in keys}
    return {key: config.result() for key, config in reading.items()}


def read_all_fresh(
    session: Session, target: Target, clock: Callable[[], float] = time.monotonic
) -> tuple[Synced, ...] | ReadFailed:
    """List every watched kind of the target's namespace fresh from the quorum; `at` is when the read began.

    AnalysisRuns are left out if they do not exist or the right to read them is missing: no proof needs them.
    """
    asked = clock()
    reading = {kind: _kind_later(session, target.namespace, kind) for kind in WATCHED}
    results = {kind: views.result() for kind, views in reading.items()}
    for kind, views in results.items():
        if isinstance(views, ReadFailed) and (kind is not Resource.ANALYSISRUN or isinstance(views, ApiUnavailable)):
            return views
    return tuple(Synced(kind, views, asked) for kind, views in results.items() if not isinstance(views, ReadFailed))


def _kind_later(session: Session, namespace: str, kind: Resource) -> Background[tuple[View, ...] | ReadFailed]:
    return Background(lambda: read.of_kind(session, namespace, kind))


def _config_later(session: Session, namespace: str, key: ConfigId) -> Background[ConfigRead | NotFound | ReadFailed]:
    return Background(lambda: read.config(session, namespace, *key))


def _rollout(session: Session, target: Target, rollout: RolloutView | NotFound | ReadFailed) -> RolloutView:
    if isinstance(rollout, NotFound):
        raise RefusedError(_absent(session, target))
    if isinstance(rollout, ReadFailed) and not isinstance(rollout, ApiUnavailable | Forbidden):
        raise RefusedError(Problem(rollout.reason, _path(target), remedy="install Argo Rollouts in this cluster"))
    return _needed(target, rollout)


def _needed(target: Target, result: T | ReadFailed) -> T:
    """Return the result of a read; refuse the run if the read failed, because the run cannot do without it."""
    answered = _answered(target, result)
    if isinstance(answered, ReadFailed):
        raise RefusedError(Problem(answered.reason, _path(target), remedy=_granted(target)))
    return answered


def _granted(target: Target) -> str:
    return f"have it granted: `kubectl auth can-i --list -n {target.namespace}` shows what is"


def _answered(target: Target, result: T) -> T:
    """Return the result of a read, a failure included; raise if the API server or the credentials failed."""
    if isinstance(result, ApiUnavailable):
        raise UnreachableError(Problem(sentence(f"{result.what} could not be read: ", result.reason), _path(target)))
    return result


def _absent(session: Session, target: Target) -> Problem:
    """Say what is missing: the namespace, or the Rollout in it."""
    if _no_namespace(session, target):
        return Problem(
            f"the namespace {target.namespace!r} does not exist",
            _path(target),
            remedy="check spec.target.namespace (or -n) and the context",
            code="C001",
        )
    others = _names(session, target)
    there = f"there are: {', '.join(others)}" if others else "the namespace has none"
    return Problem(
        f"there is no Rollout {target.rollout!r} in namespace {target.namespace!r}",
        _path(target),
        remedy=f"check spec.target.rollout; {there}",
        code="C001",
    )


def _no_namespace(session: Session, target: Target) -> bool:
    """Whether the namespace is known not to exist; without the right to read it, this is not known."""
    try:
        return session.request("GET", namespace_path(target.namespace)).status == NOT_FOUND
    except ConnectionLost:
        return False


def _names(session: Session, target: Target) -> tuple[str, ...]:
    rollouts = read.document(session, ObjectPath(target.namespace, Resource.ROLLOUT))
    return (
        ()
        if isinstance(rollouts, NotFound | ReadFailed)
        else tuple(text(item, "metadata", "name") for item in objects(rollouts, "items"))
    )


def _path(target: Target) -> str:
    return f"{target.namespace}/rollout/{target.rollout}"
