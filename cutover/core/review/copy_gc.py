"""Decides which copies of ConfigMaps and Secrets `cutover gc` may remove, and says why the others are kept.

A copy is removable only if nothing refers to it, no unfinished run made it, and no run is under way of which it is not
known yet what it will refer to.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from typing import Final

from cutover.core.base.cluster_text import Words, sentence
from cutover.core.base.frozen import frozen
from cutover.core.base.outcomes import EXIT_CODES, Outcome
from cutover.core.base.resources import Resource
from cutover.core.objects.config_object import ConfigView
from cutover.core.objects.lease import LeaseView
from cutover.core.objects.snapshot import ConfigId
from cutover.core.objects.workload import WorkloadView
from cutover.core.patch.config_copies import COPY_OF, PLAN, RUN
from cutover.core.podtemplate.config_references import mentions
from cutover.core.writes.lease import LEASE_PREFIX
from cutover.core.writes.lock_holder import holder_of
from cutover.core.writes.run_annotations import Marks, marks_of
from cutover.core.writes.write import Accepted, Answer, Refused

CONFLICT: Final = 409
NOT_FOUND: Final = 404


class Fate(StrEnum):
    """What happens to a copy. `LEFT`: not tried, because the state of the cluster was no longer clear."""

    KEPT = "kept"
    REMOVABLE = "removable"
    REMOVED = "removed"
    GONE = "gone"
    REFUSED = "refused"
    UNCLEAR = "unclear"
    LEFT = "left"


@frozen
class CollectedCopy:
    """One copy, what becomes of it and why. `copy_of` and `plan` are values of labels: a long name is a hash there."""

    kind: str
    name: str
    copy_of: str
    plan: str
    run: str
    fate: Fate
    reason: Words = ""


@dataclass(frozen=True)
class NamespaceUse:
    """What copies are judged by: the namespace's Leases, and the objects with pod templates, which are read later."""

    leases: tuple[LeaseView, ...]
    workloads: tuple[WorkloadView, ...]

    @cached_property
    def references(self) -> Mapping[ConfigId, tuple[str, ...]]:
        """Return, for each ConfigMap and Secret, the workloads whose pod templates name it (`deployments/web`)."""
        users: dict[ConfigId, dict[str, None]] = {}
        for workload in self.workloads:
            for template in workload.templates:
                for mention in mentions(template):
                    users.setdefault((mention.kind, mention.name), {})[str(workload)] = None
        return {key: tuple(names) for key, names in users.items()}

    @cached_property
    def locks(self) -> tuple[LeaseView, ...]:
        """Return the Leases that are locks of runs, by the prefix of their names."""
        return tuple(lease for lease in self.leases if lease.meta.name.startswith(LEASE_PREFIX))

    @cached_property
    def settled(self) -> frozenset[str]:
        """Return the runs that will not refer to any further object: their templates, new and old, are in the cluster.

        The marks are written in one patch with the new template, and the old template is in the base's ReplicaSet.
        """
        all_marks = (
            marks_of(workload.meta.annotations) for workload in self.workloads if workload.resource is Resource.ROLLOUT
        )
        hashes = {workload.meta.pod_hash for workload in self.workloads if workload.resource is Resource.REPLICASET}
        return frozenset(marks.run for marks in all_marks if isinstance(marks, Marks) and marks.base in hashes)


# -- what is to become of each -----------------------------------------------------------------------------------------


def line_of(copy: ConfigView, use: NamespaceUse) -> CollectedCopy:
    """Return the copy as kept, with the first reason to keep it, or as removable if there is no reason."""
    labels, reason = copy.meta.labels, next(_reasons(copy, use), "")
    return CollectedCopy(
        kind=copy.kind,
        name=copy.meta.name,
        copy_of=labels.get(COPY_OF, ""),
        plan=labels.get(PLAN, ""),
        run=labels.get(RUN, ""),
        fate=Fate.KEPT if reason else Fate.REMOVABLE,
        reason=reason,
    )


def _reasons(copy: ConfigView, use: NamespaceUse) -> Iterator[str]:
    if copy.meta.deleting:
        yield "it is being deleted already"
    if not copy.immutable:
        yield "not immutable: somebody else has made it what it is"
    if names := use.references.get((copy.kind, copy.meta.name), ()):
        yield f"referenced by {names[0]}{f' and {len(names) - 1} more' if len(names) > 1 else ''}"
    for lease in use.locks:
        yield from _claims(copy, lease, use)


def _claims(copy: ConfigView, lease: LeaseView, use: NamespaceUse) -> Iterator[str]:
    """Yield the reasons why the run that holds this Lease may still need the copy.

    That need not be the run that made it: a run reuses a ConfigMap of the same content, or a copy that its plan names,
    before its template refers to it. And if the old ReplicaSet is gone, only the run knows what its old template names.
    """
    run = holder_of(lease).run
    if run == copy.meta.labels.get(RUN):
        yield f"run {run} under way" if lease.holder else f"run {run} is not over"
    if lease.holder and run not in use.settled:
        yield f"run {run} under way ({lease.meta.name}): it may come to refer to it"


# -- what became of it -------------------------------------------------------------------------------------------------


def answered(line: CollectedCopy, answer: Answer) -> CollectedCopy:
    """Return the copy's line with the fate that follows from the API server's answer to the deletion."""
    match answer:
        case Accepted():
            return replace(line, fate=Fate.REMOVED)
        case Refused(_, status) if status == NOT_FOUND:
            return replace(line, fate=Fate.GONE, reason="somebody else has removed it")
        case Refused(_, status) if status == CONFLICT:
            return replace(line, fate=Fate.KEPT, reason="somebody has changed it meanwhile")
        case Refused(_, status, reason):
            return replace(
                line, fate=Fate.REFUSED, reason=sentence(f"the API server does not remove it ({status}): ", reason)
            )
        case _:
            return replace(
                line, fate=Fate.UNCLEAR, reason=sentence("whether it is removed is not known: ", answer.reason)
            )


_OUTCOMES: Final = (
    ({Fate.UNCLEAR, Fate.LEFT}, Outcome.UNOBSERVABLE),
    ({Fate.REFUSED}, Outcome.REFUSED),
    ({Fate.REMOVABLE}, Outcome.PLANNED),
    ({Fate.REMOVED, Fate.GONE}, Outcome.DONE),
)
"""The outcome for the fates that occur; the first match counts. An unclear removal is not urgent: no object refers to
the copy, whether it still exists or not.
"""


@frozen
class Collection:
    """The copies of a namespace, and what happened to each; with `dry_run` nothing was deleted."""

    namespace: str
    lines: tuple[CollectedCopy, ...]
    dry_run: bool = False

    @property
    def outcome(self) -> Outcome:
        """Return the outcome by the fates of all copies; UNCHANGED if every copy is kept."""
        fates = {line.fate for line in self.lines}
        return next((outcome for meant, outcome in _OUTCOMES if fates & meant), Outcome.UNCHANGED)

    @property
    def exit_code(self) -> int:
        """The process's exit code for the outcome."""
        return EXIT_CODES[self.outcome]

    def of(self, *fates: Fate) -> tuple[CollectedCopy, ...]:
        """Return the copies with one of these fates."""
        return tuple(line for line in self.lines if line.fate in fates)


def lines_of(copies: Iterable[ConfigView], use: NamespaceUse) -> tuple[CollectedCopy, ...]:
    """Judge every copy, in the order of `copies`; nothing is removed here."""
    return tuple(line_of(copy, use) for copy in copies)
