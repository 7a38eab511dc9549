"""Evaluating a plan without a cluster: load it, read the Rollout and its objects from files, resolve and check it."""

from collections.abc import Iterable
from dataclasses import replace

from cutover.adapters.manifest_files import read_manifests
from cutover.commands.evaluate import Evaluation, evaluate_on
from cutover.commands.load_plan import load_file, suffix_of
from cutover.commands.resolve_inputs import supply_of, wanted_configs
from cutover.core.base.errors import Problem, RefusedError
from cutover.core.base.target import Target
from cutover.core.objects.config_object import ConfigView
from cutover.core.objects.manifests import Manifests, manifests_of
from cutover.core.objects.pod import pod_view
from cutover.core.objects.read_results import NotFound, ReadFailed
from cutover.core.objects.replicaset import replicaset_view
from cutover.core.objects.rollout import RolloutView, rollout_view
from cutover.core.objects.service import service_view
from cutover.core.objects.snapshot import ConfigId, Snapshot
from cutover.core.podtemplate.config_references import config_references


def evaluate_offline(file: str, files: Iterable[str]) -> Evaluation:
    """Evaluate a plan on the objects of these files; what could not be checked becomes a finding.

    Raises:
        CutoverError: the plan is invalid, a file cannot be read, or the Rollout is in none of them.
    """
    loaded = load_file(file)
    target = loaded.plan.target
    manifests = manifests_of(read_manifests(files), target.namespace)
    snapshot = _snapshot(target, manifests)
    keys = dict.fromkeys((*wanted_configs(loaded.plan), *_named(snapshot.rollout)))
    snapshot = replace(snapshot, configs={key: _config(manifests, key) for key in keys})
    suffix = suffix_of(loaded)
    return evaluate_on(snapshot, loaded, supply_of(loaded.plan), suffix)


def _snapshot(target: Target, manifests: Manifests) -> Snapshot:
    documents = {kind: manifests.of(kind) for kind in ("ReplicaSet", "Pod", "Service")}
    rollout = _rollout(target, manifests)
    return Snapshot(
        target=replace(target, context=""),
        rollout=rollout,
        replicasets=tuple(map(replicaset_view, documents["ReplicaSet"])),
        pods=tuple(map(pod_view, documents["Pod"])),
        services=tuple(map(service_view, documents["Service"])),
        unread=manifests.unread(has_status=bool(rollout.status.phase)),
        namespace_objects=manifests.namespace_objects(target.rollout),
    )


def _rollout(target: Target, manifests: Manifests) -> RolloutView:
    for document in manifests.named("Rollout", target.rollout):
        return rollout_view(document)
    there = ", ".join(manifests.names("Rollout")) or "none"
    message = f"there is no Rollout {target.rollout!r} of namespace {target.namespace!r} in these files"
    remedy = f"name the file that holds it; there are: {there}"
    raise RefusedError(Problem(message, str(target), remedy=remedy, code="C001"))


def _named(rollout: RolloutView) -> tuple[ConfigId, ...]:
    return tuple((reference.kind, reference.name) for reference in config_references(rollout.template))


def _config(manifests: Manifests, key: ConfigId) -> ConfigView | ReadFailed:
    config = manifests.config(*key)
    return (
        ReadFailed(f"{key[0].lower()}/{key[1]}", "it is in none of the files")
        if isinstance(config, NotFound)
        else config
    )
