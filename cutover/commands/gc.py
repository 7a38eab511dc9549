"""`cutover gc`: list the copies, find those that nothing refers to, check the rights, delete them one by one.

Each deletion is guarded, and the Leases are read again before it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

from cutover.adapters.kube import read
from cutover.adapters.kube.access_review import review_access
from cutover.adapters.kube.api_errors import ApiUnavailable
from cutover.adapters.kube.namespace_objects import copies, workloads
from cutover.adapters.kube.paths import ObjectPath
from cutover.adapters.kube.session import Session
from cutover.adapters.process_identity import this_process
from cutover.adapters.run_identity import run_id
from cutover.commands.connect import AppFlags, connect_app
from cutover.commands.run_setup import LAST_LINES_WITHIN, begin_record, demand, open_journal
from cutover.core.base.cluster_text import Words, sentence
from cutover.core.base.errors import Problem, RefusedError, UnreachableError, UsageError
from cutover.core.base.frozen import frozen
from cutover.core.base.resources import CONFIG_OBJECTS, resource_of
from cutover.core.base.target import Target
from cutover.core.checks.required_rights import Right
from cutover.core.objects.config_object import ConfigView
from cutover.core.objects.read_results import ReadFailed
from cutover.core.objects.workload import WORKLOADS
from cutover.core.review.copy_gc import CollectedCopy, Collection, Fate, NamespaceUse, answered, line_of, lines_of
from cutover.core.writes.delete_copy import collect_write
from cutover.runtime.performer import Performer
from cutover.runtime.record import Listener

T = TypeVar("T")


def collect(app: AppFlags, *, dry_run: bool, listeners: tuple[Listener, ...] = ()) -> Collection:
    """Remove the copies that nothing refers to.

    Raises:
        CutoverError: no namespace was named, or not all of it can be read; nothing was removed.
    """
    if not (app.namespace or app.name):
        raise UsageError(Problem("neither APP nor -n says which namespace is meant", remedy="cutover gc -n NAMESPACE"))
    record = begin_record(listeners)
    session, target = connect_app(app)
    seen = _copies(session, target)
    use = _namespace_use(session, target) if seen else NamespaceUse((), ())
    planned = Collection(target.namespace, lines_of(seen, use), dry_run)
    _demand_rights(session, target, planned.of(Fate.REMOVABLE))
    if dry_run or not planned.of(Fate.REMOVABLE):
        return planned
    journal = open_journal(record, this_process(run_id()), "gc", target)
    demand(journal)
    hand = _Hand(session, target, use, Performer(session, record, journal))
    lines = (replace(line, reason=record.clean(line.reason)) for line in _collected(seen, planned.lines, hand))
    collected = replace(planned, lines=tuple(lines))
    journal.flush(LAST_LINES_WITHIN)
    return collected


def _copies(session: Session, target: Target) -> tuple[ConfigView, ...]:
    listed = (copies(session, target.namespace, kind.kind) for kind in CONFIG_OBJECTS)
    return tuple(copy for kind in _all_read(target, listed) for copy in kind)


def _namespace_use(session: Session, target: Target) -> NamespaceUse:
    """Read the Leases and then the workloads, both after the copies: this order protects a run under way.

    A run takes its Lease before it makes copies, and releases it after its last write. So if a copy was listed and
    its run has no Lease afterwards, the run is over: either its reference to the copy is written by now, and is seen
    in the workloads, which are read last, or it never will be.
    """
    (leases,) = _all_read(target, iter((read.leases(session, target.namespace),)))
    listed = (workloads(session, target.namespace, resource) for resource in WORKLOADS)
    return NamespaceUse(leases, tuple(workload for kind in _all_read(target, listed) for workload in kind))


def _all_read(target: Target, answers: Iterator[T | ReadFailed]) -> tuple[T, ...]:
    """Everything that was read, or an error if any of it could not be: an unread object might refer to a copy."""
    read_, unread = [], []
    for answer in answers:
        if isinstance(answer, ApiUnavailable):
            raise UnreachableError(
                Problem(sentence(f"{answer.what} could not be read: ", answer.reason), target.namespace)
            )
        if isinstance(answer, ReadFailed):
            unread.append(answer.reason)
        else:
            read_.append(answer)
    _refuse(target, unread)
    return tuple(read_)


def _demand_rights(session: Session, target: Target, removable: Iterable[CollectedCopy]) -> None:
    """Check the rights to delete the copies, before the first deletion."""
    resources = sorted({resource_of(line.kind) for line in removable})
    wanted = (Right("delete", resource, "", "", "to remove the copies") for resource in resources)
    answers = review_access(session, target.namespace, wanted)
    tuple(_all_read(target, iter(answers.values())))
    missing = (ObjectPath(target.namespace, right.resource) for right, allowed in answers.items() if not allowed)
    _refuse(target, [f"the right to {place.right('delete')} is missing" for place in missing])


def _refuse(target: Target, reasons: Sequence[Words]) -> None:
    remedy = f"have it granted: `kubectl auth can-i --list -n {target.namespace}` shows what is"
    if reasons:
        raise RefusedError(
            *(Problem(sentence(why, "; nothing was removed"), target.namespace, remedy=remedy) for why in reasons)
        )


@frozen
class _Hand:
    """What every deletion needs: where to read the Leases, what uses the copies, and who writes."""

    session: Session
    target: Target
    use: NamespaceUse
    performer: Performer


def _collected(seen: Iterable[ConfigView], lines: Iterable[CollectedCopy], hand: _Hand) -> Iterator[CollectedCopy]:
    """Delete the copies one by one; after the first that was left, or whose answer is unclear, try no further one."""
    lost = ""
    for copy, planned in zip(seen, lines, strict=True):
        if planned.fate is not Fate.REMOVABLE:
            yield planned
        elif lost:
            yield replace(planned, fate=Fate.LEFT, reason=f"not tried after {lost}")
        else:
            line = _tried(copy, planned, hand)
            lost = f"{line.kind} {line.name}" if line.fate in {Fate.UNCLEAR, Fate.LEFT} else ""
            yield line


def _tried(copy: ConfigView, line: CollectedCopy, hand: _Hand) -> CollectedCopy:
    try:
        return _removed(copy, line, hand)
    except KeyboardInterrupt:  # still report what was removed by then
        return replace(line, fate=Fate.UNCLEAR, reason="stopped on request: whether it is removed is not known")


def _removed(copy: ConfigView, line: CollectedCopy, hand: _Hand) -> CollectedCopy:
    """Remove a copy, unless a fresh read of the Leases shows a new run that may use it."""
    leases = read.leases(hand.session, hand.target.namespace)
    if isinstance(leases, ReadFailed):
        return replace(
            line, fate=Fate.LEFT, reason=sentence(f"not tried: {leases.what} could not be read: ", leases.reason)
        )
    anew = line_of(copy, replace(hand.use, leases=leases))
    if anew.fate is Fate.KEPT:
        return anew
    return answered(line, hand.performer.perform(collect_write(hand.target, copy)))
