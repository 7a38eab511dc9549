"""The writes of the Lease on a target: take, take over, renew, note the verdict, release.

Each write of a Lease that is held is guarded by its holder or its resource version, except the one for a requested
abort.

A Lease keeps runs from colliding but is no fence (client-go `leaderelection.go` says so itself): the fence is the owner
in the marks (`core.writes.guards.fenced`).
"""

from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Final

from cutover.core.base.cluster_text import Words
from cutover.core.base.documents import Operation
from cutover.core.base.resources import Resource
from cutover.core.base.target import Target
from cutover.core.objects.lease import LeaseView
from cutover.core.writes.guards import annotation, test
from cutover.core.writes.lock_holder import ANNOTATION, Holder, holder_of, holder_text
from cutover.core.writes.write import Method, Write, WriteName

LASTS: Final = 30
"""Seconds for which a renewal of the Lease is valid."""

RENEWED_EVERY: Final = 10.0
"""Seconds between two renewals of the Lease."""

VERDICT: Final = "cutover.dev/verdict"
"""Annotation of the Lease: that the run goes back, and why; written before the abort."""

BECAUSE: Final = "cutover.dev/because"
"""Annotation of the Lease: the verdict in words, redacted."""

LEASE_PREFIX: Final = "cutover-"
"""The start of the name of every Lease on a target."""

_LONGEST_NAME: Final = 253
_VERDICT_WITHIN: Final = 1.0
"""Seconds that the write of the verdict may take; then the abort follows in any case."""


def lease_name(target: Target) -> str:
    """Return the name of the Lease on a target; a name that would be too long is replaced by its hash."""
    name = f"{LEASE_PREFIX}{target.rollout}"
    return name if len(name) <= _LONGEST_NAME else f"{LEASE_PREFIX}{sha256(name.encode()).hexdigest()}"


def take_write(target: Target, holder: Holder, utc: float) -> Write:
    """Return the creation of the Lease; refused if there is one already."""
    body = {
        "apiVersion": "coordination.k8s.io/v1",
        "kind": "Lease",
        "metadata": {"name": lease_name(target), "annotations": {ANNOTATION: holder_text(holder)}},
        "spec": {**_spec(holder, utc), "leaseTransitions": 0},
    }
    return _lease(WriteName.LOCK, f"take the lock on rollout {target}", target, holder, method=Method.CREATE, body=body)


def take_over_write(target: Target, lease: LeaseView, holder: Holder, utc: float) -> Write:
    """Return the patch that takes the Lease of a holder that is gone, if it is unchanged since it was read."""
    notes = (name for name in (VERDICT, BECAUSE) if name in lease.meta.annotations and not _same_run(lease, holder))
    operations = (
        test("/metadata/resourceVersion", lease.meta.resource_version),
        *_begin(lease),
        {"op": "add", "path": annotation(ANNOTATION), "value": holder_text(holder)},
        {"op": "add", "path": "/spec", "value": {**_spec(holder, utc), "leaseTransitions": lease.transitions + 1}},
        *({"op": "remove", "path": annotation(name)} for name in notes),
    )
    title = f"take over the lock on rollout {target}"
    return _lease(WriteName.LOCK, title, target, holder, operations=operations)


def seize_write(target: Target, lease: LeaseView, holder: Holder, utc: float, *, verdict: str, words: Words) -> Write:
    """Return the patch that takes the Lease from any holder and notes the verdict, for an abort by a person."""
    operations = (
        *_begin(lease),
        {"op": "add", "path": annotation(ANNOTATION), "value": holder_text(holder)},
        {"op": "add", "path": annotation(VERDICT), "value": verdict},
        {"op": "add", "path": "/spec", "value": {**_spec(holder, utc), "leaseTransitions": lease.transitions + 1}},
    )
    title = f"take the lock on rollout {target} from whoever holds it"
    write = _lease(WriteName.LOCK, title, target, holder, operations=operations)
    return replace(write, words=((annotation(BECAUSE), words),), within=_VERDICT_WITHIN)


def renew_write(target: Target, holder: Holder, utc: float) -> Write:
    """Return the patch that sets the time of renewal; refused if the holder is not this one any more."""
    operations = (_held_by(holder), {"op": "add", "path": "/spec/renewTime", "value": _micro_time(utc)})
    return _lease(WriteName.RENEW, f"renew the lock on rollout {target}", target, holder, operations=operations)


def verdict_write(target: Target, holder: str, verdict: str, words: Words) -> Write:
    """Return the patch that notes that the run goes back; `words` are redacted before they are sent."""
    operations = (
        test("/spec/holderIdentity", holder),
        {"op": "add", "path": annotation(VERDICT), "value": verdict},
    )
    return Write(
        name=WriteName.VERDICT,
        title=f"note the verdict on the lock of rollout {target}",
        target=target,
        operations=operations,
        proof=lambda lease: lease.meta.annotations.get(VERDICT) == verdict,
        resource=Resource.LEASE,
        object_name=lease_name(target),
        quiet=True,
        within=_VERDICT_WITHIN,
        words=((annotation(BECAUSE), words),),
    )


def lay_down_write(target: Target, holder: Holder) -> Write:
    """Return the patch that gives up the Lease and keeps its verdict for the process that finishes the run."""
    operations = (_held_by(holder), {"op": "replace", "path": "/spec/holderIdentity", "value": ""})
    write = _lease(WriteName.RELEASE, f"release the lock on rollout {target}", target, holder, operations=operations)
    return replace(write, proof=lambda lease: lease.holder == "")


def release_write(target: Target, lease: LeaseView) -> Write:
    """Return the deletion of the Lease, if it is unchanged since it was read."""
    body = {
        "apiVersion": "v1",
        "kind": "DeleteOptions",
        "preconditions": {"uid": lease.meta.uid, "resourceVersion": lease.meta.resource_version},
    }
    return Write(
        name=WriteName.RELEASE,
        title=f"release the lock on rollout {target}",
        target=target,
        operations=(),
        proof=lambda _stored: False,
        resource=Resource.LEASE,
        object_name=lease_name(target),
        method=Method.DELETE,
        body=body,
    )


def _lease(
    name: WriteName,
    title: str,
    target: Target,
    holder: Holder,
    *,
    operations: tuple[Operation, ...] = (),
    method: Method = Method.PATCH,
    body: Any = None,
) -> Write:
    """Return a write of the Lease whose proof is that the holder holds it."""
    return Write(
        name=name,
        title=title,
        target=target,
        operations=operations,
        proof=lambda lease: lease.holder == holder.name,
        resource=Resource.LEASE,
        object_name=lease_name(target),
        method=method,
        body=body or {},
        quiet=name is WriteName.RENEW,
    )


def _held_by(holder: Holder) -> Operation:
    return test("/spec/holderIdentity", holder.name)


def _begin(lease: LeaseView) -> tuple[Operation, ...]:
    return () if lease.meta.annotations else ({"op": "add", "path": "/metadata/annotations", "value": {}},)


def _same_run(lease: LeaseView, holder: Holder) -> bool:
    """Tell whether the Lease belonged to the same run: then its verdict is still to be carried out."""
    return holder_of(lease).run == holder.run


def _spec(holder: Holder, utc: float) -> dict[str, Any]:
    moment = _micro_time(utc)
    return {
        "holderIdentity": holder.name,
        "leaseDurationSeconds": LASTS,
        "acquireTime": moment,
        "renewTime": moment,
    }


def _micro_time(utc: float) -> str:
    """Return the time as Kubernetes' `MicroTime`: RFC 3339 with exactly six digits."""
    return datetime.fromtimestamp(utc, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
