"""The state that a run knows of the cluster from watch events.

Pure: the adapter (`adapters.kube.watch`) turns its stream into `WatchEvent`s; `World.after` applies them.
"""

from collections.abc import Mapping
from dataclasses import field, replace
from types import MappingProxyType
from typing import Final

from cutover.core.base.cluster_text import Words
from cutover.core.base.frozen import frozen
from cutover.core.base.resources import Resource
from cutover.core.objects.analysisrun import AnalysisRunView
from cutover.core.objects.pod import PodView
from cutover.core.objects.read_results import NotFound, NotSeen
from cutover.core.objects.replicaset import ReplicaSetView
from cutover.core.objects.rollout import RolloutView
from cutover.core.objects.service import EndpointSliceView

View = RolloutView | ReplicaSetView | PodView | EndpointSliceView | AnalysisRunView


@frozen
class Synced:
    """A full list of a kind in the namespace; it replaces what was known of the kind."""

    kind: Resource
    views: tuple[View, ...]
    at: float


@frozen
class Upserted:
    """An object as it is after it was added or modified; it replaces the one of that name."""

    kind: Resource
    view: View
    at: float


@frozen
class Deleted:
    """An object is gone; `uid` tells it from one that was created anew under the same name."""

    kind: Resource
    name: str
    uid: str
    at: float


@frozen
class StreamAlive:
    """The stream of a kind works: what was known of the kind is still true at `at`."""

    kind: Resource
    at: float


@frozen
class StreamLost:
    """The stream of a kind broke and is being reopened; what is known of the kind ages from now on."""

    kind: Resource
    reason: Words
    at: float


WatchEvent = Synced | Upserted | Deleted | StreamAlive | StreamLost
"""One event of the watch; `at` is monotonic local time in seconds, as everywhere in a world."""

_NOTHING: Final[Mapping[str, View]] = MappingProxyType({})


@frozen
class World:
    """All that is known of one namespace, by kind and name.

    `seen[kind]` is the monotonic time at which what is known of the kind was last known to be true. A kind that is not
    in it has never been listed: its objects are "not yet seen", not absent.
    """

    objects: Mapping[Resource, Mapping[str, View]] = field(default_factory=dict)
    seen: Mapping[Resource, float] = field(default_factory=dict)
    trouble: Mapping[Resource, Words] = field(default_factory=dict)

    def after(self, event: WatchEvent) -> "World":
        """Return the world after an event; after a `StreamLost`, the objects stay and only their trouble is noted."""
        match event:
            case Synced(kind, views, at):
                return self._known(kind, {view.meta.name: view for view in views}, at)
            case Upserted(kind, view, at):
                return self._known(kind, {**self._of(kind), view.meta.name: view}, at)
            case Deleted(kind, name, uid, at):
                left = {key: view for key, view in self._of(kind).items() if (key, view.meta.uid) != (name, uid)}
                return self._known(kind, left, at)
            case StreamAlive(kind, at):
                return self._known(kind, self._of(kind), at) if kind in self.seen else self
            case StreamLost(kind, reason, _):
                return replace(self, trouble={**self.trouble, kind: reason})

    def rollout(self, name: str) -> RolloutView | NotFound | NotSeen:
        """Return the Rollout of that name, `NotFound` if it is known not to exist, or `NotSeen` if nothing is known."""
        view = self._of(Resource.ROLLOUT).get(name)
        if isinstance(view, RolloutView):
            return view
        return NotFound(f"rollout/{name}") if Resource.ROLLOUT in self.seen else NotSeen()

    def replicasets(self, owner_uid: str) -> tuple[ReplicaSetView, ...]:
        """Return the ReplicaSets whose controller has that uid."""
        views = (view for view in self._of(Resource.REPLICASET).values() if view.meta.owner_uid == owner_uid)
        return tuple(view for view in views if isinstance(view, ReplicaSetView))

    def pods(self, replicaset_uid: str) -> tuple[PodView, ...]:
        """Return the pods whose controller has that uid, sorted by name."""
        views = (view for view in self._of(Resource.POD).values() if view.meta.owner_uid == replicaset_uid)
        return tuple(sorted((view for view in views if isinstance(view, PodView)), key=lambda pod: pod.meta.name))

    def endpointslices(self) -> tuple[EndpointSliceView, ...]:
        """Return every known EndpointSlice of the namespace, also those of other applications."""
        return tuple(view for view in self._of(Resource.ENDPOINTSLICE).values() if isinstance(view, EndpointSliceView))

    def analysisruns(self, owner_uid: str) -> tuple[AnalysisRunView, ...]:
        """Return the AnalysisRuns whose controller has that uid."""
        views = (view for view in self._of(Resource.ANALYSISRUN).values() if view.meta.owner_uid == owner_uid)
        return tuple(view for view in views if isinstance(view, AnalysisRunView))

    def age(self, kind: Resource, now: float) -> float:
        """Return the seconds since the kind's objects were last known to be up to date; infinite if they never were."""
        return now - self.seen[kind] if kind in self.seen else float("inf")

    def _of(self, kind: Resource) -> Mapping[str, View]:
        return self.objects.get(kind, _NOTHING)

    def _known(self, kind: Resource, views: Mapping[str, View], at: float) -> "World":
        trouble = {other: reason for other, reason in self.trouble.items() if other != kind}
        return World({**self.objects, kind: views}, {**self.seen, kind: at}, trouble)
