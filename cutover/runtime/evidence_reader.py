"""Carries out the reads that the engine asks for: a fresh read of everything, or one piece of evidence.

Nothing waits for them: each read has its own thread and time limit. Text is redacted before it leaves this module.
"""

from collections.abc import Callable
from functools import partial
from threading import Thread

from cutover.adapters.kube import evidence as reading
from cutover.adapters.kube.session import Session
from cutover.adapters.kube.snapshot import read_all_fresh
from cutover.core.base.instants import Instant
from cutover.core.base.redaction import Redactor
from cutover.core.base.resources import Resource
from cutover.core.base.target import Target
from cutover.core.engine.decision import CollectEvidence
from cutover.core.engine.observation import Evidence, EvidenceKind, FreshRead
from cutover.core.objects.event import EventView
from cutover.core.objects.meta import Meta
from cutover.core.objects.read_results import ReadFailed
from cutover.core.objects.world import World
from cutover.core.writes.write import FIELD_MANAGER
from cutover.runtime.attempt import attempt, name_of

_Read = FreshRead | Evidence


class EvidenceReader:
    """Carries out the reads of one run and posts their results."""

    def __init__(
        self,
        session: Session,
        *,
        target: Target,
        base_hash: str,
        redactor: Redactor,
        clock: Callable[[], Instant],
        post: Callable[[FreshRead | Evidence], None],
        since: float | None = None,
    ) -> None:
        self._session = session
        self._target = target
        self._base_hash = base_hash
        self._redactor = redactor
        self._clock = clock
        self._post = post
        self._since = since

    def begin_fresh_read(self) -> None:
        """Begin to read every watched kind from the API server, in a thread; the result is posted as a `FreshRead`."""
        asked = self._clock()
        self._in_background(self._fresh_read, lambda defect: FreshRead(ReadFailed("", name_of(defect)), asked))

    def begin_collect(self, ask: CollectEvidence, world: World) -> None:
        """Begin to read one piece of evidence, in a thread; `world` holds the uid of what it is about."""
        missed = partial(Evidence, ask.kind, ask.about, ask.container)
        self._in_background(lambda: self._answer(ask, world), lambda defect: missed(missed=name_of(defect)))

    def _in_background(self, work: Callable[[], _Read], otherwise: Callable[[Exception], _Read]) -> None:
        """Post the result of a read; whatever goes wrong in it, even in beginning it, is a read that failed."""
        thread = Thread(target=lambda: self._post(attempt(work, otherwise)), daemon=True, name="reads")
        attempt(thread.start, lambda defect: self._post(otherwise(defect)))

    def _fresh_read(self) -> FreshRead:
        asked = self._clock()
        lists = read_all_fresh(self._session, self._target, lambda: asked.mono)
        if isinstance(lists, ReadFailed):
            return FreshRead(lists, asked)
        world = World()
        for listed in lists:
            world = world.after(listed)
        return FreshRead(world, asked)

    def _answer(self, ask: CollectEvidence, world: World) -> Evidence:
        result = self._read(ask, world)
        if isinstance(result, ReadFailed):
            return Evidence(ask.kind, ask.about, ask.container, missed=self._redactor.words(result.reason))
        return Evidence(ask.kind, ask.about, ask.container, text=result)

    def _read(self, ask: CollectEvidence, world: World) -> str | ReadFailed:
        """Read the piece, and return it redacted, whole."""
        namespace = self._target.namespace
        match ask.kind:
            case EvidenceKind.READYZ:
                return self._body(reading.readyz(self._session, namespace, ask.about, ask.port, ask.path))
            case EvidenceKind.EVENTS:
                return self._events(ask, world)
            case _:
                previous = ask.kind is EvidenceKind.PREVIOUS_LOG
                log = reading.logs(self._session, namespace, ask.about, ask.container, previous=previous)
                return log if isinstance(log, ReadFailed) else self._redactor.whole(log)

    def _body(self, answer: reading.ProbeAnswer | ReadFailed) -> str | ReadFailed:
        return answer if isinstance(answer, ReadFailed) else f"{answer.status}\n{self._redactor.whole(answer.body)}"

    def _events(self, ask: CollectEvidence, world: World) -> str | ReadFailed:
        metas, since = self._subjects(world, ask.about), self._written_at(world)
        event_lists = [reading.events(self._session, self._target.namespace, meta.uid) for meta in metas]
        troubles = [events for events in event_lists if isinstance(events, ReadFailed)]
        if troubles:
            return troubles[0]
        heard = (event for events in event_lists if not isinstance(events, ReadFailed) for event in events)
        return "\n".join(self._line(event) for event in heard if event.last >= since)

    def _line(self, event: EventView) -> str:
        times = f" (x{event.count})" if event.count > 1 else ""
        return f"{event.type} {event.reason}{times}: {self._redactor.whole(event.message)}"

    def _written_at(self, world: World) -> float:
        """Return when we last wrote the Rollout, by the server's clock, which is that of its Events too.

        For a resumed run, return when its marks say that it began: it has written again since.
        """
        if self._since is not None:
            return self._since
        view = world.objects.get(Resource.ROLLOUT, {}).get(self._target.rollout)
        managers = view.meta.managers if view is not None else ()
        return max((manager.at for manager in managers if manager.name == FIELD_MANAGER), default=0.0)

    def _subjects(self, world: World, about: str) -> tuple[Meta, ...]:
        """Return the pod of that name; for `rollout`, the Rollout and its ReplicaSets except the stable one."""
        if about != "rollout":
            return tuple(view.meta for name, view in world.objects.get(Resource.POD, {}).items() if name == about)
        rollouts = world.objects.get(Resource.ROLLOUT, {}).items()
        ours = [view.meta for name, view in rollouts if name == self._target.rollout]
        owned = (replicaset for meta in ours for replicaset in world.replicasets(meta.uid))
        return (*ours, *(replicaset.meta for replicaset in owned if replicaset.pod_hash != self._base_hash))
