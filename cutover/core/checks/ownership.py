"""The owners of an object, by the labels and annotations that Argo CD, Flux and Helm put on it."""

import shlex
from collections.abc import Iterator, Mapping
from typing import Final

from cutover.core.base.frozen import frozen
from cutover.core.objects.meta import Meta
from cutover.core.objects.rollout import RolloutView

TRACKING: Final = "argocd.argoproj.io/tracking-id"

INSTANCE: Final = "argocd.argoproj.io/instance"

ARGO_CD: Final = "argocd-controller"
"""The field manager of Argo CD (`common.ArgoCDSSAManager`)."""

LABEL: Final = "app.kubernetes.io/instance"

KUSTOMIZE: Final = "kustomize.toolkit.fluxcd.io"

FLUX_HELM: Final = "helm.toolkit.fluxcd.io"

RELEASE: Final = "meta.helm.sh/release-name"

MANAGED_BY: Final = "app.kubernetes.io/managed-by"


@frozen
class Owner:
    """An owner: its name, the label or annotation that shows it, how it undoes a run, and how to stop that."""

    name: str
    mark: str
    act: str
    stop: str


def owners_of(rollout: RolloutView) -> tuple[str, ...]:
    """Return the names of the tools that own the object, such as an Argo CD application or a Helm release."""
    return tuple(owner.name for owner in owners(rollout))


def owners(rollout: RolloutView) -> Iterator[Owner]:
    """Yield what Argo CD, Flux and Helm mark as theirs; no Kustomization that leaves the object alone."""
    meta = rollout.meta
    yield from _argo_cd(meta)
    if not _left_alone(meta):
        yield from _flux(meta, KUSTOMIZE, "Kustomization")
    yield from _flux(meta, FLUX_HELM, "HelmRelease")
    yield from _helm(meta)
    yield from _controller(rollout)


def _controller(rollout: RolloutView) -> Iterator[Owner]:
    """Yield the object of which this one is a part: its controller writes what it wants there."""
    if rollout.controlled_by:
        stop = f"stop the controller of {rollout.controlled_by}"
        yield Owner(rollout.controlled_by, "ownerReferences", "reconciliation", stop)


def _argo_cd(meta: Meta) -> Iterator[Owner]:
    """Yield the Argo CD application; an id that names another object was copied from there, and Argo CD ignores it."""
    app, _, tracked = meta.annotations.get(TRACKING, "").partition(":")
    if app and tracked == f"argoproj.io/Rollout:{meta.namespace}/{meta.name}":
        yield _application(app, f"annotations[{TRACKING}]")
    elif meta.labels.get(INSTANCE):
        yield _application(meta.labels[INSTANCE], f"labels[{INSTANCE}]")
    elif meta.labels.get(LABEL) and any(manager.name == ARGO_CD for manager in meta.managers):
        # Where Argo CD tracks by label, that is the usual one, which charts set as well: its manager tells them apart.
        yield _application(meta.labels[LABEL], f"managedFields[{ARGO_CD}]")


def _application(app: str, mark: str) -> Owner:
    """Return the owner; an application outside of Argo CD's namespace is marked `NAMESPACE_NAME`, typed with `/`."""
    name = app.replace("_", "/", 1)
    stop = f"stop its syncs with `argocd app set {shlex.quote(name)} --sync-policy none`"
    return Owner(f"Argo CD application {name}", mark, "sync", stop)


def _flux(meta: Meta, group: str, kind: str) -> Iterator[Owner]:
    name, namespace = meta.labels.get(f"{group}/name", ""), meta.labels.get(f"{group}/namespace", meta.namespace)
    if name:
        suspend = f"flux suspend {kind.lower()} {shlex.quote(name)} -n {shlex.quote(namespace)}"
        stop = f"stop its syncs with `{suspend}`"
        yield Owner(f"Flux {kind} {namespace}/{name}", f"labels[{group}/name]", "sync", stop)


def _left_alone(meta: Meta) -> bool:
    """Whether a label or annotation keeps kustomize-controller from changing the object."""
    marks: Mapping[str, str] = {**meta.labels, **meta.annotations}
    never = marks.get(f"{KUSTOMIZE}/reconcile", "").lower() == "disabled"
    return never or marks.get(f"{KUSTOMIZE}/ssa", "").lower() in {"ignore", "ifnotpresent"}


def _helm(meta: Meta) -> Iterator[Owner]:
    """Yield the Helm release; one that Flux installs is Flux's, a chart that Argo CD renders has only the label."""
    release = meta.annotations.get(RELEASE, "")
    if release and meta.labels.get(MANAGED_BY) == "Helm" and f"{FLUX_HELM}/name" not in meta.labels:
        yield Owner(f"Helm release {release}", f"annotations[{RELEASE}]", "upgrade", "let nobody upgrade it")
