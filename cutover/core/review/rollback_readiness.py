"""Whether the way back can work: what it needs, and what of that is not as it was when stable started.

An abort leads to the base's ReplicaSet, whose pods read their config objects again whenever one of them starts anew.
"""

from collections.abc import Iterator
from datetime import UTC, datetime

from cutover.core.base.cluster_text import Words, sentence
from cutover.core.base.frozen import frozen
from cutover.core.objects.config_object import ConfigView
from cutover.core.objects.read_results import NotFound, ReadFailed
from cutover.core.objects.replicaset import ReplicaSetView
from cutover.core.objects.snapshot import Snapshot
from cutover.core.patch.edit import Edits
from cutover.core.podtemplate.compare import same
from cutover.core.podtemplate.config_references import ConfigReference, config_references
from cutover.core.writes.make_marks import marked_edits
from cutover.core.writes.restore_template import old_template


@frozen
class ReadinessLine:
    """One thing that the way back needs, and whether it is known to work."""

    works: bool
    text: Words

    @property
    def word(self) -> str:
        """Return `good` or `doubt`."""
        return "good" if self.works else "doubt"


def rollback_readiness(snapshot: Snapshot, edits: Edits) -> tuple[ReadinessLine, ...]:
    """Return what an abort, a restore, or a move back after the promotion needs."""
    if snapshot.unread:
        return (
            ReadinessLine(works=False, text="whether the way back works is not known: there was no cluster to look at"),
        )
    return (*_revision(snapshot, edits), *_objects(snapshot, edits), *_history(snapshot))


def _revision(snapshot: Snapshot, edits: Edits) -> Iterator[ReadinessLine]:
    base = snapshot.replicaset(snapshot.rollout.status.stable_rs)
    if isinstance(base, NotFound):
        yield ReadinessLine(works=False, text=f"there is no ReplicaSet of the stable revision: {base.what}")
        return
    yield ReadinessLine(
        works=True, text=f"the stable revision stands: replicaset {base.meta.name}, {base.desired} pods"
    )
    yield _letter(base, edits)


def _letter(base: ReplicaSetView, edits: Edits) -> ReadinessLine:
    """Tell whether the old template can be put back exactly from the base's ReplicaSet.

    The marks do not hold the old values, so a process that finishes a dead run takes them from that ReplicaSet.
    """
    if same(old_template(edits.after, base.template, marked_edits(edits)), edits.before):
        return ReadinessLine(works=True, text="the old template can be put back to the letter, by any machine")
    changed = "another machine would put the old template back in another spelling than it has now"
    return ReadinessLine(works=False, text=changed)


def _objects(snapshot: Snapshot, edits: Edits) -> Iterator[ReadinessLine]:
    """Yield a doubt for each object of the old template that is missing, unread or newer than stable's pods.

    If there is no doubt, yield one line that says so; nothing if the template names no object.
    """
    references = {(ref.kind, ref.name): ref for ref in reversed(config_references(edits.before))}
    doubts = tuple(doubt for ref in references.values() for doubt in _doubt(snapshot, ref))
    yield from doubts
    if references and not doubts:
        names = ", ".join(f"{kind} {name}" for kind, name in reversed(references))
        yield ReadinessLine(works=True, text=f"what it reads is there and as it was when stable started: {names}")


def _doubt(snapshot: Snapshot, reference: ConfigReference) -> Iterator[ReadinessLine]:
    thing = f"{reference.kind} {reference.name}"
    match snapshot.configs.get((reference.kind, reference.name), ReadFailed(thing, "it was not read")):
        case NotFound() if not reference.optional:
            yield ReadinessLine(
                works=False, text=f"{thing} does not exist: a stable pod that starts anew would not start"
            )
        case ReadFailed(_, reason):
            yield ReadinessLine(works=False, text=sentence(f"whether {thing} is as it was is not known: ", reason))
        case ConfigView() as config if not config.immutable and _written(config) > _oldest_start(snapshot):
            when = datetime.fromtimestamp(_written(config), UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
            changed = (
                f"{thing} was written at {when}, after stable started: a pod that starts anew reads something else"
            )
            yield ReadinessLine(works=False, text=changed)


def _written(config: ConfigView) -> float:
    """Return when an object was last written, by the server's clock."""
    return max((manager.at for manager in config.meta.managers), default=config.meta.created)


def _oldest_start(snapshot: Snapshot) -> float:
    started = [pod.started for pod in snapshot.stable_pods() if pod.started]
    return min(started, default=float("inf"))


def _history(snapshot: Snapshot) -> Iterator[ReadinessLine]:
    limit = snapshot.rollout.history_limit
    if limit == 0:
        changed = "spec.revisionHistoryLimit is 0: once promoted, the old revision is gone and is made anew to go back"
        yield ReadinessLine(works=False, text=changed)
    else:
        yield ReadinessLine(works=True, text=f"after the promotion the old revision is kept for {limit} revisions more")
