"""Git or Helm owns the Rollout: what a run writes there is theirs to undo, in the middle of the run or long after it.

A sync during the run puts the old values back under the canary; one after a failure brings the bad values back, if they
stand in Git. Where nobody syncs for a while the change stays, and is lost without a word with the next commit.
"""

import shlex
from collections.abc import Iterator, Mapping
from typing import Final

from cutover.core.base.frozen import frozen
from cutover.core.checks.check import Check, Fault, Ground, Verdict
from cutover.core.checks.finding import Severity
from cutover.core.objects.meta import Meta
from cutover.core.objects.snapshot import Need

TRACKING: Final = "argocd.argoproj.io/tracking-id"
INSTANCE: Final = "argocd.argoproj.io/instance"
KUSTOMIZE: Final = "kustomize.toolkit.fluxcd.io"
FLUX_HELM: Final = "helm.toolkit.fluxcd.io"
RELEASE: Final = "meta.helm.sh/release-name"
MANAGED_BY: Final = "app.kubernetes.io/managed-by"


@frozen
class _Owner:
    """Who owns the Rollout, by which mark, what of theirs undoes the run, and how to keep them from it."""

    name: str
    mark: str
    act: str
    stop: str


def _run(ground: Ground) -> tuple[Verdict, ...]:
    return tuple(_fault(ground, owner) for owner in _owners(ground.rollout.meta))


def owners_of(meta: Meta) -> tuple[str, ...]:
    """The names of those who own the object."""
    return tuple(owner.name for owner in _owners(meta))


def _owners(meta: Meta) -> Iterator[_Owner]:
    yield from _argo_cd(meta)
    if not _left_alone(meta):
        yield from _flux(meta, KUSTOMIZE, "Kustomization")
    yield from _flux(meta, FLUX_HELM, "HelmRelease")
    yield from _helm(meta)


def _argo_cd(meta: Meta) -> Iterator[_Owner]:
    """Argo CD passes over an id that names another object: it came along with a copy of that object."""
    app, _, tracked = meta.annotations.get(TRACKING, "").partition(":")
    if app and tracked == f"argoproj.io/Rollout:{meta.namespace}/{meta.name}":
        yield _application(app, f"annotations[{TRACKING}]")
    elif meta.labels.get(INSTANCE):
        yield _application(meta.labels[INSTANCE], f"labels[{INSTANCE}]")


def _application(app: str, mark: str) -> _Owner:
    """An application outside of Argo CD's own namespace is marked as `NAMESPACE_NAME`, and typed with a slash."""
    name = app.replace("_", "/", 1)
    stop = f"stop its syncs with `argocd app set {shlex.quote(name)} --sync-policy none`"
    return _Owner(f"Argo CD application {name}", mark, "sync", stop)


def _flux(meta: Meta, group: str, kind: str) -> Iterator[_Owner]:
    name, namespace = meta.labels.get(f"{group}/name", ""), meta.labels.get(f"{group}/namespace", meta.namespace)
    if name:
        suspend = f"flux suspend {kind.lower()} {shlex.quote(name)} -n {shlex.quote(namespace)}"
        stop = f"stop its syncs with `{suspend}`"
        yield _Owner(f"Flux {kind} {namespace}/{name}", f"labels[{group}/name]", "sync", stop)


def _left_alone(meta: Meta) -> bool:
    """Whether the object itself tells kustomize-controller to keep off; it takes labels and annotations alike."""
    marks: Mapping[str, str] = {**meta.labels, **meta.annotations}
    never = marks.get(f"{KUSTOMIZE}/reconcile", "").lower() == "disabled"
    return never or marks.get(f"{KUSTOMIZE}/ssa", "").lower() in {"ignore", "ifnotpresent"}


def _helm(meta: Meta) -> Iterator[_Owner]:
    """A release that Flux installs is Flux's; a chart that Argo CD renders has the label only."""
    release = meta.annotations.get(RELEASE, "")
    if release and meta.labels.get(MANAGED_BY) == "Helm" and f"{FLUX_HELM}/name" not in meta.labels:
        yield _Owner(f"Helm release {release}", f"annotations[{RELEASE}]", "upgrade", "let nobody upgrade it")


def _fault(ground: Ground, owner: _Owner) -> Fault:
    message = (
        f"{owner.name} owns the Rollout: its next {owner.act} can undo the cutover, or the restore of a failed one"
    )
    remedy = f"{_ELSEWHERE}; or {owner.stop} until they say the same, and accept this in spec.allow of the plan"
    return Fault(message, ground.field(f"metadata.{owner.mark}"), remedy)


_ELSEWHERE: Final = (
    "make the change in the files that the Rollout is made from (`cutover diff PLAN -o kustomize` prints it)"
)

CHECK: Final = Check(
    code="C036",
    severity=Severity.REFUSE,
    title="Git or Helm owns the Rollout",
    when="the Rollout carries the mark of Argo CD (`argocd.argoproj.io/tracking-id` or `…/instance`), of Flux "
    "(`kustomize.toolkit.fluxcd.io/name`, `helm.toolkit.fluxcd.io/name`) or of Helm (`meta.helm.sh/release-name` with "
    "`app.kubernetes.io/managed-by: Helm`)",
    remedy=f"{_ELSEWHERE}; or stop the syncs until they say the same, and accept this in spec.allow of the plan",
    needs=frozenset({Need.ROLLOUT}),
    run=_run,
    acceptable=True,
)
